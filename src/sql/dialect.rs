//! What a dialect of SQL has to say for itself; one file each in `dialects/`, and a row in [`DIALECTS`].

use super::dialects::{bigquery, clickhouse, duckdb, postgres, snowflake, spark, sqlite};
use super::regex::Flavour;
use super::tree::{Sql, call, cast, int, raw, text, when};
use super::{ColumnType, Wrap};
use crate::model::time::Zone;

/// All dialects: a row a file.
pub static DIALECTS: &[&dyn Dialect] = &[
    &duckdb::DuckDb,
    &postgres::Postgres,
    &sqlite::Sqlite,
    &spark::Spark,
    &bigquery::BigQuery,
    &snowflake::Snowflake,
    &clickhouse::ClickHouse,
];

/// The dialect with this name.
pub fn dialect(name: &str) -> Option<&'static dyn Dialect> {
    DIALECTS.iter().copied().find(|dialect| dialect.name() == name)
}

/// A function of one expression: a value of a list to another, or to a condition.
pub type Each<'a> = &'a dyn Fn(Sql) -> Sql;

/// Events that stand inside leads. All names are quoted already.
#[derive(Debug)]
pub struct Nested<'a> {
    /// The table of leads.
    pub leads: &'a str,
    /// The lead's key in it.
    pub key: &'a str,
    /// The lead's list of events.
    pub list: &'a str,
    /// What the key is called beside the events.
    pub event_key: &'a str,
    /// The columns of events and their types.
    pub columns: &'a [(String, String)],
}

/// A part of the query that says what an engine does not know by itself; it is written where another part names it.
#[derive(Clone, Debug)]
pub struct Helper {
    /// Its name.
    pub name: &'static str,
    /// What to say about it.
    pub remark: String,
    /// Its query.
    pub text: String,
}

/// A dialect of SQL: how it quotes, which types it has, and how it says what the language means. Numbers are decimals of
/// their type's digits, instants whole milliseconds since 1970, days dates, unless the dialect says otherwise.
pub trait Dialect: Sync + std::fmt::Debug {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// What people call it.
    fn title(&self) -> &'static str;

    /// A table or column's name, in quotes where it needs them.
    fn quote_name(&self, name: &str) -> String;

    /// Text in quotes.
    fn quote_text(&self, text: &str) -> String;

    /// The type of a column of the tables that are read.
    fn column_type(&self, ty: &ColumnType) -> String;

    /// A value of a column's type, from plain text: instants as RFC 3339, lists as a JSON array of texts.
    fn literal(&self, value: Option<&str>, ty: &ColumnType) -> String {
        let held = self.column_type(ty);
        let (Some(value), ColumnType::List(inner)) = (value, ty) else {
            return format!(
                "CAST({} AS {held})",
                value.map_or_else(|| "NULL".to_owned(), |value| self.quote_text(value))
            );
        };
        let (open, close) = match held.as_str() {
            array if array.ends_with("[]") => ("ARRAY[", "]"),
            array if array.to_ascii_lowercase().starts_with("array<") => ("array(", ")"),
            // A text that holds JSON.
            _ => return format!("CAST({} AS {held})", self.quote_text(value)),
        };
        let entries: Vec<Option<String>> = serde_json::from_str(value).unwrap_or_default();
        let entries: Vec<String> = entries.iter().map(|entry| self.literal(entry.as_deref(), inner)).collect();
        format!("CAST({open}{}{close} AS {held})", entries.join(", "))
    }

    /// The value of a column: instants in milliseconds.
    fn read(&self, column: Sql, ty: &ColumnType) -> Sql {
        match ty {
            ColumnType::Time => self.millis(column),
            _ => column,
        }
    }

    /// Whether columns of events are read where events are, for reading is long.
    fn reads_early(&self) -> bool {
        false
    }

    /// The value of an entry of a list.
    fn entry(&self, value: Sql, ty: &ColumnType) -> Sql {
        self.read(value, ty)
    }

    /// The value of an entry of a list that was read; where lists are JSON, it is a text.
    fn listed(&self, entry: Sql, _ty: &ColumnType) -> Sql {
        entry
    }

    /// `TRUE` and `FALSE`.
    fn boolean(&self, value: bool) -> &'static str {
        if value { "TRUE" } else { "FALSE" }
    }

    /// A decimal, given in plain form, of a type with so many digits after the point.
    fn decimal(&self, plain: &str, _scale: u32) -> String {
        plain.to_owned()
    }

    /// What a function is called.
    fn function<'n>(&self, name: &'n str) -> &'n str {
        name
    }

    /// What stands between a part's name and its query.
    fn part_word(&self) -> &'static str {
        "AS ("
    }

    /// What the engine has to be told.
    fn helpers(&self, _zone: &Zone) -> Vec<Helper> {
        Vec::new()
    }

    /// Rows of one column, `entry`.
    fn rows(&self, rows: &[String]) -> String {
        let rows: Vec<String> = rows.iter().map(|row| format!("({row})")).collect();
        format!("  SELECT entry FROM (VALUES\n    {}\n  ) AS entries (entry)", rows.join(",\n    "))
    }

    // ---- Numbers ----

    /// A number with so many digits after the point, from its raw value.
    fn number(&self, raw: i128, scale: u32) -> Sql {
        if scale == 0 { Sql::Int(raw) } else { Sql::Dec(raw, scale) }
    }

    /// A number of one scale as one of another, with no fewer digits.
    fn rescale(&self, value: Sql, _from: u32, _to: u32) -> Sql {
        value
    }

    /// A sum of small whole numbers that are written out, as a whole number like any other.
    fn counted(&self, sum: Sql) -> Sql {
        sum
    }

    /// The type of decimals.
    fn decimal_type(&self, digits: u32, scale: u32) -> String {
        format!("DECIMAL({digits},{scale})")
    }

    /// A number of so many digits in all, held as the dialect holds it.
    fn as_decimal(&self, value: Sql, digits: u32, scale: u32) -> Sql {
        cast(value, self.decimal_type(digits, scale))
    }

    /// The number if it has at most 18 digits in all, else nothing.
    fn fit(&self, value: Sql, scale: u32) -> Sql {
        let limit = 10i128.pow(18 - scale);
        let held = call("greatest", [call("least", [value, int(limit)]), int(-limit)]);
        let fits = call("nullif", [call("nullif", [held, int(limit)]), int(-limit)]);
        self.as_decimal(fits, 18, scale)
    }

    /// A sum or difference of one scale, with room for one more digit.
    fn sum(&self, op: &'static str, a: Sql, b: Sql, scale: u32) -> Sql {
        self.as_decimal(a, 38, scale).bin(op, b)
    }

    /// A product, rounded half away from zero to `scale` digits; the factors' digits are given.
    fn product(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql {
        let product = self.as_decimal(a.0, 38, a.1).bin("*", b.0);
        if a.1 + b.1 > scale { call("round", [product, int(scale)]) } else { product }
    }

    /// A quotient, rounded half away from zero to `scale` digits; nothing for a division by zero.
    fn quotient(&self, a: (Sql, u32), b: (Sql, u32), scale: u32) -> Sql;

    /// A decimal, rounded half away from zero.
    fn round(&self, value: Sql, _from: u32, to: u32) -> Sql {
        call("round", [value, int(to)])
    }

    /// A whole number divided by another, both positive, cut off.
    fn whole_quotient(&self, a: Sql, b: Sql) -> Sql;

    /// A whole number that has room for 128 bits.
    fn wide(&self, value: Sql) -> Sql {
        self.as_decimal(value, 38, 0)
    }

    /// Ten-thousandths as points.
    fn points_of(&self, raw: Sql) -> Sql {
        self.as_decimal(raw, 28, 0).bin("*", Sql::Dec(1, 4))
    }

    /// A binary floating-point number.
    fn double(&self, value: Sql) -> Sql {
        cast(value, "DOUBLE PRECISION")
    }

    /// A floating-point number, rounded to a whole one.
    fn round_double(&self, value: Sql) -> Sql {
        self.as_whole(call("round", [value]))
    }

    /// As a whole number of 64 bits.
    fn as_whole(&self, value: Sql) -> Sql {
        cast(value, "BIGINT")
    }

    /// Points of the result.
    fn points_out(&self, points: Sql) -> Sql {
        self.as_decimal(points, 16, 4)
    }

    /// 2 to the power of a floating-point number.
    fn power_of_two(&self, exponent: Sql) -> Sql {
        self.power(self.double(int(2)), exponent)
    }

    /// A floating-point number to the power of another.
    fn power(&self, base: Sql, exponent: Sql) -> Sql {
        call("pow", [base, exponent])
    }

    /// A whole floating-point number that may have more than 64 bits.
    fn wide_of_double(&self, value: Sql) -> Sql {
        self.wide(value)
    }

    /// A whole number of billionths as one of ten-thousandths: a rounded one of nine digits. `large`: it may have more than
    /// 64 bits.
    fn nine_to_four(&self, nine: Sql, large: bool) -> Sql {
        let nine = if large { self.wide_of_double(call("round", [nine])) } else { self.round_double(nine) };
        self.whole_quotient(nine.bin("+", int(50_000)), int(100_000))
    }

    /// A size times what is left of a whole number over all of it, rounded half up, where products have more than 64 bits.
    fn share_of(&self, size: i128, left: Sql, over: i128) -> Sql {
        let twice = int(2 * size).bin("*", self.wide(left)).bin("+", int(over));
        self.whole_quotient(twice, int(2 * over))
    }

    /// A number of this scale as it is added up.
    fn summand(&self, value: Sql, _scale: u32) -> Sql {
        value
    }

    /// A value of another type than its column: text holds it, or a number.
    fn parse(&self, column: Sql, ty: &ColumnType) -> Sql {
        let cast = Sql::Cast("TRY_CAST", Box::new(column), self.column_type(ty));
        self.read(cast, ty)
    }

    // ---- Text ----

    /// Without outer white space.
    fn trim(&self, value: Sql) -> Sql;

    /// Without outer white space; nothing when nothing else is there.
    fn text_of(&self, value: Sql) -> Sql {
        call("nullif", [self.trim(value), text("")])
    }

    /// A list of texts that was read, with case ignored.
    fn fold_list(&self, list: Sql) -> Sql {
        self.entries(list, &|entry| self.fold(entry), None)
    }

    /// Whether a text has more than outer white space.
    fn has_text(&self, value: Sql) -> Sql {
        self.trim(value).bin("<>", text(""))
    }

    /// Every character's simple lower case, ς as it is. A dialect may leave letters as they are whose lower case is none of
    /// ASCII's: the text is compared with such texts alone.
    fn lower(&self, value: Sql) -> Sql;

    /// As [`Dialect::lower`], of every letter.
    fn lower_of_data(&self, value: Sql) -> Sql {
        self.lower(value)
    }

    /// Lower case with ς as σ.
    fn fold(&self, value: Sql) -> Sql {
        call("replace", [self.lower_of_data(value), text("ς"), text("σ")])
    }

    /// The words of folded text with a blank before, between and behind them.
    fn words(&self, folded: Sql) -> Sql;

    /// Whether a text stands in another.
    fn contains(&self, value: Sql, part: Sql) -> Sql;

    /// Whether a text begins with another.
    fn starts_with(&self, value: Sql, part: Sql) -> Sql;

    /// Whether a text ends with another.
    fn ends_with(&self, value: Sql, part: Sql) -> Sql;

    /// Whether the whole text is as a pattern says; `*` and `?` in it are free.
    fn like(&self, value: Sql, pattern: &str) -> Sql {
        let mut written = String::new();
        for c in pattern.chars() {
            match c {
                '*' => written.push('%'),
                '?' => written.push('_'),
                '%' | '_' | '^' => written.extend(['^', c]),
                c => written.push(c),
            }
        }
        raw("({} LIKE {} ESCAPE '^')", [value, text(written)])
    }

    /// How the dialect's regular expressions are written.
    fn regex(&self) -> Flavour;

    /// Whether it has any.
    fn has_regex(&self) -> bool {
        true
    }

    /// Whether a trimmed text is this number, however it is written.
    fn is_number(&self, trimmed: Sql, micros: i128) -> Sql {
        let size = micros.unsigned_abs();
        let (whole, part) = (size / 1_000_000, format!("{:06}", size % 1_000_000));
        let part = part.trim_end_matches('0');
        let sign = match micros {
            ..0 => "-",
            0 => "[+-]?",
            1.. => "[+]?",
        };
        let fraction = if part.is_empty() { "(?:[.]0+)?".to_owned() } else { format!("[.]{part}0*") };
        let source = format!("\\A{sign}0*{whole}{fraction}(?:[eE][+-]?0+)?\\z");
        match super::regex::translate(&source, self.regex()) {
            Some(pattern) => self.matches(trimmed, text(pattern)),
            None => Sql::Bool(false),
        }
    }

    /// Whether a regular expression matches somewhere in a text.
    fn matches(&self, value: Sql, pattern: Sql) -> Sql;

    /// How many code points.
    fn length(&self, value: Sql) -> Sql {
        call("length", [value])
    }

    /// The host of a trimmed address, with outer white space and in any case.
    fn host(&self, address: Sql) -> Sql;

    /// The domain of a trimmed address, where a dialect has a way of its own.
    fn domain(&self, _address: Sql) -> Option<Sql> {
        None
    }

    /// A host in lower case without its leading `www.`.
    fn bare_host(&self, host: Sql) -> Sql {
        when(self.starts_with(host.clone(), text("www.")), call("substr", [host.clone(), int(5)]), Some(host))
    }

    /// A host without its trailing dot; nothing when there is no other dot.
    fn dotted(&self, bare: Sql) -> Sql {
        let cut = call("substr", [bare.clone(), int(1), self.length(bare.clone()).bin("-", int(1))]);
        let inner = when(self.contains(cut.clone(), text(".")), cut, None);
        Sql::Case(
            None,
            vec![(self.ends_with(bare.clone(), text(".")), inner), (self.contains(bare.clone(), text(".")), bare)],
            None,
        )
    }

    // ---- Time ----

    /// A column's instant in milliseconds.
    fn millis(&self, instant: Sql) -> Sql;

    /// Whole milliseconds from a column's instant, cut off, to the as-of that is given in milliseconds.
    fn age(&self, instant: Sql, as_of: Sql) -> Sql {
        as_of.bin("-", self.millis(instant))
    }

    /// Whether a column's instant, cut off, is no later than the as-of.
    fn is_past(&self, instant: Sql, as_of: Sql) -> Sql {
        self.millis(instant).bin("<=", as_of)
    }

    /// Milliseconds as an instant.
    fn instant(&self, millis: Sql) -> Sql;

    /// No instant.
    fn no_instant(&self) -> Sql {
        cast(Sql::Null, self.column_type(&ColumnType::Time))
    }

    /// The instant that the query runs at, in milliseconds.
    fn now(&self) -> Sql;

    /// The parameter `as_of` in milliseconds.
    fn parameter(&self) -> Sql;

    /// The day of an instant in a zone.
    fn day(&self, millis: Sql, zone: &Zone) -> Sql;

    /// The first instant of a day in a zone; days on which the clock changes at midnight are asked for apart.
    fn start_of_day(&self, day: Sql, zone: &Zone) -> Sql;

    /// The instant of an instant's local clock reading so many months later.
    fn months_later(&self, millis: Sql, months: i64, zone: &Zone) -> Sql;

    /// A day.
    fn date(&self, day: i32) -> Sql {
        let written = crate::model::time::from_days(day).to_string();
        raw("DATE {}", [text(written)])
    }

    /// So many days later.
    fn days_later(&self, day: Sql, days: i64) -> Sql {
        day.bin("+", int(days))
    }

    /// So many months later; a day that the month lacks becomes its last.
    fn date_months_later(&self, day: Sql, months: i64) -> Sql;

    /// What is the same for all days of a week from Monday.
    fn week(&self, day: Sql) -> Sql {
        call("date_trunc", [text("week"), day])
    }

    /// What is the same for all days of a month.
    fn month(&self, day: Sql) -> Sql {
        call("date_trunc", [text("month"), day])
    }

    // ---- Lists ----

    /// The values of a list, each changed, those for which a condition does not hold left out.
    fn entries(&self, list: Sql, change: Each<'_>, keep: Option<Each<'_>>) -> Sql;

    /// Whether a condition holds for any value of a list.
    fn any_entry(&self, list: Sql, holds: Each<'_>) -> Sql;

    /// Whether a value is in a list.
    fn has(&self, list: Sql, value: Sql) -> Sql;

    /// How many values a list has.
    fn size(&self, list: Sql) -> Sql;

    /// A list's type.
    fn list_of(&self, ty: &ColumnType) -> String {
        format!("{}[]", self.column_type(ty))
    }

    // ---- Queries ----

    /// An aggregate of the rows for which a condition holds.
    fn aggregate(&self, function: &str, value: Option<Sql>, distinct: bool, filter: Sql) -> Sql {
        let argument = match (value, distinct) {
            (None, _) => raw("*", []),
            (Some(value), false) => value,
            (Some(value), true) => raw("DISTINCT {}", [value]),
        };
        Sql::Agg(Box::new(call(function, [argument])), Box::new(filter))
    }

    /// A table of events from those that stand inside leads: the text behind `FROM`. None where they cannot.
    fn nested_events(&self, _nested: &Nested<'_>) -> Option<String> {
        None
    }

    /// Whether a value is among the entries of a part of the query.
    fn in_part(&self, value: Sql, part: String, negated: bool) -> Sql {
        Sql::InTable(Box::new(value), part, negated)
    }

    /// Whether `l.name` in a query is called `name`.
    fn keeps_plain_names(&self) -> bool {
        true
    }

    /// Whether a list of `IN` may hold decimals of several scales.
    fn mixes_in_lists(&self) -> bool {
        true
    }

    /// Whether two values are the same, or both missing.
    fn same(&self, a: Sql, b: Sql) -> Sql {
        a.bin("IS NOT DISTINCT FROM", b)
    }

    /// A row's number as text.
    fn row_number(&self) -> Sql {
        cast(raw("row_number() OVER ()", []), self.column_type(&ColumnType::Text))
    }

    /// A key column as text.
    fn key_text(&self, key: Sql, ty: &ColumnType) -> Sql {
        match ty {
            ColumnType::Text => key,
            _ => cast(key, self.column_type(&ColumnType::Text)),
        }
    }

    /// A query as a view, a table or a merge into one.
    fn wrap(&self, wrap: &Wrap, query: &str, columns: &[String]) -> String {
        let name = |name: &str| name.split('.').map(|part| self.quote_name(part)).collect::<Vec<_>>().join(".");
        match wrap {
            Wrap::Query => query.to_owned(),
            Wrap::View(view) => format!("CREATE OR REPLACE VIEW {} AS\n{query}", name(view)),
            Wrap::Table(table) => format!("CREATE OR REPLACE TABLE {} AS\n{query}", name(table)),
            Wrap::Merge(table) => merge(&name(table), query, columns),
        }
    }
}

/// `MERGE INTO` on the key, the first column.
pub(super) fn merge(table: &str, query: &str, columns: &[String]) -> String {
    let key = columns.first().map_or("", String::as_str);
    let sets: Vec<String> = columns.iter().skip(1).map(|column| format!("  {column} = fresh.{column}")).collect();
    let values: Vec<String> = columns.iter().map(|column| format!("fresh.{column}")).collect();
    format!(
        "MERGE INTO {table} AS kept\nUSING (\n{query}\n) AS fresh\nON kept.{key} = fresh.{key}\nWHEN MATCHED THEN UPDATE SET\n{}\n\
         WHEN NOT MATCHED THEN INSERT ({})\nVALUES ({})",
        sets.join(",\n"),
        columns.join(", "),
        values.join(", ")
    )
}
