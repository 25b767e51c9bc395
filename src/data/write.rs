//! Files written whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that is being written. What was written is there under its name only after [`Output::finish`]; until then,
/// and after an error, the file is as it was before. `-` is standard output; it, devices and pipes are written to
/// directly.
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
        let (file, target): (Box<dyn Write + Send>, _) = match Target::of(path) {
            Target::StandardOutput => (Box::new(std::io::stdout()), None),
            Target::StandardError => (Box::new(std::io::stderr()), None),
            // Behind what is open already there may be a file: what it holds stays.
            Target::Open(name) => (Box::new(File::options().append(true).open(name)?), None),
            Target::Stream(name) => (Box::new(File::options().write(true).open(name)?), None),
            Target::File(name) => {
                let (file, temporary) = temporary(path, &name)?;
                (Box::new(file), Some((temporary, name)))
            }
        };
        let plain = BufWriter::with_capacity(BUFFER, file);
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

    /// Writes a text whole.
    pub fn whole(path: &str, text: &str) -> std::io::Result<()> {
        let mut output = Output::create(path)?;
        output.write_all(text.as_bytes())?;
        output.finish()
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

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    StandardOutput,
    StandardError,
    /// Something that the process has open, by its number: `/dev/fd/3`.
    Open(PathBuf),
    /// A pipe or a device.
    Stream(PathBuf),
    /// A file, a folder, or nothing yet.
    File(PathBuf),
}

impl Target {
    fn of(path: &str) -> Target {
        if path == "-" {
            return Target::StandardOutput;
        }
        // Links are followed one by one: those of /proc end at a file that must not be replaced.
        let mut name = PathBuf::from(path);
        for _ in 0..40 {
            let folder = name.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let (Ok(folder), Some(own)) = (std::fs::canonicalize(folder), name.file_name()) else { break };
            if folder.starts_with("/proc") || folder.starts_with("/dev/fd") {
                return match own.to_str() {
                    Some("1") => Target::StandardOutput,
                    Some("2") => Target::StandardError,
                    _ => Target::Open(folder.join(own)),
                };
            }
            let place = folder.join(own);
            match std::fs::read_link(&place) {
                Ok(next) => name = folder.join(next),
                Err(_) => {
                    name = place;
                    break;
                }
            }
        }
        match std::fs::metadata(&name) {
            Ok(known) if !known.is_file() && !known.is_dir() => Target::Stream(name),
            _ => Target::File(name),
        }
    }
}

/// Whether what is written under a path goes to a pipe, a device or what is open already, not to a file of that name.
pub fn is_stream(path: &str) -> bool {
    !matches!(Target::of(path), Target::File(_))
}

/// Whether two paths are one file, written to or read, or both standard output. Devices and pipes may be named more
/// than once.
pub fn same_file(one: &str, other: &str) -> bool {
    match (Target::of(one), Target::of(other)) {
        (Target::StandardOutput, Target::StandardOutput) => true,
        (Target::File(one), Target::File(other)) => one == other || same_inode(&one, &other),
        _ => false,
    }
}

#[cfg(unix)]
fn same_inode(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (std::fs::metadata(one), std::fs::metadata(other)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn same_inode(_: &Path, _: &Path) -> bool {
    false
}

/// A new file beside the one that it is to replace.
fn temporary(path: &str, name: &Path) -> std::io::Result<(File, tempfile::TempPath)> {
    let known = std::fs::metadata(name).ok();
    if known.as_ref().is_some_and(std::fs::Metadata::is_dir) {
        return Err(std::io::Error::new(std::io::ErrorKind::IsADirectory, format!("`{path}` is a folder")));
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
    Ok((file, temporary))
}

/// The bytes for which a cell is put into quotes. The semicolon parts cells in some spreadsheets.
static NEEDS_CARE: [bool; 256] = {
    let mut care = [false; 256];
    care[b',' as usize] = true;
    care[b'"' as usize] = true;
    care[b'\r' as usize] = true;
    care[b'\n' as usize] = true;
    care[b';' as usize] = true;
    care
};

/// Text from data as a CSV cell: quoted where RFC 4180 needs it, and never a formula. Spreadsheets run what begins
/// with `=`, `+`, `-`, `@`, a tab or a carriage return; such text gets a `'` before it and quotes around it (OWASP, CSV
/// injection). Numbers that the program writes itself do not go through here.
pub fn cell(text: &str, out: &mut String) {
    let formula = matches!(text.as_bytes().first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'));
    if !formula && !text.bytes().any(|byte| NEEDS_CARE[usize::from(byte)]) {
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
