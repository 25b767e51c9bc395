//! Snowflake.

use crate::model::time::Zone;
use crate::sql::ColumnType;
use crate::sql::dialect::{Dialect, Each, Nested};
use crate::sql::quoting::{backslashed, plain_or_quoted};
use crate::sql::regex::{Flavour, SNOWFLAKE};
use crate::sql::tree::{Sql, call, cast, int, raw, text, when};

/// The dialect.
#[derive(Debug)]
pub struct Snowflake;

impl Dialect for Snowflake {
    fn name(&self) -> &'static str {
        "snowflake"
    }

    fn title(&self) -> &'static str {
        "Snowflake"
    }

    fn quote_name(&self, name: &str) -> String {
        plain_or_quoted(name, &["x", "account", "connect", "database", "increment", "issue", "schema"], '"')
    }

    fn quote_text(&self, text: &str) -> String {
        backslashed(text)
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        match ty {
            ColumnType::Text => "VARCHAR".into(),
            ColumnType::Int => "NUMBER(18,0)".into(),
            ColumnType::Number => "NUMBER(18,6)".into(),
            ColumnType::Money => "NUMBER(18,4)".into(),
            ColumnType::Bool => "BOOLEAN".into(),
            ColumnType::Date => "DATE".into(),
            ColumnType::Time => "TIMESTAMP_TZ".into(),
            ColumnType::List(_) => "ARRAY".into(),
        }
    }

    fn entry(&self, value: Sql, ty: &ColumnType) -> Sql {
        self.read(cast(value, self.column_type(ty)), ty)
    }

    fn rows(&self, rows: &[String]) -> String {
        let rows: Vec<String> = rows.iter().map(|row| format!("({row})")).collect();
        format!("  SELECT column1 AS entry FROM VALUES\n    {}", rows.join(",\n    "))
    }

    fn decimal_type(&self, digits: u32, scale: u32) -> String {
        format!("NUMBER({digits},{scale})")
    }

    fn product(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        let product = self.as_decimal(a.0, 18, a.1).bin("*", self.as_decimal(b.0, 18, b.1));
        if a.1 + b.1 > scale { call("round", [product, int(scale)]) } else { product }
    }

    fn quotient(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        // A quotient has few digits here: whole numbers are divided that leave nothing.
        let whole = |value: Sql, digits: u32, from: u32| {
            cast(self.as_decimal(value, 38, from).bin("*", int(10i128.pow(digits))), "NUMBER(38,0)")
        };
        let (up, down) = if scale + b.1 >= a.1 { (scale + b.1 - a.1, 0) } else { (0, a.1 - scale - b.1) };
        let n = whole(a.0, a.1 + up, a.1);
        let d = whole(b.0, b.1 + down, b.1);
        let twice = int(2).bin("*", call("abs", [n.clone()])).bin("+", call("abs", [d.clone()]));
        let by = call("nullif", [int(2).bin("*", call("abs", [d.clone()])), int(0)]);
        let sign = call("sign", [n]).bin("*", call("sign", [d]));
        let whole = self.whole_quotient(twice, by);
        self.as_decimal(sign.bin("*", whole), 38, 0).bin("*", Sql::Dec(1, scale))
    }

    fn whole_quotient(&self, a: Sql, b: Sql) -> Sql {
        let whole = a.clone().bin("-", call("mod", [a, b.clone()])).bin("/", b);
        cast(whole, "NUMBER(38,0)")
    }

    fn double(&self, value: Sql) -> Sql {
        cast(value, "DOUBLE")
    }

    fn as_whole(&self, value: Sql) -> Sql {
        cast(value, "NUMBER(38,0)")
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
        call("contains", [value, part])
    }

    fn starts_with(&self, value: Sql, part: Sql) -> Sql {
        call("startswith", [value, part])
    }

    fn ends_with(&self, value: Sql, part: Sql) -> Sql {
        call("endswith", [value, part])
    }

    fn regex(&self) -> Flavour {
        SNOWFLAKE
    }

    fn matches(&self, value: Sql, pattern: Sql) -> Sql {
        call("regexp_instr", [value, pattern]).bin(">", int(0))
    }

    fn host(&self, address: Sql) -> Sql {
        let behind = |address: Sql| call("regexp_substr", [address, text("[^@]*$")]);
        let shorter = self.length(address.clone()).bin("-", int(1));
        let cut = call("left", [address.clone(), shorter]);
        let first = int(1);
        let scheme = call(
            "regexp_substr",
            [address.clone(), text(r"://([^/?#]*@)?([^/?#@:]*)"), first.clone(), first, text("e"), int(2)],
        );
        let mail = when(self.ends_with(address.clone(), text(">")), behind(cut), Some(behind(address.clone())));
        let plain = call("regexp_substr", [address.clone(), text("^[^/?#:]*")]);
        Sql::Case(
            None,
            vec![(self.contains(address.clone(), text("://")), scheme), (self.contains(address, text("@")), mail)],
            Some(Box::new(plain)),
        )
    }

    fn millis(&self, instant: Sql) -> Sql {
        raw("date_part(epoch_millisecond, {})", [instant])
    }

    fn instant(&self, millis: Sql) -> Sql {
        cast(call("to_timestamp_ltz", [millis, int(3)]), "TIMESTAMP_TZ")
    }

    fn now(&self) -> Sql {
        self.millis(raw("current_timestamp()", []))
    }

    fn parameter(&self) -> Sql {
        self.millis(raw("CAST(:as_of AS TIMESTAMP_TZ)", []))
    }

    fn day(&self, millis: Sql, zone: &Zone) -> Sql {
        let reading = call("to_timestamp_ntz", [millis, int(3)]);
        cast(call("convert_timezone", [text("UTC"), text(zone.name()), reading]), "DATE")
    }

    fn start_of_day(&self, day: Sql, zone: &Zone) -> Sql {
        let midnight = cast(day, "TIMESTAMP_NTZ");
        self.millis(call("convert_timezone", [text(zone.name()), text("UTC"), midnight]))
    }

    fn months_later(&self, millis: Sql, months: i64, zone: &Zone) -> Sql {
        let reading = call("to_timestamp_ntz", [millis, int(3)]);
        let local = call("convert_timezone", [text("UTC"), text(zone.name()), reading]);
        let later = raw("dateadd(month, {}, {})", [int(months), local]);
        self.millis(call("convert_timezone", [text(zone.name()), text("UTC"), later]))
    }

    fn days_later(&self, day: Sql, days: i64) -> Sql {
        raw("dateadd(day, {}, {})", [int(days), day])
    }

    fn date_months_later(&self, day: Sql, months: i64) -> Sql {
        raw("dateadd(month, {}, {})", [int(months), day])
    }

    fn week(&self, day: Sql) -> Sql {
        // Weeks begin where the session says; Mondays are counted from one.
        raw("dateadd(day, 1 - dayofweekiso({}), {})", [day.clone(), day])
    }

    fn entries(&self, list: Sql, change: Each<'_>, keep: Option<Each<'_>>) -> Sql {
        let changed = raw("transform({}, x -> {})", [list, change(raw("x", []))]);
        match keep {
            Some(keep) => raw("filter({}, x -> {})", [changed, keep(raw("x", []))]),
            None => changed,
        }
    }

    fn any_entry(&self, list: Sql, holds: Each<'_>) -> Sql {
        call("array_size", [raw("filter({}, x -> {})", [list, holds(raw("x", []))])]).bin(">", int(0))
    }

    fn nested_events(&self, nested: &Nested<'_>) -> Option<String> {
        let Nested { leads, key, list, event_key, columns } = nested;
        // The keys of an object are told by their letters, in double quotes.
        let column = |(name, ty): &(String, String)| {
            let letters = if name.starts_with('"') { name.clone() } else { format!("\"{name}\"") };
            format!("event.value:{letters}::{ty} AS {name}")
        };
        let columns: Vec<String> = columns.iter().map(column).collect();
        Some(format!(
            "(\n    SELECT s.{key} AS {event_key}, {}\n    FROM {leads} AS s, LATERAL FLATTEN(input => s.{list}) AS event\n  )",
            columns.join(", ")
        ))
    }

    fn has(&self, list: Sql, value: Sql) -> Sql {
        call("array_contains", [call("to_variant", [value]), list])
    }

    fn size(&self, list: Sql) -> Sql {
        call("array_size", [list])
    }

    fn aggregate(&self, function: &str, value: Option<Sql>, distinct: bool, filter: Sql) -> Sql {
        let Some(value) = value else { return call("count_if", [filter]) };
        let of = if filter == Sql::Bool(true) { value } else { call("iff", [filter, value, Sql::Null]) };
        call(function, [if distinct { raw("DISTINCT {}", [of]) } else { of }])
    }
}
