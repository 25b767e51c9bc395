//! Types in words, for messages.

use super::checker::Checker;
use crate::model::{DomainKind, Scalar, Type};

impl Checker<'_> {
    /// A type as people say it, with its article: `a number`, `money in USD`, `a band of \`interest\``.
    pub fn describe(&self, ty: Type) -> String {
        match ty {
            Type::One(scalar) => self.describe_one(scalar),
            Type::List(scalar) => format!("a list of {}", self.type_name(scalar)),
        }
    }

    /// A type as policies write it.
    pub fn type_text(&self, ty: Type) -> String {
        match ty {
            Type::One(scalar) => self.type_name(scalar),
            Type::List(scalar) => format!("list of {}", self.type_name(scalar)),
        }
    }

    fn describe_one(&self, scalar: Scalar) -> String {
        match scalar {
            Scalar::Bool => "a condition".to_owned(),
            Scalar::Int => "a whole number".to_owned(),
            Scalar::Number => "a number".to_owned(),
            Scalar::Money(currency) => format!("money in {}", currency.as_str()),
            Scalar::Text => "text".to_owned(),
            Scalar::Date => "a date".to_owned(),
            Scalar::Time => "a time".to_owned(),
            Scalar::Choice(domain) => {
                let domain = self.schema.domain(domain);
                match domain.kind {
                    DomainKind::OneOf | DomainKind::Ranked => self.type_name(scalar),
                    DomainKind::Stages => "a stage".to_owned(),
                    DomainKind::Bands => format!("a band of `{}`", domain.name),
                    DomainKind::Cells => format!("a cell of `{}`", domain.name),
                }
            }
        }
    }

    fn type_name(&self, scalar: Scalar) -> String {
        match scalar {
            Scalar::Bool => "bool".to_owned(),
            Scalar::Int => "int".to_owned(),
            Scalar::Number => "number".to_owned(),
            Scalar::Money(currency) => format!("money {}", currency.as_str()),
            Scalar::Text => "text".to_owned(),
            Scalar::Date => "date".to_owned(),
            Scalar::Time => "time".to_owned(),
            Scalar::Choice(domain) if Some(domain) == self.stage_domain => "stage".to_owned(),
            Scalar::Choice(domain) => {
                let domain = self.schema.domain(domain);
                let word = if domain.kind == DomainKind::Ranked { "ranked" } else { "one of" };
                let shown: Vec<String> =
                    domain.choices.iter().take(2).map(|choice| format!("\"{}\"", choice.name)).collect();
                let more = if domain.choices.len() > 2 { ", …" } else { "" };
                format!("{word} [{}{more}]", shown.join(", "))
            }
        }
    }
}
