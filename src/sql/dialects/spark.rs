//! Spark SQL, 4 and later, and Databricks.

use crate::model::time::Zone;
use crate::sql::dialect::{Dialect, Each, Nested, merge};
use crate::sql::quoting::{backslashed, plain_or_quoted};
use crate::sql::regex::{Flavour, JAVA};
use crate::sql::tree::{Sql, call, cast, int, raw, text, when};
use crate::sql::{ColumnType, Wrap};

/// The dialect.
#[derive(Debug)]
pub struct Spark;

impl Spark {
    /// Milliseconds as a clock's reading in UTC, without a zone.
    fn reading(&self, millis: Sql) -> Sql {
        raw(
            "(TIMESTAMP_NTZ '1970-01-01 00:00:00' + make_dt_interval(0, 0, 0, CAST({} AS DECIMAL(18,0)) / 1000))",
            [millis],
        )
    }

    /// The milliseconds of a reading in UTC.
    fn millis_of_reading(&self, reading: Sql) -> Sql {
        let part = |name: &str| call(name, [reading.clone()]);
        let days = call("datediff", [cast(reading.clone(), "DATE"), raw("DATE '1970-01-01'", [])]);
        let clock = part("hour").bin("*", int(3_600_000)).bin("+", part("minute").bin("*", int(60_000)));
        let seconds = raw("CAST(extract(SECOND FROM {}) * 1000 AS BIGINT)", [reading.clone()]);
        cast(days, "BIGINT").bin("*", int(86_400_000)).bin("+", clock).bin("+", seconds)
    }

    fn moved(&self, reading: Sql, from: &str, to: &str) -> Sql {
        call("convert_timezone", [text(from), text(to), reading])
    }
}

impl Dialect for Spark {
    fn name(&self) -> &'static str {
        "spark"
    }

    fn title(&self) -> &'static str {
        "Spark"
    }

    fn quote_name(&self, name: &str) -> String {
        plain_or_quoted(name, &["anti", "interval", "x", "q"], '`')
    }

    fn quote_text(&self, text: &str) -> String {
        backslashed(text)
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        match ty {
            ColumnType::Text => "STRING".into(),
            ColumnType::Int => "BIGINT".into(),
            ColumnType::Number => "DECIMAL(18,6)".into(),
            ColumnType::Money => "DECIMAL(18,4)".into(),
            ColumnType::Bool => "BOOLEAN".into(),
            ColumnType::Date => "DATE".into(),
            ColumnType::Time => "TIMESTAMP".into(),
            ColumnType::List(of) => self.list_of(of),
        }
    }

    fn list_of(&self, ty: &ColumnType) -> String {
        format!("ARRAY<{}>", self.column_type(ty))
    }

    fn fit(&self, value: Sql, scale: u32) -> Sql {
        Sql::Cast("TRY_CAST", Box::new(value), self.decimal_type(18, scale))
    }

    fn sum(&self, op: &'static str, a: Sql, b: Sql, scale: u32) -> Sql {
        self.as_decimal(a, 24, scale).bin(op, self.as_decimal(b, 24, scale))
    }

    fn product(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        let product = self.as_decimal(a.0, 18, a.1).bin("*", self.as_decimal(b.0, 18, b.1));
        if a.1 + b.1 > scale { call("round", [product, int(scale)]) } else { product }
    }

    fn quotient(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        let whole = |value: Sql, digits: u32, from: u32| {
            let unit = cast(int(10i128.pow(digits)), "DECIMAL(19,0)");
            cast(self.as_decimal(value, 18, from).bin("*", unit), "DECIMAL(38,0)")
        };
        let (up, down) = if scale + b.1 >= a.1 { (scale + b.1 - a.1, 0) } else { (0, a.1 - scale - b.1) };
        let n = whole(a.0, a.1 + up, a.1);
        let d = whole(b.0, b.1 + down, b.1);
        // The quotient of whole numbers has 64 bits: one that does not fit is asked for before.
        let whole = raw(
            "transform(array(struct({} AS n, {} AS d)), q -> CASE WHEN abs(q.n) < abs(q.d) * 1000000000000000000 \
             THEN CASE WHEN (q.n < 0) = (q.d < 0) THEN 1 ELSE -1 END * \
             ((2 * abs(q.n) + abs(q.d)) div (2 * abs(q.d))) END)[0]",
            [n, d],
        );
        self.as_decimal(whole, 19, 0).bin("*", cast(Sql::Dec(1, scale), self.decimal_type(18, scale)))
    }

    fn whole_quotient(&self, a: Sql, b: Sql) -> Sql {
        a.bin("div", b)
    }

    fn points_of(&self, raw: Sql) -> Sql {
        self.as_decimal(raw, 28, 0).bin("*", cast(Sql::Dec(1, 4), "DECIMAL(4,4)"))
    }

    fn double(&self, value: Sql) -> Sql {
        cast(value, "DOUBLE")
    }

    fn trim(&self, value: Sql) -> Sql {
        call("btrim", [value, text(" \t\n\r\u{a0}")])
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
        call("contains", [value, part])
    }

    fn starts_with(&self, value: Sql, part: Sql) -> Sql {
        call("startswith", [value, part])
    }

    fn ends_with(&self, value: Sql, part: Sql) -> Sql {
        call("endswith", [value, part])
    }

    fn regex(&self) -> Flavour {
        JAVA
    }

    fn matches(&self, value: Sql, pattern: Sql) -> Sql {
        call("regexp_like", [value, pattern])
    }

    fn host(&self, address: Sql) -> Sql {
        let behind = |address: Sql| call("substring_index", [address, text("@"), int(-1)]);
        let cut = call("left", [address.clone(), self.length(address.clone()).bin("-", int(1))]);
        let scheme = call("regexp_extract", [address.clone(), text(r"://(?:[^/?#]*@)?([^/?#@:]*)"), int(1)]);
        let mail = when(self.ends_with(address.clone(), text(">")), behind(cut), Some(behind(address.clone())));
        let plain = call("regexp_extract", [address.clone(), text("^[^/?#:]*"), int(0)]);
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
        self.millis(raw("CAST(:as_of AS TIMESTAMP)", []))
    }

    fn day(&self, millis: Sql, zone: &Zone) -> Sql {
        let reading = self.reading(millis);
        let local = if zone.name() == "UTC" { reading } else { self.moved(reading, "UTC", zone.name()) };
        cast(local, "DATE")
    }

    fn start_of_day(&self, day: Sql, zone: &Zone) -> Sql {
        let midnight = cast(day, "TIMESTAMP_NTZ");
        self.millis_of_reading(self.moved(midnight, zone.name(), "UTC"))
    }

    fn months_later(&self, millis: Sql, months: i64, zone: &Zone) -> Sql {
        let local = self.moved(self.reading(millis), "UTC", zone.name());
        let later = local.bin("+", call("make_ym_interval", [int(0), int(months)]));
        self.millis_of_reading(self.moved(later, zone.name(), "UTC"))
    }

    fn days_later(&self, day: Sql, days: i64) -> Sql {
        call("date_add", [day, int(days)])
    }

    fn date_months_later(&self, day: Sql, months: i64) -> Sql {
        call("add_months", [day, int(months)])
    }

    fn week(&self, day: Sql) -> Sql {
        call("trunc", [day, text("WEEK")])
    }

    fn month(&self, day: Sql) -> Sql {
        call("trunc", [day, text("MONTH")])
    }

    fn entries(&self, list: Sql, change: Each<'_>, keep: Option<Each<'_>>) -> Sql {
        let changed = raw("transform({}, x -> {})", [list, change(raw("x", []))]);
        match keep {
            Some(keep) => raw("filter({}, x -> {})", [changed, keep(raw("x", []))]),
            None => changed,
        }
    }

    fn any_entry(&self, list: Sql, holds: Each<'_>) -> Sql {
        raw("exists({}, x -> coalesce({}, FALSE))", [list, holds(raw("x", []))])
    }

    fn nested_events(&self, nested: &Nested<'_>) -> Option<String> {
        let Nested { leads, key, list, event_key, .. } = nested;
        Some(format!(
            "(\n    SELECT n.{event_key}, n.event.*\n    FROM (SELECT s.{key} AS {event_key}, explode(s.{list}) AS event FROM {leads} AS s) AS n\n  )"
        ))
    }

    fn has(&self, list: Sql, value: Sql) -> Sql {
        call("array_contains", [list, value])
    }

    fn size(&self, list: Sql) -> Sql {
        call("array_size", [list])
    }

    fn row_number(&self) -> Sql {
        cast(raw("row_number() OVER (ORDER BY monotonically_increasing_id())", []), "STRING")
    }

    fn same(&self, a: Sql, b: Sql) -> Sql {
        a.bin("<=>", b)
    }

    fn in_part(&self, value: Sql, part: String, negated: bool) -> Sql {
        // A question to another part stands in conditions on rows only.
        let entries = Sql::Raw(vec![crate::sql::tree::Piece::Text(format!(
            "(SELECT collect_list(entry) FROM {})",
            self.quote_name(&part)
        ))]);
        let found = call("array_contains", [entries, value]);
        if negated { Sql::Not(Box::new(found)) } else { found }
    }
    fn wrap(&self, wrap: &Wrap, query: &str, columns: &[String]) -> String {
        let name = |name: &str| name.split('.').map(|part| self.quote_name(part)).collect::<Vec<_>>().join(".");
        match wrap {
            Wrap::Query => query.to_owned(),
            Wrap::View(view) => format!("CREATE OR REPLACE VIEW {} AS\n{query}", name(view)),
            // Only some kinds of tables can be replaced.
            Wrap::Table(table) => format!("DROP TABLE IF EXISTS {0};\nCREATE TABLE {0} AS\n{query}", name(table)),
            Wrap::Merge(table) => merge(&name(table), query, columns),
        }
    }
}
