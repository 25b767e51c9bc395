//! How far reading has come: a bar on standard error, for input that takes a while.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Read;
use std::time::{Duration, Instant};

/// What is over in this time shows no bar.
const PATIENCE: Duration = Duration::from_millis(700);

/// Input that shows how far it has been read, when that takes long. `total` is its size in bytes, where it is known.
pub fn watched(input: Box<dyn Read + Send>, total: Option<u64>, name: &str) -> Box<dyn Read + Send> {
    Box::new(Watched { input, name: name.to_owned(), total, read: 0, started: Instant::now(), bar: None })
}

struct Watched {
    input: Box<dyn Read + Send>,
    name: String,
    total: Option<u64>,
    read: u64,
    started: Instant,
    bar: Option<ProgressBar>,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.read += count as u64;
        if count == 0 {
            self.clear();
        } else if self.bar.is_some() || self.started.elapsed() > PATIENCE {
            self.show();
        }
        Ok(count)
    }
}

impl Watched {
    fn show(&mut self) {
        let bar = self.bar.get_or_insert_with(|| {
            let (bar, template) = match self.total {
                Some(total) => (ProgressBar::new(total), "{prefix} {wide_bar} {bytes} of {total_bytes}, {eta} left"),
                None => (ProgressBar::no_length(), "{prefix} {spinner} {bytes}, {elapsed}"),
            };
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.with_style(style).with_prefix(self.name.clone()).with_elapsed(self.started.elapsed())
        });
        bar.set_position(self.read);
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.clear();
    }
}
