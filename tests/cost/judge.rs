//! Whether counts are within the margins of a baseline, in words.

use crate::baseline::Counts;
use crate::reference;

/// How much more a path may take, and how much less before the baseline has to follow. Runs of one build differ by less than
/// 0.1 % (seeds of hash tables), builds of the same sources in other folders likewise.
pub const SLOWER: f64 = 0.03;
pub const FASTER: f64 = 0.10;

/// The same with another compiler or processor, where paths are held against the test's own piece of work.
pub const SLOWER_ELSEWHERE: f64 = 0.25;
pub const FASTER_ELSEWHERE: f64 = 0.40;

pub const HELP: &str = "\
To see where it goes: valgrind --tool=callgrind target/debug/qualify ... before and after, then callgrind_annotate.
When the change is meant: UPDATE_GOLDEN=1 cargo test --test cost writes the baseline anew; say why in the commit.";

/// What is wrong with `now`, a line each.
pub fn judge(before: &Counts, now: &Counts) -> Vec<String> {
    let same = (&before.compiler, &before.machine) == (&now.compiler, &now.machine);
    let (slower, faster) = if same { (SLOWER, FASTER) } else { (SLOWER_ELSEWHERE, FASTER_ELSEWHERE) };
    let unit = |counts: &Counts| match counts.paths.get(reference::NAME) {
        _ if same => Some(1.0),
        Some(count) if *count > 0 => Some(*count as f64),
        _ => None,
    };
    let (Some(unit_before), Some(unit_now)) = (unit(before), unit(now)) else {
        return vec![format!(
            "`{}` is not counted, and the compilers differ: nothing can be compared",
            reference::NAME
        )];
    };
    let mut wrong = Vec::new();
    for (name, count) in now.paths.iter().filter(|(name, _)| *name != reference::NAME) {
        let Some(old) = before.paths.get(name) else {
            wrong.push(format!("{name}: not in the baseline"));
            continue;
        };
        let change = (*count as f64 / unit_now) / (*old as f64 / unit_before) - 1.0;
        let figures = if same {
            format!("{} instructions, {} in the baseline", grouped(*count), grouped(*old))
        } else {
            format!(
                "{:.4} of the test's own work, {:.4} in the baseline, which {} built",
                *count as f64 / unit_now,
                *old as f64 / unit_before,
                before.compiler
            )
        };
        if change > slower {
            wrong.push(format!(
                "{name}: {:.1} % slower ({figures}; the margin is {:.0} %)",
                change * 100.0,
                slower * 100.0
            ));
        } else if -change > faster {
            wrong.push(format!(
                "{name}: {:.1} % faster ({figures}): good, now write the baseline anew, so that it stays so",
                -change * 100.0
            ));
        }
    }
    for name in before.paths.keys().filter(|name| *name != reference::NAME && !now.paths.contains_key(*name)) {
        wrong.push(format!("{name}: in the baseline, and nothing counts it"));
    }
    wrong
}

/// A number in groups of three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(compiler: &str, paths: &[(&str, u64)]) -> Counts {
        let paths = paths.iter().map(|(name, count)| (name.to_string(), *count)).collect();
        Counts { compiler: compiler.into(), machine: "a".into(), paths }
    }

    /// What is said of one path that took 1,000,000 instructions before.
    fn said(now: u64) -> Vec<String> {
        judge(&counts("one", &[("score", 1_000_000)]), &counts("one", &[("score", now)]))
    }

    #[test]
    fn margins_hold_on_both_sides() {
        assert_eq!(said(1_000_000), [""; 0]);
        assert_eq!(said(1_029_999), [""; 0]);
        assert_eq!(said(900_001), [""; 0]);
        assert_eq!(
            said(1_041_000),
            ["score: 4.1 % slower (1,041,000 instructions, 1,000,000 in the baseline; the margin is 3 %)"]
        );
        assert_eq!(
            said(800_000),
            [
                "score: 20.0 % faster (800,000 instructions, 1,000,000 in the baseline): good, now write the baseline anew, so that it stays so"
            ]
        );
    }

    #[test]
    fn paths_and_baseline_name_the_same() {
        let of = |names: &[&str]| counts("one", &names.iter().map(|name| (*name, 5)).collect::<Vec<_>>());
        assert_eq!(judge(&of(&["a"]), &of(&["a", "b"])), ["b: not in the baseline"]);
        assert_eq!(judge(&of(&["a", "b"]), &of(&["a"])), ["b: in the baseline, and nothing counts it"]);
        // The reference is counted when it is needed.
        assert_eq!(judge(&of(&["a", reference::NAME]), &of(&["a"])), [""; 0]);
    }

    #[test]
    fn another_compiler_is_held_against_the_tests_own_work() {
        let before = counts("one", &[("score", 1_000_000), (reference::NAME, 100_000)]);
        let said = |score, reference| judge(&before, &counts("two", &[("score", score), (reference::NAME, reference)]));
        // Everything doubles: that is the compiler.
        assert_eq!(said(2_000_000, 200_000), [""; 0]);
        assert_eq!(said(2_400_000, 200_000), [""; 0]);
        assert_eq!(
            said(2_600_000, 200_000),
            [
                "score: 30.0 % slower (13.0000 of the test's own work, 10.0000 in the baseline, which one built; the margin is 25 %)"
            ]
        );
        assert_eq!(said(1_000_000, 200_000).len(), 1);
        // Without it nothing can be said, and that is said.
        assert_eq!(judge(&before, &counts("two", &[("score", 1_000_000)])).len(), 1);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 12, 123, 1234, 1_234_567].map(grouped), ["0", "12", "123", "1,234", "1,234,567"]);
    }
}
