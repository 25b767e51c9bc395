//! What a decision says, fact by fact: so that two decisions can be compared, told of, and expected.

use crate::check::hir::Program;
use crate::eval::{Outcome, Points};
use crate::model::{DomainId, Literal, Scalar, Tri, Type};

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum What {
    Stage,
    Route,
    Reason(usize),
    Bands(usize),
    Matrix(usize),
    Fit(usize),
    Check(usize),
    Define(usize),
    Part(usize),
    Reached(usize),
}

/// A fact's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<'a> {
    /// The name of a stage, route, band or cell.
    Name(&'a str),
    /// A condition's value.
    Truth(Tri),
    /// Points, in ten-thousandths.
    Points(i64),
    /// A value of a `define`.
    Value(Literal),
}

/// Visits every fact of a decision, the most telling first. Two decisions of policies of one shape have the same facts
/// in the same order.
pub fn facts<'p>(program: &'p Program, outcome: &Outcome<'_>, visit: &mut dyn FnMut(What, Fact<'p>)) {
    let choice = |domain: DomainId, place: u16| {
        let choices = &program.schema.domain(domain).choices;
        Fact::Name(choices.get(usize::from(place)).map_or("", |choice| &choice.name))
    };
    if !program.stages.is_empty() {
        let stage = match outcome.disqualified {
            true => "disqualified",
            false => program.stages.get(usize::from(outcome.stage)).map_or("", |stage| &stage.name),
        };
        visit(What::Stage, Fact::Name(stage));
    }
    if !program.routes.is_empty() {
        let route = outcome.route.map_or("none", |route| &program.routes[route.index()].name);
        visit(What::Route, Fact::Name(route));
    }
    for (place, value) in outcome.reasons.iter().enumerate() {
        visit(What::Reason(place), Fact::Truth(Tri::from(value.is_true())));
    }
    for (place, (bands, band)) in program.bands.iter().zip(outcome.bands.iter()).enumerate() {
        visit(What::Bands(place), choice(bands.domain, *band));
    }
    for (place, (matrix, cell)) in program.matrices.iter().zip(outcome.cells.iter()).enumerate() {
        visit(What::Matrix(place), choice(matrix.domain, *cell));
    }
    for (place, fit) in outcome.fits.iter().enumerate() {
        visit(What::Fit(place), Fact::Truth(fit.verdict));
    }
    for (place, value) in outcome.checks.iter().enumerate() {
        visit(What::Check(place), Fact::Truth(*value));
    }
    for (place, (define, value)) in program.defines.iter().zip(outcome.defines.iter()).enumerate() {
        if !define.constant {
            let truth = matches!(define.value.ty, Type::One(Scalar::Bool));
            let fact = if truth { Fact::Truth(value.tri()) } else { Fact::Value(value.to_literal()) };
            visit(What::Define(place), fact);
        }
    }
    for (place, points) in outcome.points.iter().enumerate() {
        visit(What::Part(place), Fact::Points(*points));
    }
    for (place, reached) in outcome.reached.iter().enumerate().skip(1) {
        visit(What::Reached(place), Fact::Truth(Tri::from(*reached)));
    }
}

impl What {
    /// What people call it.
    pub fn name(self, program: &Program) -> String {
        match self {
            What::Stage => "stage".to_owned(),
            What::Route => "the route".to_owned(),
            What::Reason(place) => format!("`disqualified by {}`", program.reasons[place].name),
            What::Bands(place) => format!("`{}`", program.bands[place].name),
            What::Matrix(place) => format!("`{}`", program.matrices[place].name),
            What::Fit(place) => format!("`{} fits`", program.fits[place].name),
            What::Check(_) | What::Part(_) => format!("`{}`", self.path(program)),
            What::Define(place) => format!("`{}`", program.defines[place].name),
            What::Reached(place) => format!("whether `{}` is reached", program.stages[place].name),
        }
    }

    /// How the policy names it.
    pub fn path(self, program: &Program) -> String {
        match self {
            What::Check(place) => {
                let check = &program.checks[place];
                format!("{}.{}", program.fits[check.fit.index()].name, check.name)
            }
            What::Part(place) => {
                let part = &program.parts[place];
                match part.parent {
                    Some(_) => format!("{}.{}", program.parts[part.score.index()].name, part.name),
                    None => part.name.clone(),
                }
            }
            What::Stage | What::Route | What::Reached(_) => "stage".to_owned(),
            What::Reason(place) => program.reasons[place].name.clone(),
            What::Bands(place) => program.bands[place].name.clone(),
            What::Matrix(place) => program.matrices[place].name.clone(),
            What::Fit(place) => program.fits[place].name.clone(),
            What::Define(place) => program.defines[place].name.clone(),
        }
    }
}

impl Fact<'_> {
    /// The value for people.
    pub fn text(&self) -> String {
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

/// A fact by its place.
pub fn told<'p>(program: &'p Program, outcome: &Outcome<'_>, place: usize) -> Option<(What, Fact<'p>)> {
    let (mut next, mut found) = (0, None);
    facts(program, outcome, &mut |what, fact| {
        if next == place {
            found = Some((what, fact));
        }
        next += 1;
    });
    found
}
