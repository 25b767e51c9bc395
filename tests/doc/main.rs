//! Documents of policies: what they show, that nothing is left out, and that no text is more than text.

#![allow(clippy::unwrap_used)]

#[path = "../support/page.rs"]
mod page;
#[path = "../reference/mod.rs"]
mod reference;
#[path = "../support/shell.rs"]
#[allow(dead_code, reason = "the suite uses a part of it")]
mod shell;

use page::{Seen, of_markdown};
use qualify::check::check;
use qualify::check::hir::{PartKind, Program};
use qualify::data::Folder;
use qualify::doc::document;
use qualify::report::Page;
use qualify::syntax::{Files, Loaded, MemoryFiles, ast, load};
use std::collections::BTreeSet;

fn compile(name: &str, text: &str, files: &dyn Files) -> (Program, Loaded) {
    let loaded = load(name, text.as_bytes(), files);
    let checked = check(&loaded, &[]);
    let plain = qualify::diagnostic::ColorChoice::Plain;
    let problems = || qualify::diagnostic::render(&checked.diagnostics, &loaded.sources, plain, 100);
    let program = checked.program.unwrap_or_else(|| panic!("{}", problems()));
    (program, loaded)
}

fn example(name: &str) -> (Program, Loaded) {
    let path = shell::root().join("examples").join(name).join("policy.qual");
    let text = std::fs::read_to_string(&path).unwrap();
    compile(path.to_str().unwrap(), &text, &Folder::of(&path))
}

/// A page without its styles: they are not what the document says.
fn without_style(html: &str) -> String {
    let (start, end) = (html.find("<style>").unwrap(), html.find("</style>").unwrap());
    let body = format!("{}<style>{}", &html[..start], &html[end..]);
    // A line an element, so that a change is seen where it is.
    ["<section", "<tr", "<li", "<p", "<dl", "<div", "<h2", "<h3", "<figure", "<footer", "<main"]
        .iter()
        .fold(body, |body, tag| body.replace(tag, &format!("\n{tag}")))
}

#[test]
fn documents_say_what_is_expected() {
    for name in ["doggie-delights", "saas-funnel"] {
        let (program, loaded) = example(name);
        let page = document(&program, &loaded);
        let golden = shell::root().join("tests/doc");
        shell::golden(&golden.join(format!("{name}.md")), &page.markdown()).unwrap();
        shell::golden(&golden.join(format!("{name}.html")), &without_style(&page.html())).unwrap();
    }
}

#[test]
fn documents_of_all_examples_are_sound_and_whole() {
    for entry in std::fs::read_dir(shell::root().join("examples")).unwrap() {
        let entry = entry.unwrap();
        if !entry.path().is_dir() {
            continue;
        }
        let (program, loaded) = example(&entry.file_name().to_string_lossy());
        let page = document(&program, &loaded);
        whole(&program, &loaded, &page);
    }
}

/// Everything that has a name has its place in both forms, and both forms are sound.
fn whole(program: &Program, loaded: &Loaded, page: &Page) {
    let html = Seen::of(&page.html());
    html.sound();
    let markdown = of_markdown(&page.markdown());
    markdown.inert();
    for seen in [&html, &markdown] {
        let ids: BTreeSet<&str> = seen.values("id").collect();
        for wanted in wanted(program, loaded) {
            assert!(ids.contains(wanted.as_str()), "{wanted} is not in the document");
        }
    }
    let digest = program.digest().to_string();
    assert!(html.text.contains(&digest) && markdown.text.contains(&digest));
}

/// The anchors of all that a policy declares.
fn wanted(program: &Program, loaded: &Loaded) -> Vec<String> {
    let mut out = Vec::new();
    for fit in &program.fits {
        out.push(format!("fit-{}", fit.name));
        for check in fit.checks.clone() {
            out.push(format!("check-{}-{}", fit.name, program.checks[usize::from(check)].name));
        }
    }
    for part in &program.parts {
        match part.parent {
            None => out.push(format!("score-{}", part.name)),
            Some(_) => out.push(format!("rule-{}-{}", program.parts[part.score.index()].name, part.name)),
        }
        assert!(part.parent.is_some() || matches!(part.kind, PartKind::Group { .. }));
    }
    out.extend(program.bands.iter().map(|one| format!("bands-{}", one.name)));
    out.extend(program.matrices.iter().map(|one| format!("matrix-{}", one.name)));
    out.extend(program.reasons.iter().map(|one| format!("disqualify-{}", one.name)));
    out.extend(program.stages.iter().map(|one| format!("stage-{}", one.name)));
    out.extend(program.routes.iter().map(|one| format!("route-{}", one.name)));
    out.extend(program.schema.events.iter().map(|one| format!("event-{}", one.name)));
    out.extend(program.schema.fields.iter().map(|one| format!("field-{}", one.name.replace('.', "-"))));
    for define in &program.defines {
        out.push(format!("{}-{}", if define.persona { "persona" } else { "define" }, define.name));
    }
    for item in loaded.files.iter().flat_map(|file| &file.items) {
        if let ast::ItemKind::List { name, .. } = &item.value {
            out.push(format!("list-{}", name.value));
        }
    }
    out
}

/// `DOC_POLICIES=2000` tries more.
#[test]
fn documents_of_random_policies_are_sound_and_whole() {
    let count = std::env::var("DOC_POLICIES").ok().and_then(|count| count.parse().ok()).unwrap_or(5);
    for seed in 0..count {
        let made = reference::generate::policy(seed, 1 + seed as usize % 3);
        let files = made.files().into_iter().fold(MemoryFiles::new(), |files, (path, text)| files.with(path, text));
        let loaded = load("policy.qual", made.text.as_bytes(), &files);
        // A few random policies are refused; the suites of the checker look at those.
        let Some(program) = check(&loaded, &[]).program else { continue };
        whole(&program, &loaded, &document(&program, &loaded));
    }
}

#[test]
fn one_policy_makes_one_document() {
    let (program, loaded) = example("doggie-delights");
    let page = || document(&program, &loaded);
    assert_eq!(page().html(), page().html());
    assert_eq!(page().markdown(), page().markdown());
}

const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "](javascript:alert(1))",
    "a | b | `c` **d** _e_ ~~f~~",
    "\u{202e}evil\u{202c}\u{200b}\u{e0041}",
    "\"><img src=x onerror=alert(1)>",
    "</style></title></svg><b>&lt;&#x3c;",
    "# heading <!-- ",
    "nul \u{0} esc \u{1b}[2J",
];

/// The same policy with another text in every label, literal and list.
fn labelled(words: &str) -> String {
    let text: String = words
        .chars()
        .map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if qualify::base::is_hidden(c) => format!("\\u{{{:x}}}", c as u32),
            c => c.to_string(),
        })
        .collect();
    r##"
policy "X" version "X" owner "X" agreed by "X" on 2026-01-01
lead {
  id text key
  name text from "X" ask "X"
  kind one of ["X", "other X"]
  many list of text
  level stage
}
event done "X" from "X" { topic text }
event some "X" is any of [done]
list texts "X" = ["X", "more X"]
define familiar "X": name is "X" or name in texts
persona who "X": name mentions "word X"
fit icp "X" { one "X": name contains "X"  two "X": kind is "X"  three "X": many has "X" }
score points "X" from 0 to 10 {
  group inner "X" { each "X": +1 per done where (topic is "X") within 3 days, at most 2 times }
  case "X": by name { is "X": +1  starts with "X": +2  missing: -1  otherwise: +3 }
  pick "X": first of { name is "X": +1  otherwise: +2 }
  flag "X": +1 if familiar
}
bands level_of "X" of points { low "X"  high "X" from 5 }
matrix grid "X" of kind by level_of { _: low, high  "X": a, b  "other X": a, b  missing: b, b }
disqualify { bad "X": name ends with "X" }
stages { begin "X"  next "X": icp fits and points >= 3, keep while points >= 1 }
route { there "X" within 1 day: stage is next  rest "X": otherwise }
always "X": not (stage is next and name is "X")
test "X" as of 2026-01-01 { lead { name: "X", kind: "X", many: ["X"] } event done 1 day ago { topic: "X" } expect not who }
test "X" as of 2026-01-01 { lead { } expect not who is known }
"##
    .replace('X', &text)
}

#[test]
fn hostile_texts_are_only_texts() {
    let shape = |words: &str| {
        let (program, loaded) = compile("policy.qual", &labelled(words), &MemoryFiles::new());
        let page = document(&program, &loaded);
        whole(&program, &loaded, &page);
        let mut html = Seen::of(&page.html());
        // In charts a long label stands twice, for narrow and for wide places.
        html.elements.retain(|element| element != "text");
        (html, of_markdown(&page.markdown()))
    };
    let (html, markdown) = shape("plain");
    for words in HOSTILE {
        let (seen, read) = shape(words);
        // The same elements in the same order: no text became one, none swallowed one.
        assert_eq!(seen.elements, html.elements, "{words:?}");
        assert_eq!(read.elements, markdown.elements, "{words:?}");
        let shown = qualify::base::visible(words);
        assert!(seen.text.matches(&*shown).count() > 30, "{words:?} in {}", seen.text);
        assert!(read.text.matches(&*shown).count() > 30, "{words:?} in {}", read.text);
    }
}
