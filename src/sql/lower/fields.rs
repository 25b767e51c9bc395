//! From columns of tables to values of fields: white space, what means missing, listed texts.

use super::Lower;
use crate::model::time::{EARLIEST, LATEST};
use crate::model::{DomainId, DomainKind, Field, Scalar, Sentinels, Type, text as model_text};
use crate::sql::ColumnType;
use crate::sql::layout::column_type;
use crate::sql::tree::{Sql, call, int, text, when};
use std::collections::BTreeSet;

impl Lower<'_> {
    /// The value of a field that stands in a column of this type.
    pub(super) fn field_value(&mut self, column: Sql, held: &ColumnType, field: &Field) -> Sql {
        let wanted = column_type(field.ty);
        let column = match *held == wanted {
            true if self.d.reads_early() => column,
            true => self.d.read(column, held),
            false => self.d.parse(column, &wanted),
        };
        match field.ty {
            Type::One(Scalar::Text) => self.text_value(column, &field.missing),
            Type::One(Scalar::Choice(domain)) => self.choice_value(column, domain, &field.missing),
            Type::One(scalar) => self.plain_value(column, scalar, &field.missing),
            Type::List(scalar) => self.list_value(column, scalar, &field.missing),
        }
    }

    fn text_value(&self, column: Sql, missing: &Sentinels) -> Sql {
        let value = self.d.text_of(column.clone());
        match self.means_missing(self.d.trim(column), missing) {
            Some(is) => when(is, Sql::Null, Some(value)),
            None => value,
        }
    }

    /// Whether a text is one that means missing, or a number that does.
    fn means_missing(&self, trimmed: Sql, missing: &Sentinels) -> Option<Sql> {
        let mut tests = Vec::new();
        let mut texts = missing.texts.clone();
        texts.retain(|text| !text.is_empty());
        if !texts.is_empty() {
            tests.push(self.folded_in(trimmed.clone(), &texts));
        }
        for micros in &missing.numbers {
            tests.push(self.d.is_number(trimmed.clone(), *micros));
        }
        if tests.is_empty() { None } else { Some(if tests.len() == 1 { tests.swap_remove(0) } else { Sql::Or(tests) }) }
    }

    /// Whether a text is one of these folded ones.
    fn folded_in(&self, value: Sql, texts: &[String]) -> Sql {
        let ascii = texts.iter().all(|text| text.is_ascii());
        let folded = if ascii { self.d.lower(value) } else { self.d.fold(value) };
        match texts {
            [one] => folded.bin("=", text(one.as_str())),
            many => Sql::In(Box::new(folded), many.iter().map(|one| text(one.as_str())).collect(), false),
        }
    }

    fn choice_value(&self, column: Sql, domain: DomainId, missing: &Sentinels) -> Sql {
        let listed = self.program.schema.domain(domain);
        let sentinels = sentinel_texts(missing);
        let mut seen: BTreeSet<String> = sentinels.into_iter().collect();
        let mut arms = Vec::new();
        for (place, choice) in listed.choices.iter().enumerate() {
            if seen.insert(choice.folded.clone()) {
                arms.push((text(choice.folded.as_str()), self.choice(domain, place as u16)));
            }
        }
        if listed.kind == DomainKind::Stages {
            for (place, choice) in listed.choices.iter().enumerate() {
                let label = model_text::fold(&choice.label).into_owned();
                if seen.insert(label.clone()) {
                    arms.push((text(label), self.choice(domain, place as u16)));
                }
            }
        }
        if arms.is_empty() {
            return Sql::Null;
        }
        let ascii = arms.iter().all(|(folded, _)| matches!(folded, Sql::Text(folded) if folded.is_ascii()));
        let trimmed = self.d.trim(column);
        let folded = if ascii { self.d.lower(trimmed) } else { self.d.fold(trimmed) };
        Sql::Case(Some(Box::new(folded)), arms, None)
    }

    fn plain_value(&self, column: Sql, scalar: Scalar, missing: &Sentinels) -> Sql {
        let digits = match scalar {
            Scalar::Number => 6,
            Scalar::Money(_) => 4,
            Scalar::Int => 0,
            Scalar::Time => {
                let inside = column.clone().bin(">=", int(EARLIEST)).and(column.clone().bin("<=", int(LATEST)));
                return when(inside, column, None);
            }
            _ => return column,
        };
        let unit = 10i128.pow(6 - digits);
        let numbers: Vec<Sql> = missing
            .numbers
            .iter()
            .filter(|micros| **micros % unit == 0)
            .map(|micros| self.d.number(micros / unit, digits))
            .collect();
        numbers.into_iter().fold(column, |value, number| call("nullif", [value, number]))
    }

    fn list_value(&mut self, column: Sql, scalar: Scalar, missing: &Sentinels) -> Sql {
        let d = self.d;
        match scalar {
            Scalar::Text => d.entries(column, &|x| self.text_value(x, missing), Some(&|x| x.known())),
            Scalar::Choice(domain) => {
                // An entry that is there and not listed makes the list missing.
                let wrong = d.any_entry(column.clone(), &|x| {
                    let trimmed = d.trim(x.clone());
                    let mut there = vec![trimmed.clone().bin("<>", text(""))];
                    if let Some(is) = self.means_missing(trimmed, missing) {
                        there.push(Sql::Not(Box::new(is)));
                    }
                    there.push(self.choice_value(x, domain, missing).missing());
                    Sql::And(there)
                });
                let list = d.entries(column, &|x| self.choice_value(x, domain, missing), Some(&|x| x.known()));
                when(wrong, Sql::Null, Some(list))
            }
            _ => {
                let ty = column_type(Type::One(scalar));
                d.entries(column, &|x| self.plain_value(d.entry(x, &ty), scalar, missing), Some(&|x| x.known()))
            }
        }
    }
}

/// The texts that mean missing, folded; numbers too, for a number as text is one.
fn sentinel_texts(missing: &Sentinels) -> Vec<String> {
    let mut texts = missing.texts.clone();
    for micros in &missing.numbers {
        let size = micros.unsigned_abs();
        let sign = if *micros < 0 { "-" } else { "" };
        let plain = format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000);
        texts.push(plain.trim_end_matches('0').trim_end_matches('.').to_owned());
    }
    texts.sort();
    texts.dedup();
    texts.retain(|text| !text.is_empty());
    texts
}
