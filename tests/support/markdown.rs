//! Fenced blocks of Markdown files.

/// A fenced block.
#[derive(Debug, Clone)]
pub struct Block {
    /// What stands behind the opening fence: `console`, `qual`, `qual error`.
    pub info: String,
    /// Its lines.
    pub text: String,
    /// The line of its first line of text, from 1.
    pub line: usize,
}

/// All fenced blocks of a text.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (place, line) in markdown.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Block { info: info.trim().to_owned(), text: String::new(), line: place + 2 });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is never closed");
    blocks
}
