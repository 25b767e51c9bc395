//! What was counted, and the file that keeps it.

use std::collections::BTreeMap;

/// Instructions by path, and what they rest on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// The compiler that built the program, with its commit.
    pub compiler: String,
    /// The processor, as far as code is chosen by it.
    pub machine: String,
    pub paths: BTreeMap<String, u64>,
}

const HEAD: &str = "\
# Instructions that the debug program takes, whole processes, counted by valgrind.
# Written by: UPDATE_GOLDEN=1 cargo test --test cost
";

impl Counts {
    /// The file: a line each, `name: value`.
    pub fn print(&self) -> String {
        let mut out = format!("{HEAD}compiler: {}\nmachine: {}\n", self.compiler, self.machine);
        self.paths.iter().for_each(|(name, count)| out.push_str(&format!("{name}: {count}\n")));
        out
    }

    pub fn parse(text: &str) -> Counts {
        let mut counts = Counts::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("a line of the baseline: `{line}`"));
            match name {
                "compiler" => counts.compiler = value.to_owned(),
                "machine" => counts.machine = value.to_owned(),
                _ => {
                    let count = value.parse().unwrap_or_else(|problem| panic!("`{line}`: {problem}"));
                    counts.paths.insert(name.to_owned(), count);
                }
            }
        }
        counts
    }
}

#[test]
fn a_baseline_reads_as_it_was_written() {
    let paths = BTreeMap::from([("score NDJSON".to_owned(), 170_000_123), ("explain one lead".to_owned(), 7)]);
    let counts =
        Counts { compiler: "rustc version 1.2.3 (abc 2026-01-01)".into(), machine: "x86_64 avx2".into(), paths };
    assert_eq!(Counts::parse(&counts.print()), counts);
}
