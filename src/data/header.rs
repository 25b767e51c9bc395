//! The header of a table: its delimiter, and which of its columns are read.

use super::batch::Column;
use super::shape::Shape;
use super::{ReadError, Warning};
use crate::diagnostic::did_you_mean;
use crate::model::text;

/// The columns to read, by their place, and what each is. `needed` ones have to be there, others are warned of.
pub(super) fn columns(
    header: &[String],
    shape: &Shape,
    needed: &[&str],
    warnings: &mut Vec<Warning>,
) -> Result<Vec<(usize, Column)>, ReadError> {
    let mut found = Vec::new();
    let wanted = shape.columns.iter().map(|(name, slot)| (name, Column::Slot(*slot)));
    for (name, column) in wanted.chain(shape.list_column.iter().map(|name| (name, Column::List))) {
        let mut places = header.iter().enumerate().filter(|(_, known)| text::trim(name) == *known);
        let Some((place, _)) = places.next() else {
            let message = format!("there is no column `{name}`");
            let help = did_you_mean(name, header.iter().map(String::as_str));
            if needed.contains(&name.as_str()) {
                let columns = || format!("the columns are {}", listed(header.iter().map(String::as_str)));
                return Err(ReadError::new(message).help(help.unwrap_or_else(columns)));
            }
            if matches!(column, Column::Slot(_)) {
                warnings.push(Warning { message, help });
            }
            continue;
        };
        if let Some((second, _)) = places.next() {
            let message = format!("two columns are called `{name}`: number {} and {}", place + 1, second + 1);
            return Err(ReadError::new(message).help("give one of them another name"));
        }
        found.push((place, column));
    }
    // In the order of the file, so that cells are copied in their order.
    found.sort_by_key(|(place, _)| *place);
    Ok(found)
}

/// The delimiter: the header line's comma, else its semicolon or tab, outside quotes.
pub(super) fn delimiter(head: &[u8]) -> u8 {
    let start = head.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(0);
    let (mut quoted, mut counts) = (false, [0usize; 3]);
    for byte in head.get(start..).unwrap_or_default() {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            b',' if !quoted => counts[0] += 1,
            b';' if !quoted => counts[1] += 1,
            b'\t' if !quoted => counts[2] += 1,
            _ => {}
        }
    }
    match counts {
        [0, semicolons, tabs] if semicolons > 0 && semicolons >= tabs => b';',
        [0, _, tabs] if tabs > 0 => b'\t',
        _ => b',',
    }
}

/// The first names of columns.
pub(super) fn listed<'n>(mut names: impl Iterator<Item = &'n str>) -> String {
    let shown: Vec<String> = names.by_ref().take(12).map(|name| format!("`{name}`")).collect();
    let more = if names.next().is_some() { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
