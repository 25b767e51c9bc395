//! Opening the files that a command is given.

use super::exit::Failure;
use super::progress::watched;
use super::terminal::Terminal;
use crate::base::visible;
use crate::data::stands_in_columns;
use std::borrow::Cow;
use std::fs::File;
use std::io::Read;

/// Opens a file; `-` is standard input. On a terminal it shows how far it has been read, when that takes long.
pub fn open(path: &str, terminal: &Terminal) -> Result<Box<dyn Read + Send>, Failure> {
    let (input, size): (Box<dyn Read + Send>, Option<u64>) = if path == "-" {
        (Box::new(std::io::stdin()), None)
    } else {
        let unreadable = |error| Failure::unreadable(path, &error);
        let file = File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        if about.is_dir() {
            return Err(Failure::new(format!("cannot read `{}`: it is a folder", visible(path))));
        }
        (Box::new(file), about.is_file().then_some(about.len()))
    };
    Ok(if terminal.errors_interactive { watched(input, size, &name(path)) } else { input })
}

/// Opens a file of Parquet or Arrow, which is read at several places; none when the input is anything else.
pub fn columns(path: &str) -> Result<Option<File>, Failure> {
    let unreadable = |error| Failure::unreadable(path, &error);
    if path == "-" || !std::fs::metadata(path).is_ok_and(|about| about.is_file()) {
        return Ok(None);
    }
    let mut file = File::open(path).map_err(unreadable)?;
    let named = path.to_ascii_lowercase().ends_with(".parquet");
    let columns = stands_in_columns(&mut file).map_err(unreadable)?;
    Ok((columns || named).then_some(file))
}

/// Whether a path is of a file that can be read again from its beginning.
pub fn is_file(path: &str) -> bool {
    path != "-" && std::fs::metadata(path).is_ok_and(|about| about.is_file() || about.is_dir())
}

/// A size in bytes: `500MB`, `2 GB`, `1.5GB`.
pub fn size(text: &str) -> Result<usize, String> {
    let text = text.trim();
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = text.get(digits.len()..).unwrap_or_default().to_ascii_uppercase();
    let unit = match unit.as_str() {
        "B" => 1.0,
        "KB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "TB" => 1e12,
        _ => return Err("write a size with its unit, such as `500MB` or `2GB`".to_owned()),
    };
    let plain = digits.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match digits.trim().parse::<f64>() {
        Ok(number) if plain && number > 0.0 => Ok((number * unit) as usize),
        _ => Err("write a size above zero, such as `500MB` or `2GB`".to_owned()),
    }
}

/// Standard input can be read once.
pub fn one_standard_input(paths: &[&str]) -> Result<(), Failure> {
    if paths.iter().filter(|path| **path == "-").count() > 1 {
        return Err(Failure::new("`-` stands more than once").help("standard input can be one file only"));
    }
    Ok(())
}

/// How people know an input.
pub fn name(path: &str) -> Cow<'_, str> {
    if path == "-" { "standard input".into() } else { visible(path) }
}
