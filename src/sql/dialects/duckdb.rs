//! DuckDB.

use crate::model::time::{LATEST, Zone, display_instant};
use crate::sql::ColumnType;
use crate::sql::dialect::{Dialect, Each, Nested};
use crate::sql::quoting::{doubled_quotes, plain_or_quoted};
use crate::sql::regex::{Flavour, RE2};
use crate::sql::tree::{Sql, call, cast, int, raw, text, when};

/// The dialect.
#[derive(Debug)]
pub struct DuckDb;

/// Milliseconds from the year 0 to 1970.
const SHIFT: i128 = 62_167_219_200_000;

/// Without outer white space, and what is made of that. `trim` is slow, and nearly no text has anything to trim; the empty
/// text, too, is among those that are asked for.
fn trimmed(value: Sql, of: impl Fn(Sql) -> Sql) -> Sql {
    let made = of(call("trim", [value.clone(), text(" \t\n\r\u{a0}")]));
    if !value.is_simple() {
        return made;
    }
    let mut tests = vec![value.clone().bin("<", text("!")), value.clone().bin(">=", text("~"))];
    let ends = [" ", "\t", "\n", "\r", "\u{a0}"].map(|end| call("ends_with", [value.clone(), text(end)]));
    tests.extend(ends);
    when(Sql::Or(tests), made, Some(value))
}

/// A whole number that is known.
fn known(sql: &Sql) -> Option<i64> {
    match sql {
        Sql::Int(value) => i64::try_from(*value).ok(),
        Sql::Remark(of, _) => known(of),
        _ => None,
    }
}

/// Whether an expression costs more than a comparison.
fn is_dear(sql: &Sql) -> bool {
    match sql {
        Sql::Call(..) | Sql::Cast(..) | Sql::Case(..) | Sql::Raw(_) | Sql::InTable(..) => true,
        Sql::Bin(_, a, b) => is_dear(a) || is_dear(b),
        Sql::And(all) | Sql::Or(all) => all.iter().any(is_dear),
        Sql::Not(of) | Sql::Neg(of) | Sql::Post(of, _) | Sql::Remark(of, _) => is_dear(of),
        Sql::In(of, all, _) => is_dear(of) || all.iter().any(is_dear),
        _ => false,
    }
}

impl Dialect for DuckDb {
    fn name(&self) -> &'static str {
        "duckdb"
    }

    fn title(&self) -> &'static str {
        "DuckDB"
    }

    fn quote_name(&self, name: &str) -> String {
        plain_or_quoted(name, &[], '"')
    }

    fn quote_text(&self, text: &str) -> String {
        if !text.contains(|c: char| c.is_control() || c == '\u{a0}') {
            return doubled_quotes(text);
        }
        // Controls by their escapes, that a reader sees them; what is no escape in `E''` is a backslash before it.
        let mut out = String::from("E'");
        for c in text.chars() {
            match c {
                '\'' => out.push_str("''"),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c => out.push(c),
            }
        }
        out.push('\'');
        out
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        match ty {
            ColumnType::Text => "VARCHAR".into(),
            ColumnType::Int => "BIGINT".into(),
            ColumnType::Number => "DECIMAL(18,6)".into(),
            ColumnType::Money => "DECIMAL(18,4)".into(),
            ColumnType::Bool => "BOOLEAN".into(),
            ColumnType::Date => "DATE".into(),
            ColumnType::Time => "TIMESTAMPTZ".into(),
            ColumnType::List(of) => self.list_of(of),
        }
    }

    fn fit(&self, value: Sql, scale: u32) -> Sql {
        Sql::Cast("TRY_CAST", Box::new(value), self.decimal_type(18, scale))
    }

    fn product(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        let product = self.as_decimal(a.0, 38, a.1).bin("*", b.0);
        match a.1 + b.1 > scale {
            // A product of whole numbers has no room behind its point: a limit beside it would be rounded.
            true if a.1 < scale => self.as_decimal(call("round", [product, int(scale)]), 38, scale),
            true => call("round", [product, int(scale)]),
            false => product,
        }
    }

    fn quotient(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        // Division of decimals is binary here: whole numbers are divided instead.
        let whole = |value: Sql, digits: u32, from: u32| {
            cast(self.as_decimal(value, 38, from).bin("*", int(10i128.pow(digits))), "HUGEINT")
        };
        let (up, down) = if scale + b.1 >= a.1 { (scale + b.1 - a.1, 0) } else { (0, a.1 - scale - b.1) };
        let n = whole(a.0, a.1 + up, a.1);
        let d = whole(b.0, b.1 + down, b.1);
        let whole = raw(
            "list_transform([struct_pack(n := {}, d := {})], lambda q: sign(q.n) * sign(q.d) * \
             ((2 * abs(q.n) + abs(q.d)) // nullif(2 * abs(q.d), 0)))[1]",
            [n, d],
        );
        self.as_decimal(cast(whole, "HUGEINT"), 38, 0).bin("*", Sql::Dec(1, scale))
    }

    fn whole_quotient(&self, a: Sql, b: Sql) -> Sql {
        a.bin("//", b)
    }

    fn wide(&self, value: Sql) -> Sql {
        cast(value, "HUGEINT")
    }

    fn double(&self, value: Sql) -> Sql {
        cast(value, "DOUBLE")
    }

    fn trim(&self, value: Sql) -> Sql {
        trimmed(value, |text| text)
    }

    fn text_of(&self, value: Sql) -> Sql {
        trimmed(value, |trimmed| call("nullif", [trimmed, text("")]))
    }

    fn has_text(&self, value: Sql) -> Sql {
        let has = call("trim", [value.clone(), text(" \t\n\r\u{a0}")]).bin("<>", text(""));
        let visible = value.clone().bin(">=", text("!")).and(value.bin("<", text("~")));
        Sql::Or(vec![visible, has])
    }

    fn age(&self, instant: Sql, as_of: Sql) -> Sql {
        // Microseconds are cut off: what is not past yet counts as one more millisecond of age.
        let as_of = as_of.bin("*", int(1000)).bin("+", int(999));
        as_of.bin("-", call("epoch_us", [instant])).bin("//", int(1000))
    }

    fn is_past(&self, instant: Sql, as_of: Sql) -> Sql {
        if let Some(as_of) = known(&as_of).filter(|as_of| *as_of < LATEST) {
            // Compared as it is, the instant is read no further than it has to be.
            let next = raw("TIMESTAMPTZ {}", [text(display_instant(as_of.saturating_add(1)))]);
            return instant.bin("<", next);
        }
        call("epoch_us", [instant]).bin("<=", as_of.bin("*", int(1000)).bin("+", int(999)))
    }

    fn lower(&self, value: Sql) -> Sql {
        call("lower", [value])
    }

    fn words(&self, folded: Sql) -> Sql {
        const SEPARATORS: &str =
            r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\x{80}-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]+";
        let row = call("regexp_replace", [folded, text(SEPARATORS), text(" "), text("g")]);
        text(" ").bin("||", row).bin("||", text(" "))
    }

    fn contains(&self, value: Sql, part: Sql) -> Sql {
        call("contains", [value, part])
    }

    fn starts_with(&self, value: Sql, part: Sql) -> Sql {
        call("starts_with", [value, part])
    }

    fn ends_with(&self, value: Sql, part: Sql) -> Sql {
        call("ends_with", [value, part])
    }

    fn regex(&self) -> Flavour {
        RE2
    }

    fn matches(&self, value: Sql, pattern: Sql) -> Sql {
        call("regexp_matches", [value, pattern])
    }

    fn host(&self, address: Sql) -> Sql {
        let behind = |address: Sql| call("split_part", [address, text("@"), int(-1)]);
        let cut = call("left", [address.clone(), int(-1)]);
        let scheme = call("regexp_extract", [address.clone(), text(r"://(?:[^/?#]*@)?([^/?#@:]*)"), int(1)]);
        let mail = when(self.ends_with(address.clone(), text(">")), behind(cut), Some(behind(address.clone())));
        let plain = call("regexp_extract", [address.clone(), text("^[^/?#:]*")]);
        Sql::Case(
            None,
            vec![(self.contains(address.clone(), text("://")), scheme), (self.contains(address, text("@")), mail)],
            Some(Box::new(plain)),
        )
    }

    fn millis(&self, instant: Sql) -> Sql {
        // `epoch_ms` rounds; a shift makes what `//` cuts off positive.
        call("epoch_us", [instant]).bin("+", int(SHIFT * 1000)).bin("//", int(1000)).bin("-", int(SHIFT))
    }

    fn instant(&self, millis: Sql) -> Sql {
        call("timezone", [text("UTC"), call("epoch_ms", [millis])])
    }

    fn now(&self) -> Sql {
        self.millis(raw("now()", []))
    }

    fn parameter(&self) -> Sql {
        self.millis(raw("CAST($as_of AS TIMESTAMPTZ)", []))
    }

    fn day(&self, millis: Sql, zone: &Zone) -> Sql {
        let utc = call("epoch_ms", [millis]);
        if zone.name() == "UTC" {
            return cast(utc, "DATE");
        }
        cast(call("timezone", [text(zone.name()), call("timezone", [text("UTC"), utc])]), "DATE")
    }

    fn start_of_day(&self, day: Sql, zone: &Zone) -> Sql {
        let midnight = cast(day, "TIMESTAMP");
        if zone.name() == "UTC" {
            return call("epoch_ms", [midnight]);
        }
        self.millis(call("timezone", [text(zone.name()), midnight]))
    }

    fn months_later(&self, millis: Sql, months: i64, zone: &Zone) -> Sql {
        let utc = call("timezone", [text("UTC"), call("epoch_ms", [millis])]);
        let local = call("timezone", [text(zone.name()), utc]);
        let moved = local.bin("+", call("to_months", [int(months)]));
        self.millis(call("timezone", [text(zone.name()), moved]))
    }

    fn date_months_later(&self, day: Sql, months: i64) -> Sql {
        cast(day.bin("+", call("to_months", [int(months)])), "DATE")
    }

    fn entries(&self, list: Sql, change: Each<'_>, keep: Option<Each<'_>>) -> Sql {
        let changed = raw("list_transform({}, lambda x: {})", [list, change(raw("x", []))]);
        match keep {
            Some(keep) => raw("list_filter({}, lambda x: {})", [changed, keep(raw("x", []))]),
            None => changed,
        }
    }

    fn any_entry(&self, list: Sql, holds: Each<'_>) -> Sql {
        call("len", [raw("list_filter({}, lambda x: {})", [list, holds(raw("x", []))])]).bin(">", int(0))
    }

    fn aggregate(&self, function: &str, value: Option<Sql>, distinct: bool, filter: Sql) -> Sql {
        // What a filter asks for is worked out of every row, and all conditions of `AND` are: what is dear stands in a `CASE`,
        // for the rows that what is cheap has left.
        let filter = match filter {
            Sql::And(all) if all.iter().any(is_dear) && !all.iter().all(is_dear) => {
                let (dear, cheap): (Vec<Sql>, Vec<Sql>) = all.into_iter().partition(is_dear);
                when(Sql::all(cheap), Sql::all(dear), None)
            }
            filter => filter,
        };
        let (value, filter) = match value {
            Some(value) if is_dear(&value) && filter != Sql::Bool(true) => {
                (Some(when(filter, value, None)), Sql::Bool(true))
            }
            value => (value, filter),
        };
        let argument = match (value, distinct) {
            (None, _) => raw("*", []),
            (Some(value), false) => value,
            (Some(value), true) => raw("DISTINCT {}", [value]),
        };
        Sql::Agg(Box::new(call(function, [argument])), Box::new(filter))
    }

    fn nested_events(&self, nested: &Nested<'_>) -> Option<String> {
        let Nested { leads, key, list, event_key, .. } = nested;
        Some(format!(
            "(\n    SELECT n.{event_key}, unnest(n.event)\n    FROM (SELECT s.{key} AS {event_key}, unnest(s.{list}) AS event FROM {leads} AS s) AS n\n  )"
        ))
    }

    fn has(&self, list: Sql, value: Sql) -> Sql {
        call("list_contains", [list, value])
    }

    fn size(&self, list: Sql) -> Sql {
        call("len", [list])
    }
}
