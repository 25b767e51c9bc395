//! The layout of SQL: a column a line, a condition a line where a line would be too long.

use super::dialect::{Dialect, Helper};
use super::tree::{Body, From, Item, Part, Piece, Query, Select, Sql};
use crate::base::visible;
use crate::model::number;
use std::collections::BTreeSet;

/// Longer expressions are broken.
const WIDTH: usize = 100;

/// How tightly an expression binds; operands bind tighter than what they stand in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Compare,
    Sum,
    Product,
    Sign,
    Tight,
}

fn binding(sql: &Sql) -> Binding {
    match sql {
        Sql::Or(all) if all.len() > 1 => Binding::Or,
        Sql::And(all) if all.len() > 1 => Binding::And,
        Sql::And(all) | Sql::Or(all) => all.first().map_or(Binding::Tight, binding),
        Sql::Not(_) => Binding::Not,
        Sql::Bin(op, ..) => match *op {
            "+" | "-" => Binding::Sum,
            "*" | "/" | "//" | "%" | "div" => Binding::Product,
            "||" => Binding::Sum,
            _ => Binding::Compare,
        },
        Sql::Post(..) | Sql::In(..) | Sql::InTable(..) => Binding::Compare,
        Sql::Neg(_) => Binding::Sign,
        Sql::Int(value) | Sql::Dec(value, _) if *value < 0 => Binding::Sign,
        Sql::Remark(of, _) => binding(of),
        _ => Binding::Tight,
    }
}

/// Whether an expression between these pieces of text needs no parentheses, whatever it is.
fn stands_apart(before: &str, behind: &str) -> bool {
    const BEFORE: [&str; 9] = ["(", ",", "[", "->", ":", "SELECT", "WHERE", "WHEN", "THEN"];
    const BEHIND: [&str; 10] = [")", ",", "]", "AS ", "FROM", "ORDER BY", "THEN", "WHEN", "ELSE", "END"];
    let begins = before.is_empty() || BEFORE.iter().any(|end| before.ends_with(end));
    begins && (behind.is_empty() || BEHIND.iter().any(|start| behind.starts_with(start)))
}

/// Text for a comment: one line, and nothing that ends or begins a comment or a template.
pub fn comment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        let clash = match out.chars().next_back() {
            Some('*') => c == '/',
            Some('/') => c == '*',
            Some('{') => matches!(c, '{' | '%' | '#'),
            Some('%' | '#' | '}') => c == '}',
            _ => false,
        };
        if clash {
            out.push(' ');
        }
        out.push(c);
    }
    // A line that ends with a backslash goes on in some engines.
    if out.ends_with('\\') {
        out.push(' ');
    }
    out
}

/// A decimal in plain form.
fn decimal(raw: i128, scale: u32) -> String {
    match i64::try_from(raw) {
        Ok(raw) => number::display(raw, scale).to_string(),
        Err(_) => {
            let size = raw.unsigned_abs();
            let unit = 10u128.pow(scale);
            let sign = if raw < 0 { "-" } else { "" };
            format!("{sign}{}.{:0width$}", size / unit, size % unit, width = scale as usize)
        }
    }
}

/// Writes SQL of a dialect.
pub struct Printer<'d> {
    dialect: &'d dyn Dialect,
}

impl<'d> Printer<'d> {
    /// A printer of this dialect.
    pub fn new(dialect: &'d dyn Dialect) -> Printer<'d> {
        Printer { dialect }
    }

    /// An expression on one line.
    pub fn flat(&self, sql: &Sql) -> String {
        let mut out = String::new();
        self.write(sql, None, &mut out);
        out
    }

    /// An expression that begins at this column.
    fn broken(&self, sql: &Sql, indent: usize) -> String {
        let mut out = String::new();
        self.write(sql, Some(indent), &mut out);
        out
    }

    fn operand(&self, sql: &Sql, least: Binding, indent: Option<usize>, out: &mut String) {
        if binding(sql) < least {
            out.push('(');
            self.write(sql, indent.map(|indent| indent + 1), out);
            out.push(')');
        } else {
            self.write(sql, indent, out);
        }
    }

    fn fits(&self, sql: &Sql, indent: usize) -> bool {
        let flat = self.flat(sql);
        indent + flat.chars().count() <= WIDTH
    }

    /// Writes an expression; with an indent it may be broken, else not.
    fn write(&self, sql: &Sql, indent: Option<usize>, out: &mut String) {
        let indent = indent.filter(|indent| !self.fits(sql, *indent));
        let line = |out: &mut String, indent: usize| {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
        };
        match sql {
            Sql::Null => out.push_str("NULL"),
            Sql::Bool(value) => out.push_str(self.dialect.boolean(*value)),
            Sql::Int(value) => out.push_str(&value.to_string()),
            Sql::Dec(raw, scale) => out.push_str(&self.dialect.decimal(&decimal(*raw, *scale), *scale)),
            // No engine keeps U+0000 in a text, so that no text of a table has it.
            Sql::Text(text) => out.push_str(&self.dialect.quote_text(&text.replace('\0', "\u{fffd}"))),
            Sql::Col(name) => out.push_str(&self.dialect.quote_name(&name.replace('\0', "\u{fffd}"))),
            Sql::Of(table, name) => {
                out.push_str(table);
                out.push('.');
                out.push_str(&self.dialect.quote_name(&name.replace('\0', "\u{fffd}")));
            }
            Sql::Bin(op, a, b) => {
                let (left, right) = match binding(sql) {
                    // A chain of sums needs no parentheses on its left.
                    Binding::Sum => (Binding::Sum, Binding::Product),
                    Binding::Product => (Binding::Product, Binding::Sign),
                    _ => (Binding::Sum, Binding::Sum),
                };
                self.operand(a, left, indent, out);
                match indent {
                    Some(indent) if binding(sql) == Binding::Sum => line(out, indent),
                    _ => out.push(' '),
                }
                out.push_str(op);
                out.push(' ');
                self.operand(b, right, indent.map(|indent| indent + op.len() + 1), out);
            }
            Sql::And(all) => self.chain(all, "AND", Sql::Bool(true), indent, out),
            Sql::Or(all) => self.chain(all, "OR", Sql::Bool(false), indent, out),
            Sql::Not(of) => {
                out.push_str("NOT ");
                self.operand(of, Binding::Tight, indent.map(|indent| indent + 4), out);
            }
            Sql::Neg(of) => {
                out.push('-');
                self.operand(of, Binding::Tight, indent, out);
            }
            Sql::Post(of, words) => {
                self.operand(of, Binding::Sum, indent, out);
                out.push(' ');
                out.push_str(words);
            }
            // An engine that takes no decimals beside whole numbers in a list is asked one by one.
            Sql::In(of, all, negated)
                if !self.dialect.mixes_in_lists() && all.iter().any(|one| matches!(one, Sql::Dec(..))) =>
            {
                let op = if *negated { "<>" } else { "=" };
                let each: Vec<Sql> = all.iter().map(|one| of.as_ref().clone().bin(op, one.clone())).collect();
                out.push('(');
                self.write(&if *negated { Sql::And(each) } else { Sql::Or(each) }, None, out);
                out.push(')');
            }
            Sql::In(of, all, negated) => {
                self.operand(of, Binding::Sum, indent, out);
                out.push_str(if *negated { " NOT IN (" } else { " IN (" });
                self.list(all, indent, out);
                out.push(')');
            }
            Sql::InTable(of, table, negated) => {
                self.operand(of, Binding::Sum, indent, out);
                out.push_str(if *negated { " NOT IN " } else { " IN " });
                out.push_str(&format!("(SELECT entry FROM {})", self.dialect.quote_name(table)));
            }
            Sql::Case(of, arms, other) => {
                let inner = indent.map(|indent| indent + 2);
                let next = |out: &mut String| match inner {
                    Some(inner) => line(out, inner),
                    None => out.push(' '),
                };
                out.push_str("CASE");
                if let Some(of) = of {
                    out.push(' ');
                    self.write(of, inner, out);
                }
                for (condition, value) in arms {
                    next(out);
                    out.push_str("WHEN ");
                    self.write(condition, inner.map(|inner| inner + 5), out);
                    out.push_str(" THEN ");
                    self.write(value, inner.map(|inner| inner + 5), out);
                }
                if let Some(other) = other {
                    next(out);
                    out.push_str("ELSE ");
                    self.write(other, inner.map(|inner| inner + 5), out);
                }
                match indent {
                    Some(indent) => line(out, indent),
                    None => out.push(' '),
                }
                out.push_str("END");
            }
            Sql::Call(name, arguments) => {
                out.push_str(self.dialect.function(name));
                out.push('(');
                match indent {
                    Some(indent) if !arguments.is_empty() => {
                        for (place, argument) in arguments.iter().enumerate() {
                            if place > 0 {
                                out.push(',');
                            }
                            line(out, indent + 2);
                            self.write(argument, Some(indent + 2), out);
                        }
                        line(out, indent);
                    }
                    _ => self.list(arguments, None, out),
                }
                out.push(')');
            }
            Sql::Cast(word, of, ty) => {
                out.push_str(word);
                out.push('(');
                self.write(of, indent.map(|indent| indent + word.len() + 1), out);
                out.push_str(" AS ");
                out.push_str(ty);
                out.push(')');
            }
            Sql::Agg(of, filter) => {
                self.write(of, indent, out);
                if **filter != Sql::Bool(true) {
                    match indent {
                        Some(indent) => line(out, indent + 2),
                        None => out.push(' '),
                    }
                    out.push_str("FILTER (WHERE ");
                    self.write(filter, indent.map(|indent| indent + 16), out);
                    out.push(')');
                }
            }
            Sql::Latest(by, at) => {
                out.push_str("row_number() OVER (PARTITION BY ");
                self.list(by, None, out);
                out.push_str(" ORDER BY ");
                self.write(at, None, out);
                out.push_str(" DESC)");
            }
            Sql::Remark(of, remark) => {
                self.write(of, indent, out);
                out.push_str(" /* ");
                out.push_str(&comment(remark));
                out.push_str(" */");
            }
            Sql::Raw(pieces) => {
                for (place, piece) in pieces.iter().enumerate() {
                    match piece {
                        Piece::Text(text) => out.push_str(text),
                        Piece::Sql(sql) => {
                            let beside = |place: Option<usize>| match place.and_then(|place| pieces.get(place)) {
                                Some(Piece::Text(text)) => text.trim(),
                                _ => "",
                            };
                            let apart = stands_apart(beside(place.checked_sub(1)), beside(Some(place + 1)));
                            let least = if apart { Binding::Or } else { Binding::Tight };
                            self.operand(sql, least, indent.map(|indent| indent + 2), out);
                        }
                    }
                }
            }
        }
    }

    fn chain(&self, all: &[Sql], word: &str, none: Sql, indent: Option<usize>, out: &mut String) {
        let least = if word == "AND" { Binding::Not } else { Binding::And };
        match all {
            [] => self.write(&none, indent, out),
            [one] => self.write(one, indent, out),
            many => {
                for (place, one) in many.iter().enumerate() {
                    if place > 0 {
                        match indent {
                            Some(indent) => {
                                out.push('\n');
                                out.extend(std::iter::repeat_n(' ', indent));
                            }
                            None => out.push(' '),
                        }
                        out.push_str(word);
                        out.push(' ');
                    }
                    self.operand(one, least, indent.map(|indent| indent + word.len() + 1), out);
                }
            }
        }
    }

    fn list(&self, all: &[Sql], indent: Option<usize>, out: &mut String) {
        let mut column = out.len() - out.rfind('\n').map_or(0, |line| line + 1);
        for (place, one) in all.iter().enumerate() {
            let flat = self.flat(one);
            if place > 0 {
                out.push(',');
                match indent {
                    Some(indent) if column + flat.len() > WIDTH => {
                        out.push('\n');
                        out.extend(std::iter::repeat_n(' ', indent + 2));
                        column = indent + 2;
                    }
                    _ => out.push(' '),
                }
            }
            column += flat.len() + 2;
            out.push_str(&flat);
        }
    }

    fn item(&self, item: &Item, shared: &[&str], indent: usize, last: bool, out: &mut String) {
        out.extend(std::iter::repeat_n(' ', indent));
        match &item.value {
            None if self.dialect.keeps_plain_names() => out.push_str(&format!("{}.*", item.name)),
            None => {
                // Columns that a joined part has too would be called `l.name`.
                let named: Vec<String> = shared.iter().map(|name| self.dialect.quote_name(name)).collect();
                for name in &named {
                    out.push_str(&format!("{0}.{name} AS {name}, ", item.name));
                }
                let except = if named.is_empty() { String::new() } else { format!(" EXCEPT ({})", named.join(", ")) };
                out.push_str(&format!("{}.*{except}", item.name));
            }
            Some(value) => {
                let plain = match value {
                    Sql::Col(name) => *name == item.name,
                    Sql::Of(_, name) => *name == item.name && self.dialect.keeps_plain_names(),
                    _ => false,
                };
                out.push_str(&self.broken(value, indent));
                if !plain {
                    out.push_str(" AS ");
                    out.push_str(&self.dialect.quote_name(&item.name));
                }
            }
        }
        if !last {
            out.push(',');
        }
        if let Some(remark) = &item.remark {
            out.push_str(" -- ");
            out.push_str(&comment(remark));
        }
        out.push('\n');
    }

    fn select(&self, select: &Select, indent: usize, out: &mut String) {
        let pad = " ".repeat(indent);
        out.push_str(&format!("{pad}SELECT{}\n", if select.distinct { " DISTINCT" } else { "" }));
        // What joined parts are joined by stands in both.
        let shared: BTreeSet<&str> = select
            .joins
            .iter()
            .flat_map(|join| &join.on)
            .filter_map(|on| match on {
                Sql::Bin(_, a, _) => match a.as_ref() {
                    Sql::Of(_, name) => Some(name.as_str()),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        let shared: Vec<&str> = shared.into_iter().collect();
        for (place, item) in select.items.iter().enumerate() {
            self.item(item, &shared, indent + 2, place + 1 == select.items.len(), out);
        }
        if let Some((from, name)) = &select.from {
            out.push_str(&format!("{pad}FROM "));
            self.from(from, name, indent, out);
        }
        for join in &select.joins {
            out.push_str(&format!("{pad}{} ", join.kind));
            self.from(&join.from, join.name, indent, out);
            for (place, on) in join.on.iter().enumerate() {
                let word = if place == 0 { "ON" } else { "AND" };
                out.push_str(&format!("{pad}  {word} {}\n", self.broken(on, indent + 5)));
            }
        }
        for (place, condition) in select.filter.iter().enumerate() {
            let word = if place == 0 { "WHERE" } else { "  AND" };
            let mut text = String::new();
            self.operand(condition, Binding::Not, Some(indent + 6), &mut text);
            out.push_str(&format!("{pad}{word} {text}\n"));
        }
        if !select.group.is_empty() {
            let group: Vec<String> = select.group.iter().map(|by| self.flat(by)).collect();
            out.push_str(&format!("{pad}GROUP BY {}\n", group.join(", ")));
        }
    }

    fn from(&self, from: &From, name: &str, indent: usize, out: &mut String) {
        match from {
            From::Part(part) => {
                let part = self.dialect.quote_name(part);
                if part == name {
                    out.push_str(&format!("{part}\n"));
                } else {
                    out.push_str(&format!("{part} AS {name}\n"));
                }
            }
            From::Table(table) => out.push_str(&format!("{table} AS {name}\n")),
            From::Query(query) => {
                out.push_str("(\n");
                self.select(query, indent + 2, out);
                out.push_str(&format!("{}) AS {name}\n", " ".repeat(indent)));
            }
        }
    }

    /// A part of a query.
    fn part(&self, part: &Part) -> String {
        let name = self.dialect.quote_name(&part.name);
        let mut out = format!("-- {}\n{name} {}\n", comment(&part.remark), self.dialect.part_word());
        match &part.body {
            Body::Select(select) => self.select(select, 2, &mut out),
            Body::Values(values) => {
                let rows: Vec<String> = values.iter().map(|value| self.flat(value)).collect();
                out.push_str(&self.dialect.rows(&rows));
                out.push('\n');
            }
        }
        out.push(')');
        out
    }

    /// A whole query, without a line feed at its end.
    pub fn query(&self, query: &Query) -> String {
        let mut out = String::new();
        for line in &query.head {
            out.push_str(&format!("-- {}\n", comment(line)));
        }
        let mut parts: Vec<String> = query.parts.iter().map(|part| self.part(part)).collect();
        let named = |helper: &&Helper| parts.iter().any(|part| part.contains(helper.name));
        let helpers: Vec<&Helper> = query.helpers.iter().filter(named).collect();
        let helpers: Vec<String> = helpers
            .iter()
            .map(|helper| {
                let name = self.dialect.quote_name(helper.name);
                format!("-- {}\n{name} {}\n{}\n)", comment(&helper.remark), self.dialect.part_word(), helper.text)
            })
            .collect();
        parts.splice(0..0, helpers);
        if !parts.is_empty() {
            out.push_str(&format!("WITH\n{}\n", parts.join(",\n")));
        }
        self.select(&query.result, 0, &mut out);
        out.trim_end().to_owned()
    }
}
