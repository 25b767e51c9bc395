//! Text operators, by plain recursion over characters.

/// Outer white space of the language.
pub fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{a0}')
}

/// Without outer white space.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_white)
}

/// Simple (one to one) lower case, and ς as σ.
pub fn fold_char(c: char) -> char {
    match c {
        'İ' => 'i',
        'ς' => 'σ',
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

/// The characters that operators compare: without outer white space, case folded.
pub fn folded(text: &str) -> Vec<char> {
    trim(text).chars().map(fold_char).collect()
}

/// `is`
pub fn same(a: &str, b: &str) -> bool {
    folded(a) == folded(b)
}

/// `like`
pub fn like(text: &str, pattern: &str) -> bool {
    fn go(text: &[char], pattern: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => {
                // Two stars in a row are one; then the run may end anywhere.
                if rest.first() == Some(&'*') {
                    return go(text, rest);
                }
                (0..=text.len()).any(|skip| go(&text[skip..], rest))
            }
            Some(('?', rest)) => !text.is_empty() && go(&text[1..], rest),
            Some((c, rest)) => text.first() == Some(c) && go(&text[1..], rest),
        }
    }
    go(&folded(text), &folded(pattern))
}

/// Whether a character parts words for `mentions`.
fn is_separator(c: char) -> bool {
    match c as u32 {
        0..=0x7f => !c.is_ascii_alphanumeric(),
        0x80..=0xbf | 0x2000..=0x206f | 0x3000..=0x303f => true,
        _ => false,
    }
}

/// The words of a text, case folded.
pub fn words(text: &str) -> Vec<String> {
    text.split(is_separator).filter(|word| !word.is_empty()).map(|word| word.chars().map(fold_char).collect()).collect()
}

/// `mentions`: the pattern's words stand in the text in a row.
pub fn mentions(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (words(text), words(pattern));
    !pattern.is_empty() && text.windows(pattern.len()).any(|run| run == pattern)
}

/// `contains`
pub fn contains(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (folded(text), folded(pattern));
    (0..=text.len()).any(|at| text[at..].starts_with(&pattern))
}

/// `starts with`
pub fn starts_with(text: &str, pattern: &str) -> bool {
    folded(text).starts_with(&folded(pattern))
}

/// `ends with`
pub fn ends_with(text: &str, pattern: &str) -> bool {
    folded(text).ends_with(&folded(pattern))
}

/// `domain(x)`
pub fn domain(text: &str) -> Option<String> {
    let text = trim(text);
    let host = if let Some((_, rest)) = text.split_once("://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
        let host = authority.rsplit('@').next().unwrap_or("");
        host.split(':').next().unwrap_or("")
    } else if let Some((_, rest)) = text.rsplit_once('@') {
        rest.strip_suffix('>').unwrap_or(rest)
    } else {
        text.split(['/', '?', '#', ':']).next().unwrap_or("")
    };
    let lower: String = host.chars().map(lower_char).collect();
    let lower = lower.strip_prefix("www.").unwrap_or(&lower);
    let lower = lower.strip_suffix('.').unwrap_or(lower);
    lower.contains('.').then(|| lower.to_string())
}

fn lower_char(c: char) -> char {
    if c == 'İ' { 'i' } else { c.to_lowercase().next().unwrap_or(c) }
}

/// How people read a name that has no label: `in_us` is "In us".
pub fn readable(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut chars = spaced.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => spaced,
    }
}
