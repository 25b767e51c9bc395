//! What a decision says, fact by fact, so that two decisions can be compared.

use crate::check::hir::Program;
use crate::eval::{Outcome, Points};
use crate::model::{DomainId, Literal, Scalar, Tri, Type};

/// Visits every fact of a decision: its name and its value. The most telling come first; names are made only on demand.
fn facts(program: &Program, outcome: &Outcome<'_>, visit: &mut dyn FnMut(&dyn Fn() -> String, Fact<'_>)) {
    let choice = |domain: DomainId, place: u16| {
        let choices = &program.schema.domain(domain).choices;
        Fact::Name(choices.get(usize::from(place)).map_or("", |choice| &choice.name))
    };
    if !program.stages.is_empty() {
        let stage = match outcome.disqualified {
            true => "disqualified",
            false => program.stages.get(usize::from(outcome.stage)).map_or("", |stage| &stage.name),
        };
        visit(&|| "stage".to_owned(), Fact::Name(stage));
    }
    if !program.routes.is_empty() {
        let route = outcome.route.map_or("none", |route| &program.routes[route.index()].name);
        visit(&|| "the route".to_owned(), Fact::Name(route));
    }
    for (reason, value) in program.reasons.iter().zip(outcome.reasons.iter()) {
        visit(&|| format!("`disqualified by {}`", reason.name), Fact::Truth(Tri::from(value.is_true())));
    }
    for (bands, band) in program.bands.iter().zip(outcome.bands.iter()) {
        visit(&|| format!("`{}`", bands.name), choice(bands.domain, *band));
    }
    for (matrix, cell) in program.matrices.iter().zip(outcome.cells.iter()) {
        visit(&|| format!("`{}`", matrix.name), choice(matrix.domain, *cell));
    }
    for (fit, found) in program.fits.iter().zip(outcome.fits.iter()) {
        visit(&|| format!("`{} fits`", fit.name), Fact::Truth(found.verdict));
    }
    for (check, value) in program.checks.iter().zip(outcome.checks.iter()) {
        let name = || format!("`{}.{}`", program.fits[check.fit.index()].name, check.name);
        visit(&name, Fact::Truth(*value));
    }
    for (define, value) in program.defines.iter().zip(outcome.defines.iter()).filter(|(define, _)| !define.constant) {
        let fact = match define.value.ty {
            Type::One(Scalar::Bool) => Fact::Truth(value.tri()),
            _ => Fact::Value(value.to_literal()),
        };
        visit(&|| format!("`{}`", define.name), fact);
    }
    for (part, points) in program.parts.iter().zip(outcome.points.iter()) {
        let score = &program.parts[part.score.index()];
        let name = || match part.parent {
            Some(_) => format!("`{}.{}`", score.name, part.name),
            None => format!("`{}`", part.name),
        };
        visit(&name, Fact::Points(*points));
    }
    for (stage, reached) in program.stages.iter().zip(outcome.reached.iter()).skip(1) {
        visit(&|| format!("whether `{}` is reached", stage.name), Fact::Truth(Tri::from(*reached)));
    }
}

enum Fact<'a> {
    Name(&'a str),
    Truth(Tri),
    Points(i64),
    Value(Literal),
}

impl Fact<'_> {
    fn text(&self) -> String {
        match self {
            Fact::Name(name) => (*name).to_owned(),
            Fact::Truth(truth) => truth.as_str().to_owned(),
            Fact::Points(points) => Points(*points).to_string(),
            Fact::Value(Literal::Missing) => "missing".to_owned(),
            Fact::Value(Literal::Text(text)) => format!("\"{text}\""),
            Fact::Value(Literal::Int(value)) => value.to_string(),
            Fact::Value(Literal::Number(value)) => crate::model::number::display(*value, 6).to_string(),
            Fact::Value(Literal::Money(value)) => crate::model::number::display(*value, 4).to_string(),
            Fact::Value(_) => "another value".to_owned(),
        }
    }

    fn sum(&self) -> u64 {
        let bytes = |text: &[u8]| {
            text.iter()
                .fold(0xcbf2_9ce4_8422_2325u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
        };
        match self {
            Fact::Name(name) => bytes(name.as_bytes()),
            Fact::Truth(truth) => *truth as u64,
            Fact::Points(points) => *points as u64,
            Fact::Value(
                Literal::Int(value) | Literal::Number(value) | Literal::Money(value) | Literal::Time(value),
            ) => *value as u64,
            Fact::Value(value) => bytes(format!("{value:?}").as_bytes()),
        }
    }
}

/// The facts of a decision as numbers: two decisions of policies of one shape are the same when these are.
pub fn digest(program: &Program, outcome: &Outcome<'_>) -> Vec<u64> {
    let mut sums = Vec::new();
    facts(program, outcome, &mut |_, fact| sums.push(fact.sum()));
    sums
}

/// The name of the route that a lead takes, as a number.
pub fn route(program: &Program, outcome: &Outcome<'_>) -> u64 {
    Fact::Name(outcome.route.map_or("none", |route| &program.routes[route.index()].name)).sum()
}

/// A fact by its place: its name and its value.
pub fn told(program: &Program, outcome: &Outcome<'_>, place: usize) -> (String, String) {
    let (mut next, mut found) = (0, (String::new(), String::new()));
    facts(program, outcome, &mut |name, fact| {
        if next == place {
            found = (name(), fact.text());
        }
        next += 1;
    });
    found
}
