//! PostgreSQL, 15 and later.

use crate::model::time::{Zone, from_days};
use crate::sql::dialect::{Dialect, Each, Nested, merge};
use crate::sql::quoting::{doubled_quotes, plain_or_quoted};
use crate::sql::regex::{Flavour, POSTGRES};
use crate::sql::tree::{Sql, call, cast, int, raw, text, when};
use crate::sql::{ColumnType, Wrap};

/// The dialect.
#[derive(Debug)]
pub struct Postgres;

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn title(&self) -> &'static str {
        "PostgreSQL"
    }

    fn quote_name(&self, name: &str) -> String {
        plain_or_quoted(name, &[], '"')
    }

    fn quote_text(&self, text: &str) -> String {
        if !text.contains(|c: char| c == '\\' || c.is_control() || c == '\u{a0}') {
            return doubled_quotes(text);
        }
        // Whatever `standard_conforming_strings` says.
        let mut out = String::from("E'");
        for c in text.chars() {
            match c {
                '\'' => out.push_str("''"),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\0' => {}
                c if c.is_control() || c == '\u{a0}' => out.push_str(&format!("\\u{:04x}", c as u32)),
                c => out.push(c),
            }
        }
        out.push('\'');
        out
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        match ty {
            ColumnType::Text => "TEXT".into(),
            ColumnType::Int => "BIGINT".into(),
            ColumnType::Number => "DECIMAL(18,6)".into(),
            ColumnType::Money => "DECIMAL(18,4)".into(),
            ColumnType::Bool => "BOOLEAN".into(),
            ColumnType::Date => "DATE".into(),
            ColumnType::Time => "TIMESTAMPTZ".into(),
            ColumnType::List(of) => self.list_of(of),
        }
    }

    fn quotient(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        // No tie lies nearer than thirty digits can tell.
        let numerator = self.as_decimal(a.0, 68, 30);
        call("round", [numerator.bin("/", call("nullif", [b.0, int(0)])), int(scale)])
    }

    fn whole_quotient(&self, a: Sql, b: Sql) -> Sql {
        call("div", [a, b])
    }

    fn power(&self, base: Sql, exponent: Sql) -> Sql {
        // A power too small for a floating-point number is an error here.
        call("power", [base, call("greatest", [exponent, int(-1000)])])
    }

    fn parse(&self, column: Sql, ty: &ColumnType) -> Sql {
        let written = self.trim(cast(column.clone(), "TEXT"));
        let number = raw("{} ~ '^[+-]?[0-9]{1,400}([.][0-9]+)?$'", [written.clone()]);
        match ty {
            ColumnType::Int => when(number, self.fit(cast(written, "DECIMAL"), 0), None),
            ColumnType::Number => when(number, self.fit(call("round", [cast(written, "DECIMAL"), int(6)]), 6), None),
            ColumnType::Money => when(number, self.fit(call("round", [cast(written, "DECIMAL"), int(4)]), 4), None),
            _ => self.read(cast(column, self.column_type(ty)), ty),
        }
    }

    fn trim(&self, value: Sql) -> Sql {
        raw("{} COLLATE \"C\"", [call("btrim", [value, text(" \t\n\r\u{a0}")])])
    }

    fn lower(&self, value: Sql) -> Sql {
        // ICU's lower case is one to one but for these two.
        let simple = call("translate", [value, text("İΣ"), text("iσ")]);
        raw("lower({} COLLATE \"und-x-icu\") COLLATE \"C\"", [simple])
    }

    fn words(&self, folded: Sql) -> Sql {
        const SEPARATORS: &str = r"[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\u0080-\u00bf\u2000-\u206f\u3000-\u303f]+";
        let row = call("regexp_replace", [folded, text(SEPARATORS), text(" "), text("g")]);
        text(" ").bin("||", row).bin("||", text(" "))
    }

    fn contains(&self, value: Sql, part: Sql) -> Sql {
        call("strpos", [value, part]).bin(">", int(0))
    }

    fn starts_with(&self, value: Sql, part: Sql) -> Sql {
        call("starts_with", [value, part])
    }

    fn ends_with(&self, value: Sql, part: Sql) -> Sql {
        call("right", [value, self.length(part.clone())]).bin("=", part)
    }

    fn regex(&self) -> Flavour {
        POSTGRES
    }

    fn matches(&self, value: Sql, pattern: Sql) -> Sql {
        raw("({} ~ {})", [value, pattern])
    }

    fn host(&self, address: Sql) -> Sql {
        let behind = |address: Sql| raw("substring({} from '[^@]*$')", [address]);
        let cut = call("left", [address.clone(), int(-1)]);
        let scheme = raw("substring({} from '://(?:[^/?#]*@)?([^/?#@:]*)')", [address.clone()]);
        let mail = when(self.ends_with(address.clone(), text(">")), behind(cut), Some(behind(address.clone())));
        let plain = raw("substring({} from '^[^/?#:]*')", [address.clone()]);
        Sql::Case(
            None,
            vec![(self.contains(address.clone(), text("://")), scheme), (self.contains(address, text("@")), mail)],
            Some(Box::new(plain)),
        )
    }

    fn millis(&self, instant: Sql) -> Sql {
        raw("CAST(floor(extract(epoch FROM {}) * 1000) AS BIGINT)", [instant])
    }

    fn instant(&self, millis: Sql) -> Sql {
        raw(
            "(TIMESTAMPTZ '1970-01-01 00:00:00+00' + {} / 3600000 * INTERVAL '1 hour' + {} % 3600000 * INTERVAL '1 millisecond')",
            [millis.clone(), millis],
        )
    }

    fn now(&self) -> Sql {
        self.millis(raw("now()", []))
    }

    fn parameter(&self) -> Sql {
        self.millis(raw("CAST($1 AS TIMESTAMPTZ)", []))
    }

    fn day(&self, millis: Sql, zone: &Zone) -> Sql {
        raw("CAST({} AT TIME ZONE {} AS DATE)", [self.instant(millis), text(zone.name())])
    }

    fn start_of_day(&self, day: Sql, zone: &Zone) -> Sql {
        self.millis(raw("(CAST({} AS TIMESTAMP) AT TIME ZONE {})", [day, text(zone.name())]))
    }

    fn months_later(&self, millis: Sql, months: i64, zone: &Zone) -> Sql {
        let zone = || text(zone.name());
        let moved = raw(
            "(({} AT TIME ZONE {} + make_interval(months => {})) AT TIME ZONE {})",
            [self.instant(millis), zone(), int(months), zone()],
        );
        self.millis(moved)
    }

    fn date(&self, day: i32) -> Sql {
        let date = from_days(day);
        if date.year() < 1 {
            // The year before 1.
            return call("make_date", [int(-1), int(date.month()), int(date.day())]);
        }
        raw("DATE {}", [text(date.to_string())])
    }

    fn date_months_later(&self, day: Sql, months: i64) -> Sql {
        raw("CAST({} + make_interval(months => {}) AS DATE)", [day, int(months)])
    }

    fn week(&self, day: Sql) -> Sql {
        call("date_trunc", [text("week"), cast(day, "TIMESTAMP")])
    }

    fn month(&self, day: Sql) -> Sql {
        call("date_trunc", [text("month"), cast(day, "TIMESTAMP")])
    }

    fn entries(&self, list: Sql, change: Each<'_>, keep: Option<Each<'_>>) -> Sql {
        let changed = change(raw("x", []));
        let keep = keep.map_or(Sql::Bool(true), |keep| keep(raw("y", [])));
        let entries = raw(
            "ARRAY(SELECT y FROM (SELECT {} AS y, n FROM unnest({}) WITH ORDINALITY AS u (x, n)) AS v WHERE {} ORDER BY n)",
            [changed, list.clone(), keep],
        );
        when(list.known(), entries, None)
    }

    fn any_entry(&self, list: Sql, holds: Each<'_>) -> Sql {
        raw("EXISTS (SELECT 1 FROM unnest({}) AS u (x) WHERE {})", [list, holds(raw("x", []))])
    }

    fn nested_events(&self, nested: &Nested<'_>) -> Option<String> {
        let Nested { leads, key, list, event_key, columns } = nested;
        let columns: Vec<String> = columns.iter().map(|(name, ty)| format!("{name} {ty}")).collect();
        Some(format!(
            "(\n    SELECT s.{key} AS {event_key}, event.*\n    FROM {leads} AS s\n    CROSS JOIN LATERAL jsonb_to_recordset(CAST(s.{list} AS jsonb)) AS event ({})\n  )",
            columns.join(", ")
        ))
    }

    fn has(&self, list: Sql, value: Sql) -> Sql {
        raw("({} = ANY ({}))", [value, list])
    }

    fn size(&self, list: Sql) -> Sql {
        call("cardinality", [list])
    }

    fn wrap(&self, wrap: &Wrap, query: &str, columns: &[String]) -> String {
        let name = |name: &str| name.split('.').map(|part| self.quote_name(part)).collect::<Vec<_>>().join(".");
        match wrap {
            Wrap::Query => query.to_owned(),
            Wrap::View(view) => format!("CREATE OR REPLACE VIEW {} AS\n{query}", name(view)),
            Wrap::Table(table) => {
                format!("DROP TABLE IF EXISTS {};\nCREATE TABLE {} AS\n{query}", name(table), name(table))
            }
            Wrap::Merge(table) => merge(&name(table), query, columns),
        }
    }
}
