//! Text: what is made of a text before it is compared, patterns, lists of texts.

use super::clock::known_then;
use super::{Lower, Made, Scope};
use crate::builtins::Matcher;
use crate::check::hir::{Expr, ExprKind};
use crate::model::{Choice, DomainId, FieldId, Scalar, Type, text as model_text};
use crate::sql::regex;
use crate::sql::tree::{Sql, call, int, text};

/// Longer lists of texts are parts of their own.
const INLINE: usize = 40;

impl Lower<'_> {
    /// A column that is made of a text field of the lead.
    fn made(&mut self, made: Made, field: FieldId) -> Sql {
        let needs: &[Made] = match made {
            Made::Folded | Made::Address => &[],
            Made::Words => &[Made::Folded],
            Made::Host => &[Made::Address],
            Made::Bare => &[Made::Address, Made::Host],
            Made::Domain => &[Made::Address, Made::Host, Made::Bare],
        };
        for need in needs {
            self.made(*need, field);
        }
        if !self.made.contains_key(&(made, field)) {
            let word = match made {
                Made::Folded => "folded",
                Made::Words => "words",
                Made::Address => "address",
                Made::Host => "host",
                Made::Bare => "bare",
                Made::Domain => "domain",
            };
            let own = self.fields[field.index()].clone().unwrap_or_default();
            let name = self.names.unique(&format!("{own}__{word}"));
            self.made.insert((made, field), name);
        }
        let name = self.made.get(&(made, field)).cloned().unwrap_or_default();
        self.lead_column(&name)
    }

    /// A text with case ignored, to be compared with these: the final sigma is turned only where they could tell. No
    /// patterns: with other texts of the data; an empty one: with texts of the policy.
    pub(super) fn folded(&mut self, expr: &Expr, patterns: &[&str]) -> Sql {
        let sigma = match patterns {
            [] => true,
            [""] => !self.ascii,
            some => some.iter().any(|pattern| !pattern.is_ascii()),
        };
        match &expr.kind {
            ExprKind::Field(field) if expr.ty == Type::One(Scalar::Text) => {
                if sigma {
                    self.sigma.insert(*field);
                }
                self.made(Made::Folded, *field)
            }
            ExprKind::Constant(crate::model::Literal::Text(written)) => text(model_text::fold(written).into_owned()),
            ExprKind::Call(crate::builtins::Function::Domain, _) => {
                let domain = self.value(expr);
                if sigma { call("replace", [domain, text("ς"), text("σ")]) } else { domain }
            }
            ExprKind::Subject => match self.subject.clone() {
                Some((_, Some(folded))) => folded,
                Some((value, None)) => self.d.fold(value),
                None => Sql::Null,
            },
            _ => {
                let value = self.value(expr);
                if sigma { self.d.fold(value) } else { self.d.lower(value) }
            }
        }
    }

    /// The words of a text in a row.
    fn words(&mut self, expr: &Expr) -> Sql {
        match &expr.kind {
            ExprKind::Field(field) => {
                if !self.ascii {
                    self.sigma.insert(*field);
                }
                self.made(Made::Words, *field)
            }
            _ => {
                let folded = self.folded(expr, &[""]);
                self.d.words(folded)
            }
        }
    }

    /// `domain(text)`
    pub(super) fn domain(&mut self, expr: &Expr) -> Sql {
        if let ExprKind::Field(field) = &expr.kind {
            return self.made(Made::Domain, *field);
        }
        let value = self.value(expr);
        if let Some(domain) = self.d.domain(value.clone()) {
            return domain;
        }
        let host = self.host_of(value);
        let bare = self.d.bare_host(host);
        self.d.dotted(bare)
    }

    /// The host of an address, in lower case.
    pub(super) fn host_of(&self, address: Sql) -> Sql {
        let host = self.d.host(address);
        self.d.lower_of_data(self.d.trim(host))
    }

    /// A list of texts with case ignored.
    pub(super) fn folded_list(&mut self, expr: &Expr) -> Sql {
        if let ExprKind::Field(field) = &expr.kind {
            return self.made(Made::Folded, *field);
        }
        let list = self.value(expr);
        self.d.fold_list(list)
    }

    /// Whether a folded text is one of these, which are folded and sorted.
    pub(super) fn in_texts(&mut self, folded: Sql, texts: Vec<String>, negated: bool) -> Sql {
        if let ([one], false) = (texts.as_slice(), self.options.lists_as_tables) {
            return folded.bin(if negated { "<>" } else { "=" }, text(one.as_str()));
        }
        if texts.len() <= INLINE && !self.options.lists_as_tables {
            return Sql::In(Box::new(folded), texts.into_iter().map(text).collect(), negated);
        }
        let name = match self.lists.iter().find(|(_, known)| *known == texts) {
            Some((name, _)) => name.clone(),
            None => {
                let name = self.names.unique(&format!("list_{}", self.lists.len() + 1));
                self.lists.push((name.clone(), texts));
                name
            }
        };
        self.d.in_part(folded, name, negated)
    }

    /// `is exactly`
    pub(super) fn exactly(&mut self, value: &Expr, exact: &str, negated: bool) -> Sql {
        if let Type::One(Scalar::Choice(domain)) = value.ty {
            return self.choices_where(value, domain, negated, |choice| model_text::trim(&choice.name) == exact);
        }
        self.value(value).bin(if negated { "<>" } else { "=" }, text(exact))
    }

    /// Whether a value is one of the choices for which something holds.
    pub(super) fn choices_where(
        &mut self,
        value: &Expr,
        domain: DomainId,
        negated: bool,
        holds: impl Fn(&Choice) -> bool,
    ) -> Sql {
        let choices = &self.program.schema.domain(domain).choices;
        let found: Vec<u16> =
            (0..).zip(choices).filter(|(_, choice)| holds(choice) != negated).map(|(place, _)| place).collect();
        let own = self.value(value);
        let known = found.len() == choices.len();
        let mut all: Vec<Sql> = found.into_iter().map(|choice| self.choice(domain, choice)).collect();
        let one = if all.len() == 1 { all.pop() } else { None };
        let is = match one {
            Some(one) => own.clone().bin("=", one),
            None if all.is_empty() || known => known_then(own.clone(), Sql::Bool(known)),
            None => Sql::In(Box::new(own.clone()), all, false),
        };
        if self.program.schema.domain(domain).kind == crate::model::DomainKind::Stages {
            // A disqualified lead's stage has no text.
            return crate::sql::tree::when(own.bin(">=", int(0)), is, None);
        }
        is
    }

    /// A text operator.
    pub(super) fn matched(&mut self, value: &Expr, matcher: &Matcher) -> Sql {
        if let Type::One(Scalar::Choice(domain)) = value.ty {
            return self
                .choices_where(value, domain, false, |choice| matcher.matches(&choice.name, &bumpalo::Bump::new()));
        }
        let patterns: Vec<&str> = matcher.patterns().iter().map(String::as_str).collect();
        let any = |all: Vec<Sql>| if all.len() == 1 { all } else { vec![Sql::Or(all)] };
        let tests: Vec<Sql> = match matcher {
            Matcher::Mentions(_) => {
                let words = self.words(value);
                patterns.iter().map(|pattern| self.d.contains(words.clone(), text(row(pattern)))).collect()
            }
            Matcher::Matches(_) if !self.d.has_regex() => {
                self.refuse(value.span, "`matches`");
                Vec::new()
            }
            Matcher::Matches(_) => {
                let folded = self.folded(value, &[""]);
                let source = matcher.language();
                let source = inner(&source);
                match regex::translate(source, self.d.regex()) {
                    Some(pattern) => vec![self.d.matches(folded, text(pattern))],
                    None => {
                        self.refuse(value.span, "a regular expression");
                        Vec::new()
                    }
                }
            }
            _ => {
                let folded = self.folded(value, &patterns);
                let each = |pattern: &&str| match matcher {
                    Matcher::Contains(_) => self.d.contains(folded.clone(), text(*pattern)),
                    Matcher::StartsWith(_) => self.d.starts_with(folded.clone(), text(*pattern)),
                    Matcher::EndsWith(_) => self.d.ends_with(folded.clone(), text(*pattern)),
                    _ => self.d.like(folded.clone(), pattern),
                };
                patterns.iter().map(each).collect()
            }
        };
        any(tests).pop().unwrap_or(Sql::Null)
    }

    /// Whether an expression names an event's own field.
    pub(super) fn scope_types(&self) -> Option<&crate::check::hir::EventTypes> {
        match &self.scope {
            Scope::Event(types) => Some(types),
            Scope::Lead => None,
        }
    }
}

/// The expression that [`Matcher::language`] wraps for `matches`.
fn inner(language: &str) -> &str {
    let inside = language.strip_prefix(r"\A(?s:.*)").and_then(|rest| rest.strip_suffix(r"(?s:.*)\z"));
    inside.unwrap_or(language)
}

/// The words of a folded pattern with a blank before, between and behind them.
fn row(pattern: &str) -> String {
    let separator = |c: char| match c {
        '\0'..='\x7f' => !c.is_ascii_alphanumeric(),
        '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' => true,
        _ => false,
    };
    let words: Vec<&str> = pattern.split(separator).filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}
