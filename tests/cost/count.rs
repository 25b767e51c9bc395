//! Counting the instructions of a process, by valgrind.

use crate::package;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// Valgrind is on this machine; Debian's package when it is missing.
pub fn valgrind() {
    let there = || package::on_path("valgrind");
    let lock = crate::root().join("target/valgrind.lock");
    package::install(&lock, &there, "valgrind", "valgrind, which counts instructions,")
        .unwrap_or_else(|missing| panic!("{missing}"));
}

/// The program without its symbols, which valgrind would read first; the program itself where nothing can take them out.
pub fn stripped(program: &Path, folder: &Path) -> PathBuf {
    let out = folder.join("qualify");
    let stripped =
        Command::new("strip").arg("-o").arg(&out).arg(program).stdin(Stdio::null()).stderr(Stdio::null()).status();
    if stripped.is_ok_and(|status| status.success()) { out } else { program.to_owned() }
}

/// The compiler that built a program, as the program itself says.
pub fn compiler(program: &Path) -> String {
    const MARK: &[u8] = b"rustc version ";
    let bytes = std::fs::read(program).expect("the program");
    // Its section is behind the code; each text there ends with a zero.
    let found = memchr::memmem::rfind(&bytes, MARK).expect("a program of rustc names it");
    let rest = &bytes[found + MARK.len()..];
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(0);
    format!("rustc {}", String::from_utf8_lossy(&rest[..end]))
}

/// What libraries choose their code by when they run.
pub fn machine() -> String {
    #[cfg(target_arch = "x86_64")]
    let wide = if std::arch::is_x86_feature_detected!("avx2") { " with AVX2" } else { " without AVX2" };
    #[cfg(not(target_arch = "x86_64"))]
    let wide = "";
    format!("{}{wide}", std::env::consts::ARCH)
}

/// The instructions of each command, all cores at work.
pub fn all(jobs: &[(&str, PathBuf, &[&str])], folder: &Path) -> BTreeMap<String, u64> {
    let (queue, done) = (Mutex::new(jobs.iter()), Mutex::new(BTreeMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, |cores| cores.get()) {
            scope.spawn(|| {
                loop {
                    let job = queue.lock().expect("the queue").next();
                    let Some((name, program, args)) = job else { return };
                    let count = instructions(program, args, folder);
                    done.lock().expect("what is done").insert((*name).to_owned(), count);
                }
            });
        }
    });
    done.into_inner().expect("what is done")
}

/// The instructions of one process and its threads. It sees no environment, for that is on its stack.
fn instructions(program: &Path, args: &[&str], folder: &Path) -> u64 {
    let mut command = Command::new("valgrind");
    command.args(["--tool=exp-bbv", "--instr-count-only=yes", "--bb-out-file=/dev/null"]).arg(program).args(args);
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let ran = command.stdin(Stdio::null()).output().unwrap_or_else(|problem| panic!("valgrind: {problem}"));
    let said = String::from_utf8_lossy(&ran.stderr);
    // Lint ends with 1 when it found something.
    assert!(matches!(ran.status.code(), Some(0 | 1)), "{args:?} ended with {}\n{said}", ran.status);
    let count = said.lines().filter_map(|line| line.split_once("Total instructions: ")).map(|(_, count)| count.trim());
    let count: u64 = count.map(|count| count.parse::<u64>().expect("a count")).sum();
    assert!(count > 1_000_000, "{args:?}: valgrind counted {count} instructions\n{said}");
    count
}
