//! Files written whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that is being written. What was written is there under its name only after [`Output::finish`]; until then,
/// and after an error, the file is as it was before. `-` is standard output.
pub struct Output {
    sink: Sink,
    /// The temporary file, and the name that it is to get.
    target: Option<(tempfile::TempPath, PathBuf)>,
}

enum Sink {
    Plain(BufWriter<Box<dyn Write + Send>>),
    Gzip(flate2::write::GzEncoder<BufWriter<Box<dyn Write + Send>>>),
    Zstd(zstd::stream::write::Encoder<'static, BufWriter<Box<dyn Write + Send>>>),
}

const BUFFER: usize = 1 << 18;

impl Output {
    /// Begins a file; its ending `.gz` or `.zst` says how it is compressed.
    pub fn create(path: &str) -> std::io::Result<Output> {
        if path == "-" {
            let sink = Sink::Plain(BufWriter::with_capacity(BUFFER, Box::new(std::io::stdout())));
            return Ok(Output { sink, target: None });
        }
        let (file, target) = temporary(path)?;
        let plain = BufWriter::with_capacity(BUFFER, Box::new(file) as Box<dyn Write + Send>);
        let lower = path.to_ascii_lowercase();
        let sink = if lower.ends_with(".gz") {
            Sink::Gzip(flate2::write::GzEncoder::new(plain, flate2::Compression::default()))
        } else if lower.ends_with(".zst") {
            let mut encoder = zstd::stream::write::Encoder::new(plain, 0)?;
            encoder.include_checksum(true)?;
            Sink::Zstd(encoder)
        } else {
            Sink::Plain(plain)
        };
        Ok(Output { sink, target })
    }

    /// Ends the file and gives it its name.
    pub fn finish(self) -> std::io::Result<()> {
        let mut plain = match self.sink {
            Sink::Plain(plain) => plain,
            Sink::Gzip(packed) => packed.finish()?,
            Sink::Zstd(packed) => packed.finish()?,
        };
        plain.flush()?;
        if let Some((temporary, name)) = self.target {
            temporary.persist(&name).map_err(|error| error.error)?;
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match &mut self.sink {
            Sink::Plain(sink) => sink.write(bytes),
            Sink::Gzip(sink) => sink.write(bytes),
            Sink::Zstd(sink) => sink.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match &mut self.sink {
            Sink::Plain(sink) => sink.flush(),
            Sink::Gzip(sink) => sink.flush(),
            Sink::Zstd(sink) => sink.flush(),
        }
    }
}

/// A new file beside the one that it is to replace. A pipe or a device is written to as it is.
fn temporary(path: &str) -> std::io::Result<(File, Option<(tempfile::TempPath, PathBuf)>)> {
    // Behind a link stands the file to replace, not the link.
    let name = std::fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
    let known = std::fs::metadata(&name).ok();
    if known.as_ref().is_some_and(std::fs::Metadata::is_dir) {
        return Err(std::io::Error::new(std::io::ErrorKind::IsADirectory, format!("`{path}` is a folder")));
    }
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        return Ok((File::options().write(true).open(&name)?, None));
    }
    let folder = match name.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".qualify-");
    // As any new file's, which the umask takes from; a temporary one would be its owner's alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let (file, temporary) = builder.tempfile_in(folder)?.into_parts();
    if let Some(known) = known {
        file.set_permissions(known.permissions())?;
    }
    Ok((file, Some((temporary, name))))
}

/// Text from data as a CSV cell: quoted where RFC 4180 needs it, and never a formula. Spreadsheets run what begins
/// with `=`, `+`, `-`, `@`, a tab or a carriage return; such text gets a `'` before it and quotes around it (OWASP, CSV
/// injection). Numbers that the program writes itself do not go through here.
pub fn cell(text: &str, out: &mut String) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !formula && !text.contains([',', '"', '\r', '\n', ';']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    for (place, part) in text.split('"').enumerate() {
        if place > 0 {
            out.push_str("\"\"");
        }
        out.push_str(part);
    }
    out.push('"');
}
