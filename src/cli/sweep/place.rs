//! A number of a policy by where it stands: a line and a column.

use super::vary::number;
use crate::base::{FileId, Source, Span, visible};
use crate::cli::exit::Failure;
use crate::syntax::{Loaded, parse};

/// A number where it stands.
#[derive(Clone, Debug)]
pub struct Place {
    file: FileId,
    /// The bytes of the number, its sign included.
    start: usize,
    end: usize,
    /// Whether a sign stands before it: then one has to.
    signed: bool,
    /// Its line, for people.
    pub line: String,
}

impl Place {
    /// Reads `LINE:COLUMN` and `FILE:LINE:COLUMN`, counted from 1; none for another form. With the number that stands there,
    /// in millionths.
    pub fn parse(text: &str, loaded: &Loaded) -> Option<Result<(Place, i64), Failure>> {
        let (before, column) = text.rsplit_once(':')?;
        let (file, line) = before.rsplit_once(':').map_or((None, before), |(file, line)| (Some(file), line));
        let (line, column) = (line.parse::<usize>().ok()?, column.parse::<usize>().ok()?);
        Some(find(text, file, line, column, loaded))
    }

    /// The byte that it begins at, for putting several in order.
    fn key(&self) -> (u16, usize) {
        (self.file.0, self.start)
    }
}

fn find(text: &str, file: Option<&str>, line: usize, column: usize, loaded: &Loaded) -> Result<(Place, i64), Failure> {
    let files = loaded.sources.files();
    let named =
        |source: &&Source| file.is_none_or(|file| source.name == file || source.name.ends_with(&format!("/{file}")));
    let Some(source) = files.iter().find(named) else {
        return Err(Failure::new(format!("the policy has no file `{}`", visible(file.unwrap_or_default()))));
    };
    let at = files.iter().position(|other| std::ptr::eq(other, source)).unwrap_or(0);
    let none = |why: &str| {
        Err(Failure::new(format!("no number that can be varied stands at `{}`{why}", visible(text)))
            .help("give the line and the column of a number of the policy, counted from 1, as editors show them"))
    };
    let Some(written) = line.checked_sub(1).and_then(|line| source.text.split('\n').nth(line)) else {
        return none(": the file has no such line");
    };
    let Some((inside, _)) = column.checked_sub(1).and_then(|column| written.char_indices().nth(column)) else {
        return none(": the line has no such column");
    };
    let bytes = written.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'.'));
    let mut start = inside + usize::from(matches!(bytes[inside], b'+' | b'-'));
    let mut end = start;
    while start > 0 && digit(start - 1) {
        start -= 1;
    }
    while digit(end) {
        end += 1;
    }
    end += usize::from(matches!(bytes.get(end), Some(b'k' | b'M' | b'%')));
    let word = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let joined = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|byte| matches!(byte, b'-' | b':'));
    // A name with digits, a date, a time of day.
    if word(start.checked_sub(1)) || word(Some(end)) || joined(Some(end)) && word(Some(end + 1)) {
        return none("");
    }
    let signed = start.checked_sub(1).is_some_and(|at| matches!(bytes[at], b'+' | b'-'));
    let minus = signed && bytes[start - 1] == b'-';
    if signed && word(start.checked_sub(2)) || joined(start.checked_sub(1)) && !signed {
        return none("");
    }
    let Some(size) = written.get(start..end).map(|digits| digits.replace('_', "")).and_then(|digits| number(&digits))
    else {
        return none("");
    };
    let begins: usize = source.text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let place = Place {
        file: FileId(at as u16),
        start: begins + start - usize::from(signed),
        end: begins + end,
        signed,
        line: written.trim().chars().take(80).collect(),
    };
    // Text and comments hold numbers, too: one that says something changes what the declaration says, and nothing else.
    let quotes = written.as_bytes()[..start].iter().filter(|byte| **byte == b'"').count();
    let other = if size == 1_000_000 { 2_000_000 } else { 1_000_000 };
    let mut changed = loaded.clone();
    let says = quotes % 2 == 0 && put(&mut changed, loaded, &[(&place, other)]) && changed.files != loaded.files;
    if !says {
        return none("");
    }
    Ok((place, if minus { -size } else { size }))
}

/// Puts other numbers, in millionths, where some stand; false when that is no policy. The numbers must be those of
/// `original`.
pub fn put(loaded: &mut Loaded, original: &Loaded, places: &[(&Place, i64)]) -> bool {
    let mut places: Vec<&(&Place, i64)> = places.iter().collect();
    // The last first, so that what stands before keeps its place.
    places.sort_by_key(|(place, _)| std::cmp::Reverse(place.key()));
    let covers = |span: Span, place: &Place| {
        span.file == place.file && span.start as usize <= place.start && place.end <= span.end as usize
    };
    for (tree, file) in original.files.iter().enumerate() {
        for (item, declared) in file.items.iter().enumerate() {
            let here: Vec<&&(&Place, i64)> = places.iter().filter(|(place, _)| covers(declared.span, place)).collect();
            if here.is_empty() {
                continue;
            }
            let Some(source) = original.sources.get(declared.span.file) else { return false };
            let (from, to) = (declared.span.start as usize, declared.span.end as usize);
            let Some(mut text) = source.text.get(from..to).map(str::to_owned) else { return false };
            for (place, value) in here {
                let sign = if place.signed && *value >= 0 { "+" } else { "" };
                text.replace_range(
                    place.start - from..place.end - from,
                    &format!("{sign}{}", super::vary::Vary::written(*value)),
                );
            }
            let parsed = parse(&Source::new("", text), FileId(u16::MAX));
            let Ok([one]) = <[_; 1]>::try_from(parsed.file.items) else { return false };
            if !parsed.diagnostics.is_empty() {
                return false;
            }
            loaded.files[tree].items[item] = one;
        }
    }
    true
}
