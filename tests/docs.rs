//! What the documents say happens, happens: command lines with what they print, and pieces of policy.

mod support;

use support::markdown::{Block, blocks};
use support::shell::{root, run, update};

/// Documents whose `console` blocks run as written: `$ command`, then what it prints. A line `…` stands for any lines.
const CONSOLE: [&str; 3] = ["README.md", "docs/cli.md", "docs/data.md"];

#[test]
fn command_lines_print_what_the_documents_say() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for document in CONSOLE {
        let path = root().join(document);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{document}: {problem}"));
        let mut rewritten = text.clone();
        for block in blocks(&text).iter().filter(|block| block.info == "console") {
            let mut fresh = String::new();
            for (command, expected) in commands(block) {
                count += 1;
                let ran = run(&command.replace("cargo run --release --quiet -- ", "qualify "));
                let actual = ran.transcript();
                let same = matches(&expected, &actual);
                if !same {
                    wrong.push(format!("{document}:{}: $ {command}\n{actual}", block.line));
                }
                fresh.push_str(&format!("$ {command}\n{}", if same { &expected } else { &actual }));
            }
            rewritten = rewritten.replace(&block.text, &fresh);
        }
        if update() && rewritten != text {
            std::fs::write(&path, rewritten).expect("a document");
        }
    }
    assert!(count > 5, "only {count} command lines were found");
    assert!(update() || wrong.is_empty(), "{}\n(UPDATE_GOLDEN=1 rewrites the documents)", wrong.join("\n\n"));
}

/// The command lines of a block, each with what it prints.
fn commands(block: &Block) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in block.text.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command.to_owned(), String::new())),
            (None, Some((command, expected))) if command.ends_with('\\') && expected.is_empty() => {
                command.push('\n');
                command.push_str(line);
            }
            (None, Some((_, expected))) => {
                expected.push_str(line);
                expected.push('\n');
            }
            (None, None) => panic!("line {}: a console block begins with `$ `", block.line),
        }
    }
    commands
}

/// Whether the actual lines are as expected, where `…` alone on a line stands for any lines.
fn matches(expected: &str, actual: &str) -> bool {
    fn go(expected: &[&str], actual: &[&str]) -> bool {
        match expected {
            [] => actual.is_empty(),
            ["…", rest @ ..] => (0..=actual.len()).any(|skip| go(rest, &actual[skip..])),
            [first, rest @ ..] => {
                actual.first().is_some_and(|line| line.trim_end() == first.trim_end()) && go(rest, &actual[1..])
            }
        }
    }
    go(&expected.lines().collect::<Vec<_>>(), &actual.lines().collect::<Vec<_>>())
}

/// `docs/language.md`: a `qual head` block stands before every other; `qual` blocks check clean behind it and their
/// tests pass; `qual whole` blocks check clean alone; `qual error` blocks have an error whose name is in the block's
/// info: `qual error unknown-name`.
#[test]
fn pieces_of_policy_in_the_reference_check() {
    let text = std::fs::read_to_string(root().join("docs/language.md")).expect("the reference");
    let blocks = blocks(&text);
    let head = blocks.iter().find(|block| block.info == "qual head").expect("a head").text.clone();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("lists")).expect("a folder");
    std::fs::create_dir_all(folder.path().join("common")).expect("a folder");
    for block in blocks.iter().filter(|block| block.info.starts_with("file ")) {
        std::fs::write(folder.path().join(&block.info[5..]), &block.text).expect("a file");
    }
    let mut wrong = Vec::new();
    let mut count = 0;
    for block in blocks.iter().filter(|block| block.info == "qual" || block.info.starts_with("qual ")) {
        count += 1;
        let policy = match block.info.as_str() {
            "qual head" | "qual whole" => block.text.clone(),
            _ => format!("{head}\n{}", block.text),
        };
        let file = folder.path().join("policy.qual");
        std::fs::write(&file, policy).expect("a policy");
        let check = run(&format!("qualify check {}", file.display()));
        match block.info.strip_prefix("qual error ") {
            Some(name) => {
                if check.code != 1 || !check.transcript().contains(name) {
                    wrong.push(format!("line {}: expected the error {name}\n{}", block.line, check.transcript()));
                }
            }
            None => {
                let test = run(&format!("qualify test {}", file.display()));
                if check.code != 0 || test.code != 0 {
                    wrong.push(format!("line {}:\n{}{}", block.line, check.transcript(), test.transcript()));
                }
            }
        }
    }
    assert!(count > 40, "only {count} pieces of policy were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
