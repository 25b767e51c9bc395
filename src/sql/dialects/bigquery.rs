//! BigQuery.

use crate::model::time::Zone;
use crate::sql::ColumnType;
use crate::sql::dialect::{Dialect, Each, Nested};
use crate::sql::quoting::{backslashed, plain_or_quoted};
use crate::sql::regex::{Flavour, RE2};
use crate::sql::tree::{Sql, call, cast, int, raw, text, when};

/// The dialect.
#[derive(Debug)]
pub struct BigQuery;

impl Dialect for BigQuery {
    fn name(&self) -> &'static str {
        "bigquery"
    }

    fn title(&self) -> &'static str {
        "BigQuery"
    }

    fn quote_name(&self, name: &str) -> String {
        // No column's name has a dot: it is a path through records.
        if name.contains('.') && name.split('.').all(|part| !part.is_empty()) {
            return name.split('.').map(|part| self.quote_name(part)).collect::<Vec<_>>().join(".");
        }
        // In backticks a backslash escapes.
        let plain = plain_or_quoted(name, &[], '`');
        if plain.starts_with('`') {
            return format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`").replace('\n', "\\n"));
        }
        plain
    }

    fn quote_text(&self, text: &str) -> String {
        backslashed(text)
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        match ty {
            ColumnType::Text | ColumnType::List(_) => "STRING".into(),
            ColumnType::Int => "INT64".into(),
            ColumnType::Number => "NUMERIC(18,6)".into(),
            ColumnType::Money => "NUMERIC(18,4)".into(),
            ColumnType::Bool => "BOOL".into(),
            ColumnType::Date => "DATE".into(),
            ColumnType::Time => "TIMESTAMP".into(),
        }
    }

    fn read(&self, column: Sql, ty: &ColumnType) -> Sql {
        match ty {
            ColumnType::Time => self.millis(column),
            ColumnType::List(_) => call("json_value_array", [column]),
            _ => column,
        }
    }

    fn entry(&self, value: Sql, ty: &ColumnType) -> Sql {
        match ty {
            ColumnType::Text => value,
            ty => self.read(cast(value, self.column_type(ty)), ty),
        }
    }

    fn decimal_type(&self, digits: u32, scale: u32) -> String {
        if digits <= 29 { format!("NUMERIC({digits},{scale})") } else { "BIGNUMERIC".into() }
    }

    fn rows(&self, rows: &[String]) -> String {
        format!("  SELECT entry FROM UNNEST([\n    {}\n  ]) AS entry", rows.join(",\n    "))
    }

    fn fit(&self, value: Sql, scale: u32) -> Sql {
        Sql::Cast("SAFE_CAST", Box::new(value), self.decimal_type(18, scale))
    }

    fn product(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        let product = cast(a.0, "BIGNUMERIC").bin("*", cast(b.0, "BIGNUMERIC"));
        if a.1 + b.1 > scale { call("round", [product, int(scale)]) } else { product }
    }

    fn quotient(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        // No tie lies nearer than the 38 digits behind the point can tell.
        let quotient = call("safe_divide", [cast(a.0, "BIGNUMERIC"), cast(b.0, "BIGNUMERIC")]);
        call("round", [quotient, int(scale)])
    }

    fn whole_quotient(&self, a: Sql, b: Sql) -> Sql {
        call("div", [a, b])
    }

    fn points_of(&self, raw_points: Sql) -> Sql {
        cast(raw_points, "NUMERIC").bin("*", raw("NUMERIC '0.0001'", []))
    }

    fn decimal(&self, plain: &str, _: u32) -> String {
        format!("NUMERIC '{plain}'")
    }

    fn double(&self, value: Sql) -> Sql {
        cast(value, "FLOAT64")
    }

    fn as_whole(&self, value: Sql) -> Sql {
        cast(value, "INT64")
    }

    fn parse(&self, column: Sql, ty: &ColumnType) -> Sql {
        let cast = Sql::Cast("SAFE_CAST", Box::new(column), self.column_type(ty));
        self.read(cast, ty)
    }

    fn trim(&self, value: Sql) -> Sql {
        call("trim", [value, text(" \t\n\r\u{a0}")])
    }

    fn lower(&self, value: Sql) -> Sql {
        call("lower", [call("translate", [value, text("İΣ"), text("iσ")])])
    }

    fn words(&self, folded: Sql) -> Sql {
        const SEPARATORS: &str =
            r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\x{80}-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]+";
        let row = call("regexp_replace", [folded, text(SEPARATORS), text(" ")]);
        text(" ").bin("||", row).bin("||", text(" "))
    }

    fn contains(&self, value: Sql, part: Sql) -> Sql {
        call("strpos", [value, part]).bin(">", int(0))
    }

    fn starts_with(&self, value: Sql, part: Sql) -> Sql {
        call("starts_with", [value, part])
    }

    fn ends_with(&self, value: Sql, part: Sql) -> Sql {
        call("ends_with", [value, part])
    }

    fn like(&self, value: Sql, pattern: &str) -> Sql {
        let mut written = String::from("(?s)\\A");
        for c in pattern.chars() {
            match c {
                '*' => written.push_str(".*"),
                '?' => written.push('.'),
                c if c.is_ascii_punctuation() => written.extend(['\\', c]),
                c => written.push(c),
            }
        }
        written.push_str("\\z");
        self.matches(value, text(written))
    }

    fn regex(&self) -> Flavour {
        RE2
    }

    fn matches(&self, value: Sql, pattern: Sql) -> Sql {
        call("regexp_contains", [value, pattern])
    }

    fn host(&self, address: Sql) -> Sql {
        let behind = |address: Sql| call("regexp_extract", [address, text("([^@]*)\\z")]);
        let shorter = self.length(address.clone()).bin("-", int(1));
        let cut = call("substr", [address.clone(), int(1), shorter]);
        let scheme = call("regexp_extract", [address.clone(), text(r"://(?:[^/?#]*@)?([^/?#@:]*)")]);
        let mail = when(self.ends_with(address.clone(), text(">")), behind(cut), Some(behind(address.clone())));
        let plain = call("regexp_extract", [address.clone(), text("^[^/?#:]*")]);
        Sql::Case(
            None,
            vec![(self.contains(address.clone(), text("://")), scheme), (self.contains(address, text("@")), mail)],
            Some(Box::new(plain)),
        )
    }

    fn millis(&self, instant: Sql) -> Sql {
        call("unix_millis", [instant])
    }

    fn instant(&self, millis: Sql) -> Sql {
        call("timestamp_millis", [millis])
    }

    fn now(&self) -> Sql {
        self.millis(raw("current_timestamp()", []))
    }

    fn parameter(&self) -> Sql {
        self.millis(raw("CAST(@as_of AS TIMESTAMP)", []))
    }

    fn day(&self, millis: Sql, zone: &Zone) -> Sql {
        call("date", [self.instant(millis), text(zone.name())])
    }

    fn start_of_day(&self, day: Sql, zone: &Zone) -> Sql {
        self.millis(call("timestamp", [day, text(zone.name())]))
    }

    fn months_later(&self, millis: Sql, months: i64, zone: &Zone) -> Sql {
        let local = call("datetime", [self.instant(millis), text(zone.name())]);
        let later = raw("datetime_add({}, INTERVAL {} MONTH)", [local, int(months)]);
        self.millis(call("timestamp", [later, text(zone.name())]))
    }

    fn days_later(&self, day: Sql, days: i64) -> Sql {
        raw("date_add({}, INTERVAL {} DAY)", [day, int(days)])
    }

    fn date_months_later(&self, day: Sql, months: i64) -> Sql {
        raw("date_add({}, INTERVAL {} MONTH)", [day, int(months)])
    }

    fn week(&self, day: Sql) -> Sql {
        raw("date_trunc({}, ISOWEEK)", [day])
    }

    fn month(&self, day: Sql) -> Sql {
        raw("date_trunc({}, MONTH)", [day])
    }

    fn entries(&self, list: Sql, change: Each<'_>, keep: Option<Each<'_>>) -> Sql {
        let changed = change(raw("x", []));
        let keep = keep.map_or(Sql::Bool(true), |keep| keep(raw("y", [])));
        let entries = raw(
            "ARRAY(SELECT y FROM (SELECT {} AS y, n FROM UNNEST({}) AS x WITH OFFSET AS n) WHERE {} ORDER BY n)",
            [changed, list.clone(), keep],
        );
        when(list.known(), entries, None)
    }

    fn any_entry(&self, list: Sql, holds: Each<'_>) -> Sql {
        raw("EXISTS (SELECT 1 FROM UNNEST({}) AS x WHERE {})", [list, holds(raw("x", []))])
    }

    fn nested_events(&self, nested: &Nested<'_>) -> Option<String> {
        let Nested { leads, key, list, event_key, .. } = nested;
        Some(format!(
            "(\n    SELECT s.{key} AS {event_key}, event.*\n    FROM {leads} AS s CROSS JOIN UNNEST(s.{list}) AS event\n  )"
        ))
    }

    fn has(&self, list: Sql, value: Sql) -> Sql {
        when(list.clone().known(), raw("{} IN UNNEST({})", [value, list]), None)
    }

    fn size(&self, list: Sql) -> Sql {
        call("array_length", [list])
    }

    fn aggregate(&self, function: &str, value: Option<Sql>, distinct: bool, filter: Sql) -> Sql {
        let Some(value) = value else { return call("countif", [filter]) };
        let of = if filter == Sql::Bool(true) { value } else { call("if", [filter, value, Sql::Null]) };
        call(function, [if distinct { raw("DISTINCT {}", [of]) } else { of }])
    }
}
