//! ClickHouse. Days are whole numbers here (its dates begin in 1900), lists are texts that hold JSON (its arrays cannot be
//! missing), and every type may be missing.

use crate::model::time::Zone;
use crate::sql::dialect::{Dialect, Each, Nested};
use crate::sql::quoting::{backslashed, plain_or_quoted};
use crate::sql::regex::{Flavour, RE2};
use crate::sql::tree::{Sql, call, cast, int, raw, text, when};
use crate::sql::{ColumnType, Wrap};

/// The dialect.
#[derive(Debug)]
pub struct ClickHouse;

/// Columns come before the names that a query gives: `stage` in it is the column that it reads.
const SETTINGS: &str = "SETTINGS prefer_column_name_to_alias = 1";

impl ClickHouse {
    fn instant_in(&self, millis: Sql, zone: &str) -> Sql {
        call("fromUnixTimestamp64Milli", [millis, text(zone)])
    }

    fn day_number(&self, date: Sql) -> Sql {
        call("toInt32", [date])
    }

    fn millis_of(&self, instant: Sql) -> Sql {
        call("toUnixTimestamp64Milli", [instant])
    }

    /// A list's texts.
    fn array(&self, list: Sql) -> Sql {
        call("JSONExtract", [call("assumeNotNull", [list]), text("Array(String)")])
    }

    fn if_known(&self, list: Sql, then: Sql) -> Sql {
        when(list.known(), then, None)
    }
}

impl Dialect for ClickHouse {
    fn name(&self) -> &'static str {
        "clickhouse"
    }

    fn title(&self) -> &'static str {
        "ClickHouse"
    }

    fn quote_name(&self, name: &str) -> String {
        plain_or_quoted(
            &name.replace('\\', "\\\\"),
            &["date", "interval", "kind", "sign", "final", "prewhere", "sample"],
            '`',
        )
    }

    fn quote_text(&self, text: &str) -> String {
        backslashed(text)
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        let plain = match ty {
            ColumnType::Text | ColumnType::List(_) => "String",
            ColumnType::Int => "Int64",
            ColumnType::Number => "Decimal(18, 6)",
            ColumnType::Money => "Decimal(18, 4)",
            ColumnType::Bool => "Bool",
            ColumnType::Date => "Date32",
            ColumnType::Time => "DateTime64(3, 'UTC')",
        };
        format!("Nullable({plain})")
    }

    fn literal(&self, value: Option<&str>, ty: &ColumnType) -> String {
        let held = self.column_type(ty);
        match (value, ty) {
            (Some(value), ColumnType::Time) => {
                format!("CAST(parseDateTime64BestEffort({}, 3, 'UTC') AS {held})", self.quote_text(value))
            }
            (value, _) => {
                format!("CAST({} AS {held})", value.map_or_else(|| "NULL".to_owned(), |value| self.quote_text(value)))
            }
        }
    }

    fn read(&self, column: Sql, ty: &ColumnType) -> Sql {
        match ty {
            ColumnType::Time => self.millis_of(column),
            ColumnType::Date => self.day_number(column),
            _ => column,
        }
    }

    fn entry(&self, entry: Sql, ty: &ColumnType) -> Sql {
        match ty {
            ColumnType::Text | ColumnType::List(_) => entry,
            ColumnType::Time => call("toInt64OrNull", [entry]),
            ColumnType::Bool => entry.bin("=", text("true")),
            ColumnType::Int => call("toInt64OrNull", [entry]),
            ColumnType::Number => call("toDecimal64OrNull", [entry, int(6)]),
            ColumnType::Money => call("toDecimal64OrNull", [entry, int(4)]),
            ColumnType::Date => self.day_number(call("toDate32OrNull", [entry])),
        }
    }

    fn parse(&self, column: Sql, ty: &ColumnType) -> Sql {
        match ty {
            ColumnType::Text => call("toString", [column]),
            ty => self.entry(call("toString", [column]), ty),
        }
    }

    fn decimal(&self, plain: &str, scale: u32) -> String {
        // Without a type it would be a binary number; of two scales neither `coalesce` nor `if` takes one.
        if plain.contains('.') { format!("toDecimal128('{plain}', {scale})") } else { plain.to_owned() }
    }

    fn rows(&self, rows: &[String]) -> String {
        format!("  SELECT arrayJoin([\n    {}\n  ]) AS entry", rows.join(",\n    "))
    }

    fn decimal_type(&self, digits: u32, scale: u32) -> String {
        format!("Nullable(Decimal({digits}, {scale}))")
    }

    fn as_decimal(&self, value: Sql, digits: u32, scale: u32) -> Sql {
        // A cast knows no way from whole numbers of 128 bits and more.
        match digits {
            19..=38 => call("toDecimal128", [value, int(scale)]),
            _ => cast(value, self.decimal_type(digits, scale)),
        }
    }

    fn rescale(&self, value: Sql, from: u32, to: u32) -> Sql {
        // Of two scales it makes one itself to compare them, but in the room of the wider type: an overflow.
        if from == to { value } else { self.as_decimal(value, 38, to) }
    }

    fn counted(&self, sum: Sql) -> Sql {
        // Such a sum has no sign, and with numbers that have one it makes no type, or one that compares oddly.
        call("toInt64", [sum])
    }

    fn quotient(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        let whole = |(value, from): (Sql, u32), up: u32| {
            let wide = cast(value, self.decimal_type(76, from));
            call("toInt256", [wide.bin("*", call("toInt256", [text(10i128.pow(from + up).to_string())]))])
        };
        let (up, down) = if scale + b.1 >= a.1 { (scale + b.1 - a.1, 0) } else { (0, a.1 - scale - b.1) };
        let (n, d) = (whole(a, up), whole(b, down));
        let whole = raw(
            "arrayMap(q -> sign(q.1) * sign(q.2) * intDiv(2 * abs(q.1) + abs(q.2), nullif(2 * abs(q.2), 0)), [({}, {})])[1]",
            [n, d],
        );
        self.as_decimal(self.wide(whole), 38, 0).bin("*", Sql::Dec(1, scale))
    }

    fn whole_quotient(&self, a: Sql, b: Sql) -> Sql {
        call("intDiv", [a, b])
    }

    fn wide(&self, value: Sql) -> Sql {
        cast(value, "Nullable(Int128)")
    }

    fn double(&self, value: Sql) -> Sql {
        cast(value, "Nullable(Float64)")
    }

    fn round_double(&self, value: Sql) -> Sql {
        // `round` goes to the even neighbour; what is rounded here is never negative.
        self.as_whole(call("floor", [value.bin("+", raw("0.5", []))]))
    }

    fn as_whole(&self, value: Sql) -> Sql {
        cast(value, "Nullable(Int64)")
    }

    fn trim(&self, value: Sql) -> Sql {
        const WHITE: &str = r"\A[ \t\n\r\x{a0}]+|[ \t\n\r\x{a0}]+\z";
        call("replaceRegexpAll", [value, text(WHITE), text("")])
    }

    fn lower(&self, value: Sql) -> Sql {
        // The one character whose lower case is two.
        call("lowerUTF8", [call("replaceAll", [value, text("İ"), text("i")])])
    }

    fn fold(&self, value: Sql) -> Sql {
        call("replaceAll", [self.lower(value), text("ς"), text("σ")])
    }

    fn words(&self, folded: Sql) -> Sql {
        const SEPARATORS: &str =
            r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\x{80}-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]+";
        let row = call("replaceRegexpAll", [folded, text(SEPARATORS), text(" ")]);
        call("concat", [text(" "), row, text(" ")])
    }

    fn contains(&self, value: Sql, part: Sql) -> Sql {
        call("position", [value, part]).bin(">", int(0))
    }

    fn starts_with(&self, value: Sql, part: Sql) -> Sql {
        call("startsWith", [value, part])
    }

    fn ends_with(&self, value: Sql, part: Sql) -> Sql {
        call("endsWith", [value, part])
    }

    fn like(&self, value: Sql, pattern: &str) -> Sql {
        let mut written = String::new();
        for c in pattern.chars() {
            match c {
                '*' => written.push('%'),
                '?' => written.push('_'),
                '%' | '_' | '\\' => written.extend(['\\', c]),
                c => written.push(c),
            }
        }
        raw("({} LIKE {})", [value, text(written)])
    }

    fn regex(&self) -> Flavour {
        RE2
    }

    fn matches(&self, value: Sql, pattern: Sql) -> Sql {
        call("match", [value, pattern])
    }

    fn length(&self, value: Sql) -> Sql {
        call("toInt64", [call("lengthUTF8", [value])])
    }

    fn host(&self, address: Sql) -> Sql {
        let found = |pattern: &str| call("extract", [address.clone(), text(pattern)]);
        let mail = when(self.ends_with(address.clone(), text(">")), found(r"([^@]*)>\z"), Some(found(r"([^@]*)\z")));
        Sql::Case(
            None,
            vec![
                (self.contains(address.clone(), text("://")), found(r"://(?:[^/?#]*@)?([^/?#@:]*)")),
                (self.contains(address.clone(), text("@")), mail),
            ],
            Some(Box::new(found(r"\A([^/?#:]*)"))),
        )
    }

    fn dotted(&self, bare: Sql) -> Sql {
        let shorter = self.length(bare.clone()).bin("-", int(1));
        let cut = call("substringUTF8", [bare.clone(), int(1), call("greatest", [shorter, int(0)])]);
        let inner = when(self.contains(cut.clone(), text(".")), cut, None);
        let arms =
            vec![(self.ends_with(bare.clone(), text(".")), inner), (self.contains(bare.clone(), text(".")), bare)];
        Sql::Case(None, arms, None)
    }

    fn millis(&self, instant: Sql) -> Sql {
        self.millis_of(instant)
    }

    fn instant(&self, millis: Sql) -> Sql {
        self.instant_in(millis, "UTC")
    }

    fn now(&self) -> Sql {
        self.millis_of(raw("now64(3)", []))
    }

    fn parameter(&self) -> Sql {
        self.millis_of(raw("{as_of:DateTime64(3, 'UTC')}", []))
    }

    fn day(&self, millis: Sql, zone: &Zone) -> Sql {
        self.day_number(call("toDate32", [self.instant_in(millis, zone.name())]))
    }

    fn start_of_day(&self, day: Sql, zone: &Zone) -> Sql {
        let date = call("toDate32", [day]);
        self.millis_of(raw("toDateTime64({}, 3, {})", [date, text(zone.name())]))
    }

    fn months_later(&self, millis: Sql, months: i64, zone: &Zone) -> Sql {
        self.millis_of(call("addMonths", [self.instant_in(millis, zone.name()), int(months)]))
    }

    fn date(&self, day: i32) -> Sql {
        int(day).remark(crate::model::time::from_days(day).to_string())
    }

    fn date_months_later(&self, day: Sql, months: i64) -> Sql {
        self.day_number(call("addMonths", [call("toDate32", [day]), int(months)]))
    }

    fn week(&self, day: Sql) -> Sql {
        // 1970-01-01 was a Thursday.
        call("floor", [day.bin("+", int(3)).bin("/", int(7))])
    }

    fn month(&self, day: Sql) -> Sql {
        call("toYYYYMM", [call("toDate32", [day])])
    }

    fn entries(&self, list: Sql, change: Each<'_>, keep: Option<Each<'_>>) -> Sql {
        let changed = raw("arrayMap(x -> {}, {})", [change(raw("x", [])), self.array(list.clone())]);
        let kept = match keep {
            Some(keep) => raw("arrayFilter(x -> {}, {})", [keep(raw("x", [])), changed]),
            None => changed,
        };
        self.if_known(list, raw("toJSONString(arrayMap(x -> toString(x), {}))", [kept]))
    }

    fn any_entry(&self, list: Sql, holds: Each<'_>) -> Sql {
        let held = call("ifNull", [holds(raw("x", [])), int(0)]);
        self.if_known(list.clone(), raw("arrayExists(x -> {}, {})", [held, self.array(list)]))
    }

    fn has(&self, list: Sql, value: Sql) -> Sql {
        self.if_known(list.clone(), call("has", [self.array(list), call("toString", [value])]))
    }

    fn size(&self, list: Sql) -> Sql {
        self.if_known(list.clone(), call("toInt64", [call("JSONLength", [list])]))
    }

    fn list_of(&self, _: &ColumnType) -> String {
        self.column_type(&ColumnType::Text)
    }

    fn aggregate(&self, function: &str, value: Option<Sql>, distinct: bool, filter: Sql) -> Sql {
        let argument = match (value, distinct) {
            (None, _) => raw("*", []),
            (Some(value), false) => value,
            (Some(value), true) => raw("DISTINCT {}", [value]),
        };
        let aggregate = Sql::Agg(Box::new(call(function, [argument])), Box::new(filter));
        // Counts have no sign here, and do not go with numbers that have one.
        if function == "count" { call("toInt64", [aggregate]) } else { aggregate }
    }

    fn nested_events(&self, nested: &Nested<'_>) -> Option<String> {
        let Nested { leads, key, list, event_key, columns } = nested;
        let columns: Vec<String> = columns.iter().map(|(name, _)| format!("event.{name} AS {name}")).collect();
        Some(format!(
            "(\n    SELECT s.{key} AS {event_key}, {}\n    FROM {leads} AS s ARRAY JOIN s.{list} AS event\n  )",
            columns.join(", ")
        ))
    }

    fn mixes_in_lists(&self) -> bool {
        false
    }

    fn listed(&self, entry: Sql, ty: &ColumnType) -> Sql {
        match ty {
            ColumnType::Number => call("toDecimal64OrNull", [entry, int(6)]),
            ColumnType::Money => call("toDecimal64OrNull", [entry, int(4)]),
            ColumnType::Int | ColumnType::Date | ColumnType::Time => call("toInt64OrNull", [entry]),
            _ => entry,
        }
    }

    fn keeps_plain_names(&self) -> bool {
        false
    }

    fn key_text(&self, key: Sql, ty: &ColumnType) -> Sql {
        if *ty == ColumnType::Text { key } else { call("toString", [key]) }
    }

    fn row_number(&self) -> Sql {
        raw("toString(row_number() OVER ())", [])
    }

    fn wrap(&self, wrap: &Wrap, query: &str, _: &[String]) -> String {
        let name = |name: &str| name.split('.').map(|part| self.quote_name(part)).collect::<Vec<_>>().join(".");
        match wrap {
            Wrap::Query => format!("{query}\n{SETTINGS}"),
            Wrap::View(view) => format!("CREATE OR REPLACE VIEW {} AS\n{query}\n{SETTINGS}", name(view)),
            Wrap::Table(table) => format!(
                "CREATE OR REPLACE TABLE {} ENGINE = MergeTree ORDER BY tuple() AS\n{query}\n{SETTINGS}",
                name(table)
            ),
            // There is no MERGE: a ReplacingMergeTree ordered by the key keeps the row that came last.
            Wrap::Merge(table) => format!("INSERT INTO {}\n{query}\n{SETTINGS}", name(table)),
        }
    }
}
