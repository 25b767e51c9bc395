//! SQLite, 3.35 and later with its mathematical functions. It has whole numbers, binary numbers and texts alone: decimals
//! are whole numbers of their last digit here, days and instants are counted from 1970, lists are texts that hold JSON. What
//! the engine does not know stands in parts of the query: how letters are lowered, when a zone's clock was changed.

use crate::model::number::LIMIT;
use crate::model::time::{Zone, from_days};
use crate::sql::dialect::{Dialect, Each, Helper, Nested};
use crate::sql::quoting::{doubled_quotes, plain_or_quoted};
use crate::sql::regex::{Flavour, RE2};
use crate::sql::sqlite::{bound, clock, domain, letters, numbers, zone_changes};
use crate::sql::tree::{Sql, call, cast, int, raw, text, when};
use crate::sql::{ColumnType, Wrap};

/// The dialect.
#[derive(Debug)]
pub struct Sqlite;

impl Sqlite {
    /// `CASE WHEN list IS NOT NULL THEN … END`
    fn if_known(&self, list: Sql, then: Sql) -> Sql {
        when(list.known(), then, None)
    }
}

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn title(&self) -> &'static str {
        "SQLite"
    }

    fn quote_name(&self, name: &str) -> String {
        plain_or_quoted(
            name,
            &["abort", "action", "after", "attach", "before", "begin", "conflict", "each", "plan"],
            '"',
        )
    }

    fn quote_text(&self, text: &str) -> String {
        let hidden = |c: char| c.is_control() || c == '\u{a0}';
        if !text.contains(hidden) {
            return doubled_quotes(text);
        }
        let mut pieces: Vec<String> = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let end = if hidden(c) { rest.find(|c| !hidden(c)) } else { rest.find(hidden) }.unwrap_or(rest.len());
            let (piece, behind) = rest.split_at(end);
            pieces.push(if hidden(c) {
                let codes: Vec<String> = piece.chars().map(|c| (c as u32).to_string()).collect();
                format!("char({})", codes.join(", "))
            } else {
                doubled_quotes(piece)
            });
            rest = behind;
        }
        if pieces.len() == 1 { pieces.swap_remove(0) } else { format!("({})", pieces.join(" || ")) }
    }

    fn function<'n>(&self, name: &'n str) -> &'n str {
        match name {
            "greatest" => "max",
            "least" => "min",
            name => name,
        }
    }

    fn part_word(&self) -> &'static str {
        // Else the parts would be written into each other, each as often as it is named.
        "AS MATERIALIZED ("
    }

    fn helpers(&self, zone: &Zone) -> Vec<Helper> {
        let mut helpers = vec![letters::part()];
        if !clock::is_utc(zone) {
            helpers.push(zone_changes::part(zone));
        }
        helpers
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        let plain = match ty {
            ColumnType::Int | ColumnType::Bool | ColumnType::Time => "INTEGER",
            // A column of another type would turn long decimals into binary numbers.
            ColumnType::Text | ColumnType::Number | ColumnType::Money | ColumnType::Date | ColumnType::List(_) => {
                "TEXT"
            }
        };
        plain.to_owned()
    }

    fn literal(&self, value: Option<&str>, ty: &ColumnType) -> String {
        match (value, ty) {
            (None, _) => "NULL".into(),
            (Some(value), ColumnType::Bool) => if value == "true" { "1" } else { "0" }.into(),
            (Some(value), ColumnType::Int) => format!("CAST({} AS INTEGER)", self.quote_text(value)),
            (Some(value), _) => self.quote_text(value),
        }
    }

    fn read(&self, column: Sql, ty: &ColumnType) -> Sql {
        match ty {
            ColumnType::Number => numbers::number_in(column, 6),
            ColumnType::Money => numbers::number_in(column, 4),
            ColumnType::Date => clock::day_number(column),
            ColumnType::Time => self.millis(column),
            _ => column,
        }
    }

    fn reads_early(&self) -> bool {
        true
    }

    fn parse(&self, column: Sql, ty: &ColumnType) -> Sql {
        let plain = self.trim(column.clone());
        let number = raw("(json_valid({}) AND json_type({}) IN ('integer', 'real'))", [plain.clone(), plain.clone()]);
        match ty {
            ColumnType::Int => when(number, self.fit(cast(plain, "INTEGER"), 0), None),
            ColumnType::Number => when(number, self.fit(numbers::number_in(plain, 6), 6), None),
            ColumnType::Money => when(number, self.fit(numbers::number_in(plain, 4), 4), None),
            ColumnType::Bool => raw("CASE lower({}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END", [plain]),
            _ => self.read(column, ty),
        }
    }

    fn rows(&self, rows: &[String]) -> String {
        let rows: Vec<String> = rows.iter().map(|row| format!("({row})")).collect();
        format!("  SELECT column1 AS entry FROM (VALUES\n    {}\n  )", rows.join(",\n    "))
    }

    fn number(&self, raw: i128, scale: u32) -> Sql {
        numbers::scaled(raw, scale)
    }

    fn rescale(&self, value: Sql, from: u32, to: u32) -> Sql {
        let unit = 10i128.pow(to.saturating_sub(from));
        match value {
            Sql::Int(known) => numbers::scaled(known * unit, to),
            Sql::Null => Sql::Null,
            value if unit == 1 => value,
            value => value.bin("*", int(unit)),
        }
    }

    fn as_decimal(&self, value: Sql, _: u32, _: u32) -> Sql {
        value
    }

    fn fit(&self, value: Sql, _: u32) -> Sql {
        // What has more than 64 bits is a binary number here, and beyond the limit.
        let limit = i128::from(LIMIT);
        let held = call("max", [call("min", [value, int(limit)]), int(-limit)]);
        call("nullif", [call("nullif", [held, int(limit)]), int(-limit)])
    }

    fn sum(&self, op: &'static str, a: Sql, b: Sql, _: u32) -> Sql {
        a.bin(op, b)
    }

    fn product(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        numbers::product(a, b, scale)
    }

    fn quotient(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        numbers::quotient(a, b, scale)
    }

    fn round(&self, value: Sql, from: u32, to: u32) -> Sql {
        numbers::round(value, from, to)
    }

    fn whole_quotient(&self, a: Sql, b: Sql) -> Sql {
        a.bin("/", b)
    }

    fn wide(&self, value: Sql) -> Sql {
        value
    }

    fn share_of(&self, size: i128, left: Sql, over: i128) -> Sql {
        numbers::share_of(size, left, over)
    }

    fn points_of(&self, raw: Sql) -> Sql {
        raw
    }

    fn double(&self, value: Sql) -> Sql {
        match value {
            Sql::Int(known) => raw(&format!("{known}.0"), []),
            value => cast(value, "REAL"),
        }
    }

    fn round_double(&self, value: Sql) -> Sql {
        self.as_whole(call("round", [value]))
    }

    fn as_whole(&self, value: Sql) -> Sql {
        cast(value, "INTEGER")
    }

    fn nine_to_four(&self, nine: Sql, large: bool) -> Sql {
        if large {
            return numbers::nine_to_four(nine);
        }
        self.round_double(nine).bin("+", int(50_000)).bin("/", int(100_000))
    }

    fn points_out(&self, points: Sql) -> Sql {
        numbers::points_out(points)
    }

    fn trim(&self, value: Sql) -> Sql {
        call("trim", [value, raw("' ' || char(9, 10, 13, 160)", [])])
    }

    fn lower(&self, value: Sql) -> Sql {
        // Beside these two no other letter becomes one of ASCII's.
        let kelvin = call("replace", [value, text("\u{212a}"), text("k")]);
        call("lower", [call("replace", [kelvin, text("İ"), text("i")])])
    }

    fn lower_of_data(&self, value: Sql) -> Sql {
        letters::lowered(value)
    }

    fn fold(&self, value: Sql) -> Sql {
        call("replace", [letters::lowered(value), text("ς"), text("σ")])
    }

    fn fold_list(&self, list: Sql) -> Sql {
        // The whole text that holds it: its escapes have no capitals.
        self.fold(list)
    }

    fn words(&self, folded: Sql) -> Sql {
        letters::words(folded)
    }

    fn contains(&self, value: Sql, part: Sql) -> Sql {
        call("instr", [value, part]).bin(">", int(0))
    }

    fn starts_with(&self, value: Sql, part: Sql) -> Sql {
        let length = self.length(part.clone());
        call("substr", [value, int(1), length]).bin("=", part)
    }

    fn ends_with(&self, value: Sql, part: Sql) -> Sql {
        let length = self.length(part.clone());
        call("substr", [value, Sql::Neg(Box::new(length))]).bin("=", part)
    }

    fn regex(&self) -> Flavour {
        RE2
    }

    fn has_regex(&self) -> bool {
        false
    }

    fn matches(&self, _: Sql, _: Sql) -> Sql {
        Sql::Null
    }

    fn is_number(&self, trimmed: Sql, micros: i128) -> Sql {
        numbers::is_number(trimmed, micros)
    }

    fn host(&self, address: Sql) -> Sql {
        domain::host(address)
    }

    fn domain(&self, address: Sql) -> Option<Sql> {
        Some(domain::whole(address))
    }

    fn bare_host(&self, host: Sql) -> Sql {
        bound(host, "found", domain::BARE)
    }

    fn dotted(&self, bare: Sql) -> Sql {
        bound(bare, "found", domain::DOTTED)
    }

    fn millis(&self, instant: Sql) -> Sql {
        clock::millis(instant)
    }

    fn instant(&self, millis: Sql) -> Sql {
        clock::instant(millis)
    }

    fn now(&self) -> Sql {
        raw("CAST(strftime('%s', 'now') AS INTEGER) * 1000 + CAST(substr(strftime('%f', 'now'), 4) AS INTEGER)", [])
    }

    fn parameter(&self) -> Sql {
        self.millis(raw(":as_of", []))
    }

    fn day(&self, millis: Sql, zone: &Zone) -> Sql {
        clock::day(millis, zone)
    }

    fn start_of_day(&self, day: Sql, zone: &Zone) -> Sql {
        clock::start_of_day(day, zone)
    }

    fn months_later(&self, millis: Sql, months: i64, zone: &Zone) -> Sql {
        clock::months_later(millis, months, zone)
    }

    fn date(&self, day: i32) -> Sql {
        int(day).remark(from_days(day).to_string())
    }

    fn date_months_later(&self, day: Sql, months: i64) -> Sql {
        clock::date_months_later(day, months)
    }

    fn week(&self, day: Sql) -> Sql {
        // 1970-01-01 was a Thursday; a whole number of weeks makes what is cut off positive.
        day.bin("+", int(719_533)).bin("/", int(7))
    }

    fn month(&self, day: Sql) -> Sql {
        raw("strftime('%Y-%m', {} * 86400, 'unixepoch')", [day])
    }

    fn entries(&self, list: Sql, change: Each<'_>, keep: Option<Each<'_>>) -> Sql {
        let changed = change(raw("j.value", []));
        let kept = keep.map_or(Sql::Bool(true), |keep| keep(raw("k.entry", [])));
        let entries = raw(
            "(SELECT json_group_array(k.entry) FROM (SELECT {} AS entry FROM json_each({}) AS j) AS k WHERE {})",
            [changed, list.clone(), kept],
        );
        self.if_known(list, entries)
    }

    fn any_entry(&self, list: Sql, holds: Each<'_>) -> Sql {
        raw("EXISTS (SELECT 1 FROM json_each({}) AS j WHERE {})", [list, holds(raw("j.value", []))])
    }

    fn has(&self, list: Sql, value: Sql) -> Sql {
        let found = raw("EXISTS (SELECT 1 FROM json_each({}) AS j WHERE j.value = {})", [list.clone(), value]);
        self.if_known(list, found)
    }

    fn size(&self, list: Sql) -> Sql {
        call("json_array_length", [list])
    }

    fn list_of(&self, _: &ColumnType) -> String {
        "TEXT".to_owned()
    }

    fn aggregate(&self, function: &str, value: Option<Sql>, distinct: bool, filter: Sql) -> Sql {
        let of = |argument: Sql| Sql::Agg(Box::new(call(function, [argument])), Box::new(filter.clone()));
        match (value, function) {
            (None, _) => of(raw("*", [])),
            // A sum of more than 64 bits is an error: halves are added up.
            (Some(value), "sum") => {
                let half = int(1_000_000_000);
                let high = of(value.clone().bin("/", half.clone())).bin("*", half.clone());
                high.bin("+", of(value.bin("%", half)))
            }
            (Some(value), _) if distinct => of(raw("DISTINCT {}", [value])),
            (Some(value), _) => of(value),
        }
    }

    fn nested_events(&self, nested: &Nested<'_>) -> Option<String> {
        let Nested { leads, key, list, event_key, columns } = nested;
        let mut selected = Vec::new();
        for (name, _) in *columns {
            let bare = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
            if bare.contains('"') {
                // A path through JSON has no escape for it.
                return None;
            }
            selected
                .push(format!("json_extract(event.value, {}) AS {name}", self.quote_text(&format!("$.\"{bare}\""))));
        }
        Some(format!(
            "(\n    SELECT s.{key} AS {event_key}, {}\n    FROM {leads} AS s, json_each(s.{list}) AS event\n  )",
            selected.join(", ")
        ))
    }

    fn same(&self, a: Sql, b: Sql) -> Sql {
        a.bin("IS", b)
    }

    fn wrap(&self, wrap: &Wrap, query: &str, columns: &[String]) -> String {
        let name = |name: &str| name.split('.').map(|part| self.quote_name(part)).collect::<Vec<_>>().join(".");
        match wrap {
            Wrap::Query => query.to_owned(),
            Wrap::View(view) => format!("DROP VIEW IF EXISTS {0};\nCREATE VIEW {0} AS\n{query}", name(view)),
            Wrap::Table(table) => format!("DROP TABLE IF EXISTS {0};\nCREATE TABLE {0} AS\n{query}", name(table)),
            // There is no MERGE: a row whose key is in a unique index already takes the old one's place.
            Wrap::Merge(table) => format!("INSERT OR REPLACE INTO {} ({})\n{query}", name(table), columns.join(", ")),
        }
    }
}
