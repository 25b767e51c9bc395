//! Blocks as Markdown (GitHub's, a superset of CommonMark).

use super::{Align, Block, Check, Fact, Figure, Mark, Section, Signature, Span, Table, Text};
use crate::base::visible;

/// Plain words as Markdown that shows them as they are: nothing in them is markup, a link, an entity or HTML, also in a
/// cell of a table and at the beginning of a line.
pub fn escape(words: &str) -> String {
    let words = one_line(words);
    let mut out = String::with_capacity(words.len() + 8);
    let chars: Vec<char> = words.chars().collect();
    for (place, c) in chars.iter().enumerate() {
        let (before, after) = (place.checked_sub(1).and_then(|place| chars.get(place)), chars.get(place + 1));
        let numbered = place > 0 && chars[..place].iter().all(char::is_ascii_digit);
        let in_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        let escaped = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '$' => true,
            // Inside a word it is no stress.
            '_' => !(in_word(before) && in_word(after)),
            '&' => after.is_some_and(|c| c.is_ascii_alphanumeric() || *c == '#'),
            // `https://` and `www.` become links by themselves.
            ':' => place == 0 || after == Some(&'/'),
            '.' => {
                let www = place >= 3 && chars[place - 3..place].iter().all(|c| c.eq_ignore_ascii_case(&'w'));
                www || numbered && after.is_none_or(|c| *c == ' ')
            }
            '#' | '+' | '-' | '=' | '!' if place == 0 => true,
            ')' => numbered,
            _ => false,
        };
        if escaped {
            out.push('\\');
        }
        out.push(*c);
    }
    out
}

/// Text as code. In a cell of a table `|` is escaped as well.
pub fn code(code: &str) -> String {
    code_in(code, false)
}

fn code_in(code: &str, cell: bool) -> String {
    let code = one_line(code);
    if code.is_empty() {
        return String::new();
    }
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = |edge: Option<char>| matches!(edge, Some('`' | ' '));
    let pad = if blank(code.chars().next()) || blank(code.chars().last()) { " " } else { "" };
    let code = if cell { code.replace('|', "\\|") } else { code };
    format!("{fence}{pad}{code}{pad}{fence}")
}

/// On one line, with everything seen.
fn one_line(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// A link to an anchor of the page.
pub(super) fn link(text: &str, to: &str) -> String {
    format!("[{}](#{to})", escape(text))
}

/// Text as Markdown.
pub(super) fn text(text: &Text) -> String {
    text_in(text, false)
}

fn text_in(text: &Text, cell: bool) -> String {
    let mut out = String::new();
    for span in &text.spans {
        match span {
            Span::Plain(words) => out.push_str(&plain(words, out.is_empty() && !cell)),
            Span::Code(code) => out.push_str(&code_in(code, cell)),
            Span::Strong(words) => out.push_str(&marked(words, "**")),
            Span::Quiet(words) => out.push_str(&marked(words, "*")),
            Span::Link { text, to } => out.push_str(&link(text, to)),
            Span::Break if cell => out.push_str("<br>"),
            Span::Break => out.push_str("\\\n"),
        }
    }
    out
}

/// Plain words with the blanks at their edges; only what opens a line needs the escapes of one.
fn plain(words: &str, opens: bool) -> String {
    let start = if words.starts_with(char::is_whitespace) { " " } else { "" };
    let end = if words.ends_with(char::is_whitespace) && !words.trim().is_empty() { " " } else { "" };
    let middle = escape(words);
    // Behind other words a dash, a number with a point and their like mean nothing.
    let needless = !opens && middle.starts_with('\\') && middle[1..].starts_with(['-', '+', '=', ':', '#']);
    let middle = if needless { &middle[1..] } else { &middle };
    let start = if opens { "" } else { start };
    format!("{start}{middle}{end}")
}

/// Markdown that is stressed; blanks at its edges would end that.
fn stressed(markdown: &str) -> String {
    match markdown.trim() {
        "" => String::new(),
        markdown => format!("**{markdown}**"),
    }
}

fn marked(words: &str, mark: &str) -> String {
    let words = escape(words);
    if words.is_empty() { words } else { format!("{mark}{words}{mark}") }
}

/// Blocks as Markdown. The headings of sections begin at this level.
pub fn blocks(blocks: &[Block], level: u8) -> String {
    blocks.iter().map(|block| self::block(block, level)).collect()
}

fn block(block: &Block, level: u8) -> String {
    match block {
        Block::Section(section) => self::section(section, level),
        Block::Paragraph(words) => format!("{}\n\n", text(words)),
        Block::Note(mark, words) => format!("> {} {}\n\n", sign(*mark), text(words).replace('\n', "\n> ")),
        Block::Items { ordered, items } => {
            let lines = items.iter().enumerate().map(|(place, item)| match ordered {
                true => format!("{}. {}\n", place + 1, text(item).replace('\n', "\n   ")),
                false => format!("- {}\n", text(item).replace('\n', "\n  ")),
            });
            format!("{}\n", lines.collect::<String>())
        }
        Block::Checks(checks) => format!("{}\n", checks.iter().map(check).collect::<String>()),
        Block::Table(table) => self::table(table),
        Block::Facts(facts) => format!("{}\n", facts.iter().map(fact).collect::<String>()),
        Block::Code(code) => fenced(code),
        Block::Fold { summary, blocks } => {
            // In HTML, Markdown's own marks mean nothing: the line is plain there.
            let summary = maud::html! { (visible(&summary.plain())) }.into_string();
            format!("<details>\n<summary>{summary}</summary>\n\n{}</details>\n\n", self::blocks(blocks, level))
        }
        Block::Figure(figure) => self::figure(figure, level),
        Block::Signatures(signatures) => self::signatures(signatures),
    }
}

fn section(section: &Section, level: u8) -> String {
    let hashes = "#".repeat(usize::from(level.clamp(1, 6)));
    let name = section.name.as_ref().map_or_else(String::new, |name| format!(" {}", code(name)));
    let title = text(&section.title);
    format!("{}\n{hashes} {title}{name}\n\n{}", at(&section.anchor), blocks(&section.blocks, level + 1))
}

/// An anchor of our own: those that Markdown makes of headings differ from place to place.
fn at(anchor: &str) -> String {
    format!("<a id=\"{anchor}\"></a>")
}

fn sign(mark: Mark) -> &'static str {
    match mark {
        Mark::Yes => "✅",
        Mark::No => "❌",
        Mark::Unknown => "❔",
        Mark::Warning => "⚠️",
        Mark::Info => "ℹ️",
        Mark::Open | Mark::None => "–",
        Mark::Bare => "",
    }
}

fn check(check: &Check) -> String {
    let anchor = check.anchor.as_deref().map(at).unwrap_or_default();
    let mark = match check.mark {
        Mark::Open => "[ ]".to_owned(),
        Mark::Yes => "[x]".to_owned(),
        other => sign(other).to_owned(),
    };
    let mark = if mark.is_empty() { mark } else { format!("{mark} ") };
    let mut out = format!("- {mark}{anchor}{}", stressed(&text(&check.label)));
    if !check.words.is_empty() {
        out.push_str(&format!(": {}", text(&check.words).replace('\n', "\n  ")));
    }
    if let Some(source) = &check.source {
        out.push_str(&format!("\\\n  {}", code(source)));
    }
    out.push('\n');
    out
}

fn table(table: &Table) -> String {
    let mut out = String::new();
    if let Some(caption) = &table.caption {
        out.push_str(&format!("*{}*\n\n", escape(caption)));
    }
    let heads: Vec<String> = table.columns.iter().map(|column| escape(column)).collect();
    out.push_str(&format!("| {} |\n", heads.join(" | ")));
    let rules: Vec<&str> = table
        .align
        .iter()
        .map(|align| match align {
            Align::Left => "---",
            Align::Right => "---:",
            Align::Center => ":---:",
        })
        .collect();
    out.push_str(&format!("| {} |\n", rules.join(" | ")));
    for row in &table.rows {
        let mut cells: Vec<String> = row.cells.iter().map(|cell| text_in(cell, true)).collect();
        if let Some(first) = cells.first_mut() {
            if (table.row_heads || row.heavy) && !first.is_empty() {
                // The first line alone: what stands below it is a name.
                let (head, rest) = first.split_at(first.find("<br>").unwrap_or(first.len()));
                *first = format!("{}{rest}", stressed(head));
            }
            let depth = "&emsp;".repeat(row.depth);
            *first = format!("{}{depth}{first}", row.anchor.as_deref().map(at).unwrap_or_default());
        }
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out.push('\n');
    out
}

fn fact(fact: &Fact) -> String {
    let anchor = fact.anchor.as_deref().map(at).unwrap_or_default();
    format!("- {anchor}{}: {}\n", stressed(&text(&fact.name)), text(&fact.value).replace('\n', "\n  "))
}

fn fenced(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let lines: Vec<String> = code.lines().map(|line| visible(line).into_owned()).collect();
    format!("{fence}text\n{}\n{fence}\n\n", lines.join("\n"))
}

fn figure(figure: &Figure, level: u8) -> String {
    // The description says all that the caption does.
    if figure.instead.is_empty() {
        return format!("{}\n\n", escape(figure.chart.description()));
    }
    let mut out = blocks(&figure.instead, level);
    if let Some(caption) = &figure.caption {
        out.push_str(&format!("*{}*\n\n", text(caption)));
    }
    out
}

fn signatures(signatures: &[Signature]) -> String {
    let mut out = "| Who | Agreed on | Signature |\n| --- | --- | --- |\n".to_owned();
    for signature in signatures {
        let on = signature.on.as_deref().unwrap_or("\u{2009}");
        let line = if signature.on.is_some() { "" } else { "\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_" };
        out.push_str(&format!("| {} | {} | {line} |\n", escape(&signature.who), escape(on)));
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        assert_eq!(escape("<script>alert(1)</script>"), "\\<script\\>alert(1)\\</script\\>");
        assert_eq!(escape("](javascript:x)"), "\\](javascript:x)");
        assert_eq!(escape("a | b\n# c"), "a \\| b # c");
        assert_eq!(escape("- x"), "\\- x");
        assert_eq!(escape("12. May"), "12\\. May");
        assert_eq!(escape("in_us _x_ 3*4"), "in_us \\_x\\_ 3\\*4");
        assert_eq!(escape("https://x.example www.x.example"), "https\\://x.example www\\.x.example");
        assert_eq!(escape("AT&T &amp; R & D"), "AT\\&T \\&amp; R & D");
        assert_eq!(escape("\u{202e}\0"), "\\\\u{202e}\\\\u{0}");
    }

    #[test]
    fn code_is_fenced_as_long_as_it_needs() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("`a``"), "``` `a`` ```");
        assert_eq!(code_in("a | b", true), "`a \\| b`");
    }
}
