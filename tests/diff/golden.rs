//! What `qualify diff` says of one change each: text, and of some JSON, Markdown and HTML.

use crate::support::shell::{golden, root, run};

/// Commands beside the text, by case.
const MORE: [(&str, &str); 4] =
    [("threshold", "markdown"), ("threshold", "json"), ("hostile", "markdown"), ("hostile", "html")];

#[test]
fn changes_are_told() {
    let folder = root().join("tests/diff/cases");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("cases")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let mut wrong = Vec::new();
    for name in &names {
        let line = format!("qualify diff tests/diff/cases/{name}/old.qual tests/diff/cases/{name}/new.qual");
        let text = format!("$ {line}\n{}", run(&line).transcript());
        wrong.extend(golden(&folder.join(name).join("text.txt"), &text).err());
        for (_, format) in MORE.iter().filter(|(case, _)| case == name) {
            let ran = run(&format!("{line} --format {format}"));
            wrong.extend(golden(&folder.join(name).join(format!("{format}.txt")), &ran.transcript()).err());
        }
    }
    assert!(names.len() > 10, "only {} cases", names.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The exit code says whether a decision can change.
#[test]
fn the_exit_code_is_the_verdict() {
    let code = |name: &str| {
        run(&format!("qualify diff tests/diff/cases/{name}/old.qual tests/diff/cases/{name}/new.qual")).code
    };
    assert_eq!(code("nothing"), 0);
    assert_eq!(code("written-otherwise"), 0);
    assert_eq!(code("threshold"), 1);
    assert_eq!(code("zone"), 1);
    assert_eq!(run("qualify diff tests/diff/cases/nothing/old.qual no-such-file.qual").code, 2);
    assert_eq!(run("qualify diff tests/diff/cases/nothing/old.qual").code, 2);
}
