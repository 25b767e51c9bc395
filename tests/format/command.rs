//! `qualify fmt`: what it prints, what it writes, how it ends.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const TIDY: &str = "policy \"Sample\"\n\nlead {\n  id   text key\n  name text\n}\n";
const UNTIDY: &str = "policy   \"Sample\"\n# kept\nlead { id text key\n name text }\n";
const BROKEN: &str = "policy \"Sample\"\nlead { id text key\n";

/// A folder with files in it.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("written");
    }
    folder
}

fn fmt(folder: &Path, args: &[&str]) -> (i32, String, String) {
    ended(command(folder, args).output().expect("the program"))
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qualify"));
    command.arg("fmt").args(args).current_dir(folder).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn ended(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("the file")
}

#[test]
fn check_names_what_is_not_formatted_and_writes_nothing() {
    let folder = folder(&[("a.qual", TIDY), ("b.qual", UNTIDY)]);
    let (code, out, said) = fmt(folder.path(), &["--check", "a.qual", "b.qual"]);
    assert_eq!((code, &*out), (1, "not formatted: b.qual\n"));
    assert_eq!(said, "1 file is not formatted; `qualify fmt` formats\n");
    assert_eq!(read(folder.path(), "b.qual"), UNTIDY);
    let (code, out, said) = fmt(folder.path(), &["--check", "a.qual"]);
    assert_eq!((code, &*out, &*said), (0, "", "1 file is formatted\n"));
}

#[test]
fn diff_shows_what_would_change_and_writes_nothing() {
    let folder = folder(&[("b.qual", UNTIDY)]);
    let (code, out, said) = fmt(folder.path(), &["--diff", "b.qual"]);
    assert_eq!(code, 1, "{said}");
    assert_eq!(
        out,
        "--- b.qual\n+++ b.qual\n@@ -1,4 +1,6 @@\n-policy   \"Sample\"\n+policy \"Sample\"\n # kept\n-lead { id text key\n- \
         name text }\n+lead {\n+  id   text key\n+  name text\n+}\n"
    );
    assert_eq!(read(folder.path(), "b.qual"), UNTIDY);
    // The diff is what `fmt` does.
    assert_eq!(fmt(folder.path(), &["b.qual"]).0, 0);
    assert_eq!(fmt(folder.path(), &["--diff", "b.qual"]), (0, String::new(), "1 file is formatted\n".to_owned()));
}

#[test]
fn both_at_once_show_the_diff() {
    let folder = folder(&[("b.qual", UNTIDY)]);
    let (code, out, _) = fmt(folder.path(), &["--check", "--diff", "b.qual"]);
    assert!(code == 1 && out.starts_with("--- b.qual"), "{out}");
}

#[test]
fn a_folder_and_what_it_uses() {
    let part = "define   vip:  true\n";
    let uses = "policy   \"Sample\"\nuse \"parts/vip.qual\"\n";
    let files = [("x/policy.qual", uses), ("x/parts/vip.qual", part), (".git/no.qual", UNTIDY), ("note.txt", "hello")];
    let folder = folder(&files);
    let (code, out, said) = fmt(folder.path(), &["."]);
    assert_eq!((code, &*out, &*said), (0, "", "2 files formatted, 0 unchanged\n"));
    assert_eq!(read(folder.path(), "x/parts/vip.qual"), "define vip: true\n");
    assert_eq!(read(folder.path(), ".git/no.qual"), UNTIDY);
    // A file that is named twice, or used twice, is one file.
    let (_, _, said) = fmt(folder.path(), &["x/policy.qual", "x", "x/parts/vip.qual"]);
    assert_eq!(said, "0 files formatted, 2 unchanged\n");
}

#[test]
fn standard_input_goes_to_standard_output() {
    use std::io::Write;
    let folder = folder(&[]);
    let run = |args: &[&str], text: &str| {
        let mut child = command(folder.path(), args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        child.stdin.take().expect("its input").write_all(text.as_bytes()).expect("written");
        ended(child.wait_with_output().expect("its output"))
    };
    let (code, out, said) = run(&["-"], UNTIDY);
    assert_eq!((code, &*said), (0, ""));
    assert!(out.starts_with("policy \"Sample\"\n# kept\nlead {\n"), "{out}");
    assert_eq!(run(&["--check", "-"], UNTIDY).1, "not formatted: standard input\n");
    let (code, out, said) = run(&["-"], BROKEN);
    assert_eq!((code, &*out), (2, ""));
    assert!(said.contains("<stdin>"), "{said}");
    // Nothing at all is formatted already.
    assert_eq!(run(&["-"], ""), (0, String::new(), String::new()));
}

#[test]
fn a_file_with_mistakes_is_left_alone_and_the_others_are_formatted() {
    let folder = folder(&[("a.qual", BROKEN), ("b.qual", UNTIDY), ("c.qual", "not \u{0} a policy")]);
    let (code, out, said) = fmt(folder.path(), &["a.qual", "c.qual", "b.qual"]);
    assert_eq!((code, &*out), (2, ""));
    assert!(said.contains("a.qual:") && said.contains("c.qual:"), "{said}");
    assert_eq!(read(folder.path(), "a.qual"), BROKEN);
    assert!(read(folder.path(), "b.qual").contains("lead {\n"));
}

#[test]
fn what_cannot_be_read_or_written() {
    let folder = folder(&[("a.qual", UNTIDY)]);
    let (code, _, said) = fmt(folder.path(), &["nowhere.qual"]);
    assert_eq!(
        (code, &*said),
        (2, "0 files formatted, 0 unchanged\nerror: cannot read `nowhere.qual`: no such file or directory\n")
    );
    let (code, _, said) = fmt(folder.path(), &[]);
    assert!(code == 2 && said.contains("required"), "{said}");
    let (code, _, said) = fmt(folder.path(), &["--chekc", "a.qual"]);
    assert!(code == 2 && said.contains("--check"), "{said}");
    std::fs::write(folder.path().join("b.qual"), b"policy \"\xff\"\n").expect("written");
    let (code, _, said) = fmt(folder.path(), &["b.qual"]);
    assert!(code == 2 && said.contains("`b.qual` is not UTF-8 text"), "{said}");
    std::fs::create_dir(folder.path().join("empty")).expect("a folder");
    let (code, _, said) = fmt(folder.path(), &["empty"]);
    assert!(code == 2 && said.contains("there is no policy in `empty`"), "{said}");
}

/// Whatever the line ends, a mark at the start or a folder that leads back into itself: one layout.
#[test]
fn other_systems() {
    let folder = folder(&[("crlf.qual", &UNTIDY.replace('\n', "\r\n")), ("bom.qual", &format!("\u{feff}{UNTIDY}"))]);
    assert_eq!(fmt(folder.path(), &["."]).0, 0);
    let expected = "policy \"Sample\"\n# kept\nlead {\n  id   text key\n  name text\n}\n";
    assert_eq!(read(folder.path(), "crlf.qual"), expected);
    assert_eq!(read(folder.path(), "bom.qual"), expected);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).expect("a link");
        assert_eq!(fmt(folder.path(), &["--check", "."]).2, "2 files are formatted\n");
        // Through a link, the file is written that it leads to, and the link stays.
        std::fs::write(folder.path().join("crlf.qual"), UNTIDY).expect("written");
        std::os::unix::fs::symlink("crlf.qual", folder.path().join("link.qual")).expect("a link");
        assert_eq!(fmt(folder.path(), &["link.qual"]).0, 0);
        assert_eq!(read(folder.path(), "crlf.qual"), expected);
        assert!(folder.path().join("link.qual").is_symlink());
    }
}
