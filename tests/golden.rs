//! Every example goes through every door that its README names: the printed results are kept beside this file.

mod support;

use std::collections::BTreeSet;
use std::path::PathBuf;
use support::markdown::blocks;
use support::shell::{golden, root, run, update};

/// The command lines of an example's README.
fn commands(example: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(root().join("examples").join(example).join("README.md")).expect("a README");
    let lines = blocks(&readme).into_iter().flat_map(|block| {
        let text = block.text.replace("\\\n", " ");
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    lines
        .filter(|line| line.starts_with("qualify "))
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

fn examples() -> Vec<String> {
    let mut examples: Vec<String> = std::fs::read_dir(root().join("examples"))
        .expect("examples")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    examples.sort();
    examples
}

/// Long output: its first lines and how often each line's second column (the stage) occurs.
fn digest(text: &str) -> String {
    if text.lines().count() <= 120 {
        return text.to_owned();
    }
    let mut stages = std::collections::BTreeMap::new();
    for line in text.lines().skip(1) {
        *stages.entry(line.split(',').nth(1).unwrap_or("").to_owned()).or_insert(0u32) += 1;
    }
    let head: String = text.lines().take(25).map(|line| format!("{line}\n")).collect();
    // FNV-1a over all bytes: any change of any row shows.
    let sum =
        text.bytes().fold(0xcbf2_9ce4_8422_2325u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{head}…\n{} lines, {sum:016x}\n{stages:#?}\n", text.lines().count())
}

#[test]
fn examples_print_what_they_printed() {
    let folder = root().join("tests/golden");
    let mut known = BTreeSet::new();
    let mut wrong = Vec::new();
    for example in examples() {
        let commands = commands(&example);
        for verb in ["check", "test", "score", "explain"] {
            assert!(
                commands.iter().any(|line| line.starts_with(&format!("qualify {verb} "))),
                "{example} shows no `qualify {verb}`"
            );
        }
        for (place, line) in commands.iter().enumerate() {
            let verb = line.split(' ').nth(1).unwrap_or("");
            let file = folder.join(&example).join(format!("{}-{verb}.txt", place + 1));
            let ran = run(line);
            if matches!(verb, "check" | "test") && ran.code != 0 {
                wrong.push(format!("{line}\n{}", ran.transcript()));
            }
            let text = format!("$ {line}\n{}", digest(&ran.transcript()));
            wrong.extend(golden(&file, &text).err());
            known.insert(file);
        }
    }
    let orphans: Vec<PathBuf> = walk(&folder).into_iter().filter(|file| !known.contains(file)).collect();
    if update() {
        for orphan in &orphans {
            std::fs::remove_file(orphan).expect("an orphan");
        }
    } else {
        wrong.extend(orphans.iter().map(|orphan| format!("{} belongs to no command of an example", orphan.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn walk(folder: &std::path::Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries
        .map(|entry| entry.expect("an entry").path())
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] })
        .collect()
}
