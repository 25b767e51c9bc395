//! Letters beyond ASCII: their lower case, and what parts words.

use crate::sql::dialect::Helper;
use crate::sql::tree::{Sql, raw};
use std::sync::OnceLock;

/// How many letters stand in a line.
const LINE: usize = 100;

/// All letters with another case stand before this one.
const LAST: char = '\u{1ffff}';

/// The part that says which letter is which one's lower case.
pub fn part() -> Helper {
    static MADE: OnceLock<Helper> = OnceLock::new();
    MADE.get_or_init(made).clone()
}

fn made() -> Helper {
    let pairs: Vec<(char, char)> = ('\u{80}'..=LAST)
        .filter_map(|c| match c {
            // The only character whose full lower case is two.
            'İ' => Some((c, 'i')),
            c => c.to_lowercase().next().filter(|lower| *lower != c).map(|lower| (c, lower)),
        })
        .collect();
    let written = |letters: Vec<char>| {
        let lines: Vec<String> =
            letters.chunks(LINE).map(|line| format!("'{}'", line.iter().collect::<String>())).collect();
        lines.join(" ||\n    ")
    };
    let (large, small): (Vec<char>, Vec<char>) = pairs.into_iter().unzip();
    Helper {
        name: "letters",
        remark: "letters beyond ASCII, and the lower case of each at the same place".into(),
        text: format!(
            "  SELECT\n    {} AS large,\n    {} AS small,\n    '*[^' || char(1) || '-' || char(127) || ']*' AS beyond_ascii",
            written(large),
            written(small)
        ),
    }
}

/// A text in lower case, ς as it is.
pub fn lowered(value: Sql) -> Sql {
    raw(
        "(WITH RECURSIVE text_ (whole, large, small, beyond_ascii) AS (SELECT {}, large, small, beyond_ascii FROM letters), \
         lowered (place, done, next) AS (SELECT 0, '', substr(whole, 1, 1) FROM text_ UNION ALL SELECT place + 1, \
         done || CASE instr(large, next) WHEN 0 THEN lower(next) ELSE substr(small, instr(large, next), 1) END, \
         substr(whole, place + 2, 1) FROM lowered, text_ WHERE place < length(whole)) \
         SELECT CASE WHEN whole GLOB beyond_ascii THEN (SELECT done FROM lowered WHERE place = length(whole)) \
         ELSE lower(whole) END FROM text_)",
        [value],
    )
}

/// The words of a folded text with a blank before, between and behind them.
pub fn words(folded: Sql) -> Sql {
    raw(
        "(WITH RECURSIVE text_ (whole) AS (SELECT {}), \
         words (place, done, code) AS (SELECT 0, ' ', unicode(whole) FROM text_ UNION ALL SELECT place + 1, \
         CASE WHEN code < 48 OR code BETWEEN 58 AND 64 OR code BETWEEN 91 AND 96 OR code BETWEEN 123 AND 191 \
         OR code BETWEEN 8192 AND 8303 OR code BETWEEN 12288 AND 12351 THEN rtrim(done, ' ') || ' ' ELSE done || char(code) END, \
         unicode(substr(whole, place + 2, 1)) FROM words, text_ WHERE place < length(whole)) \
         SELECT rtrim(done, ' ') || ' ' FROM words, text_ WHERE place = length(whole))",
        [folded],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_is_left_out() {
        let mut behind = (LAST..=char::MAX).skip(1);
        assert!(behind.all(|c| c.to_lowercase().eq([c])));
        assert!(made().text.contains('İ') && !made().text.contains("'A"));
    }
}
