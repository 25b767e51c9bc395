//! What the documents say happens, happens: command lines with what they print, and pieces of policy.

mod support;

use support::markdown::{Block, blocks};
use support::shell::{root, run, update};

/// Documents whose `console` blocks run as written: `$ command`, then what it prints. A line `…` stands for any lines.
const CONSOLE: [&str; 4] = ["README.md", "docs/cli.md", "docs/data.md", "examples/b2b-saas/README.md"];

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
/// tests pass; `qual whole` blocks do so alone. A `qual error NAME` block has that error; every line of a `qual errors`
/// block has the error that its comment names. `file PATH` blocks are files beside the policy.
#[test]
fn pieces_of_policy_in_the_reference_check() {
    let blocks = reference();
    let head = blocks.iter().find(|block| block.info == "qual head").expect("a head").text.clone();
    let folder = files(&blocks);
    let file = folder.path().join("policy.qual");
    let qualify = |command: &str, policy: &str| {
        std::fs::write(&file, policy).expect("a policy");
        run(&format!("qualify {command} {}", file.display()))
    };
    let mut wrong = Vec::new();
    let mut count = 0;
    for Block { info, text, line } in blocks.iter().filter(|block| block.info.split(' ').next() == Some("qual")) {
        let pieces: Vec<(&str, Option<&str>, usize)> = match info.strip_prefix("qual error") {
            Some("s") => {
                let lines = text.lines().enumerate();
                lines.map(|(place, piece)| (piece, piece.rsplit("# ").next(), line + place)).collect()
            }
            Some(name) => vec![(text, Some(name.trim()), *line)],
            None => vec![(text, None, *line)],
        };
        for (piece, error, line) in pieces {
            count += 1;
            let policy = match info.as_str() {
                "qual head" | "qual whole" => piece.to_owned(),
                _ => format!("{head}\n{piece}"),
            };
            let check = qualify("check", &policy);
            let found = check.transcript();
            let Some(name) = error else {
                if check.code != 0 || found.contains('×') {
                    wrong.push(format!("line {line}:\n{found}"));
                } else if piece.contains("test \"") {
                    let test = qualify("test", &policy);
                    if test.code != 0 {
                        wrong.push(format!("line {line}:\n{}", test.transcript()));
                    }
                }
                continue;
            };
            let named = found.split(|c: char| !(c.is_alphanumeric() || c == '-')).any(|word| word == name);
            if check.code != 1 || !named {
                wrong.push(format!("line {line}: expected the error {name}\n{found}"));
            }
        }
    }
    assert!(count > 60, "only {count} pieces of policy were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The decision that the reference shows is the one of its first whole policy and of its lead.
#[test]
fn the_decision_in_the_reference_is_made() {
    let blocks = reference();
    let folder = files(&blocks);
    let block = |info: &str| blocks.iter().find(|block| block.info == info).expect("a block");
    let (policy, lead) = (folder.path().join("policy.qual"), folder.path().join("lead.ndjson"));
    std::fs::write(&policy, &block("qual whole").text).expect("a policy");
    let as_of = "2026-11-01T12:00:00Z";
    let ran = run(&format!("qualify score {} {} --as-of {as_of} --format ndjson", policy.display(), lead.display()));
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    assert_eq!(ran.code, 0, "{}", ran.transcript());
    assert_eq!(json(&ran.stdout), json(&block("json decision").text), "{}", ran.stdout);
}

/// A folder with the files that the reference shows.
fn files(blocks: &[Block]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for block in blocks {
        if let Some(path) = block.info.strip_prefix("file ") {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, &block.text).expect("a file");
        }
    }
    folder
}

fn reference() -> Vec<Block> {
    blocks(&std::fs::read_to_string(root().join("docs/language.md")).expect("the reference"))
}

/// The reference lists the reserved words that the parser reserves.
#[test]
fn reserved_words_are_the_ones_in_the_reference() {
    let blocks = reference();
    let listed = blocks.iter().find(|block| block.info == "text" && block.text.starts_with("age ")).expect("the words");
    let listed: Vec<&str> = listed.text.split_whitespace().collect();
    assert_eq!(listed, qualify::syntax::words::RESERVED);
}

/// Every function and text operator stands in the reference.
#[test]
fn the_reference_names_every_builtin() {
    let text = std::fs::read_to_string(root().join("docs/language.md")).expect("the reference");
    for builtin in qualify::builtins::ALL {
        let (function, operator) = (format!("`{}(", builtin.name), format!(" {} ", builtin.name));
        assert!(text.contains(&function) || text.contains(&operator), "`{}` is not in the reference", builtin.name);
    }
}

/// Links within a document lead to one of its headings, links to other documents to files.
#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(root().join("docs")).expect("the documents") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a document");
        let anchors: Vec<String> =
            text.lines().filter_map(|line| line.trim_start_matches('#').strip_prefix(' ')).map(anchor).collect();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let found = match link.split_once('#') {
                Some(("", heading)) => anchors.iter().any(|anchor| anchor == heading),
                _ if link.starts_with("http") => true,
                other => path.with_file_name(other.map_or(link, |(file, _)| file)).exists(),
            };
            if !found {
                wrong.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A heading as links name it.
fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}
