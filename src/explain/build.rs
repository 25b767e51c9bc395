//! From an outcome and its ledger to an [`Explanation`]: the head, fits, bands, matrices, stages and routes.

use super::model::*;
use super::why::{self, Need, Why};
use super::{input, lack, matters, questions, score, show};
use crate::base::Span;
use crate::check::hir::{Axis, Bands, Expr, Fit, Matrix, Program, Route, Stage, StageId};
use crate::eval::{CheckVerdict, Evaluator, FitVerdict, Ledger, Outcome, Points};
use crate::model::text::readable;
use crate::model::{DomainId, Lead, Problem, Tri, Value};
use crate::words::Spoken;

/// What a policy says of a lead and why. The outcome and the ledger are what [`Evaluator::explain`] gave for this lead;
/// the problems are those of its record, and `spoken` is of the same policy.
pub fn explain(
    evaluator: &Evaluator<'_>,
    spoken: &Spoken,
    lead: &Lead<'_>,
    outcome: &Outcome<'_>,
    ledger: &Ledger,
    problems: &[Problem],
) -> Explanation {
    let at_hand = AtHand { program: evaluator.program(), evaluator, spoken, lead, outcome, ledger, unread: problems };
    at_hand.explanation()
}

/// The program and its version.
const ENGINE: &str = concat!("qualify ", env!("CARGO_PKG_VERSION"));

/// All that an explanation is made from.
#[derive(Clone, Copy)]
pub(super) struct AtHand<'a, 'o> {
    pub(super) program: &'a Program,
    pub(super) evaluator: &'a Evaluator<'a>,
    pub(super) spoken: &'a Spoken,
    pub(super) lead: &'a Lead<'a>,
    pub(super) outcome: &'a Outcome<'o>,
    pub(super) ledger: &'a Ledger,
    /// The values of its record that could not be read.
    pub(super) unread: &'a [Problem],
}

impl<'a> AtHand<'a, '_> {
    pub(super) fn why(self) -> Why<'a> {
        Why {
            program: self.program,
            ledger: self.ledger,
            spoken: Some(self.spoken),
            unread: self.unread,
            need: Need::All,
        }
    }
}

impl AtHand<'_, '_> {
    fn explanation(self) -> Explanation {
        let program = self.program;
        let ladder = program.stages.get(self.outcome.stage as usize).map(|stage| name(&stage.name, &stage.label));
        let disqualified = self.outcome.disqualified;
        Explanation {
            schema_version: SCHEMA_VERSION,
            key: self.lead.key.to_owned(),
            engine: ENGINE.to_owned(),
            policy: PolicyHead {
                name: program.meta.label.clone(),
                version: program.meta.version.clone(),
                digest: program.digest().to_string(),
                file: program.sources.files().first().map(|source| source.name.clone()),
            },
            as_of: show::as_of(self.evaluator.as_of(), &program.zone),
            zone: program.zone.name().to_owned(),
            stage: if disqualified { Some(name("disqualified", "Disqualified")) } else { ladder.clone() },
            ladder,
            disqualified,
            disqualify: program
                .reasons
                .iter()
                .map(|reason| self.condition_item(&reason.name, &reason.label, reason.span, &reason.condition))
                .collect(),
            route: self.route(),
            routes: self.routes(),
            fits: (0..program.fits.len()).map(|place| self.fit(&program.fits[place], place)).collect(),
            scores: score::scores(self),
            bands: program
                .bands
                .iter()
                .zip(self.outcome.bands.iter())
                .map(|(bands, at)| self.bands(bands, *at))
                .collect(),
            matrices: program
                .matrices
                .iter()
                .zip(self.outcome.cells.iter())
                .map(|(matrix, cell)| self.matrix(matrix, *cell))
                .collect(),
            personas: program
                .defines
                .iter()
                .filter(|define| define.persona)
                .map(|define| self.condition_item(&define.name, &define.label, define.span, &define.value))
                .collect(),
            stages: program.stages.iter().enumerate().map(|(place, stage)| self.rung(stage, place)).collect(),
            why_not: lack::why_not(self),
            matters: matters::matters(program),
            always: program
                .always
                .iter()
                .map(|always| self.condition_item("", &always.label, always.span, &always.condition))
                .collect(),
            questions: questions::questions(self),
            problems: self
                .unread
                .iter()
                .map(|problem| DataProblem { report: problem.into(), description: problem.kind.describe().to_owned() })
                .collect(),
            outlook: None,
            input: input::input(program, self.lead),
        }
    }

    /// A declaration by its full name.
    pub(super) fn item(self, name: &str, label: &str, span: Span) -> Item {
        let at = self.program.sources.locate(span).map(|(file, location)| Place {
            file: file.to_owned(),
            line: u32::try_from(location.line).unwrap_or(u32::MAX),
        });
        Item { name: name.to_owned(), label: label.to_owned(), at }
    }

    pub(super) fn condition(self, expr: &Expr) -> Condition {
        why::condition(self.why(), expr)
    }

    fn condition_item(self, name: &str, label: &str, span: Span, expr: &Expr) -> ConditionItem {
        ConditionItem { item: self.item(name, label, span), condition: self.condition(expr) }
    }

    fn fit(self, fit: &Fit, place: usize) -> FitItem {
        let outcome = self.outcome.fits[place];
        let checks = fit.checks.clone().map(|check| {
            let declared = &self.program.checks[check as usize];
            CheckItem {
                item: self.item(&format!("{}.{}", fit.name, declared.name), &declared.label, declared.span),
                verdict: match self.outcome.checks[check as usize] {
                    Tri::True => CheckVerdict::Passes,
                    Tri::False => CheckVerdict::Fails,
                    Tri::Unknown => CheckVerdict::Unknown,
                },
                condition: self.condition(&declared.condition),
            }
        });
        FitItem {
            item: self.item(&fit.name, &fit.label, fit.span),
            verdict: match outcome.verdict {
                Tri::True => FitVerdict::Fits,
                Tri::False => FitVerdict::Fails,
                Tri::Unknown => FitVerdict::Unknown,
            },
            needs: fit.needs,
            passed: outcome.passed,
            failed: outcome.failed,
            unknown: outcome.unknown,
            checks: checks.collect(),
        }
    }

    fn choice(self, domain: DomainId, place: u16) -> Name {
        let choice = self.program.schema.domain(domain).choices.get(place as usize);
        choice.map_or_else(|| name("missing", "missing"), |choice| name(&choice.name, &choice.label))
    }

    fn bands(self, bands: &Bands, at: u16) -> BandsItem {
        let points = self.outcome.points(bands.of);
        let of = &self.program.parts[bands.of.index()];
        BandsItem {
            item: self.item(&bands.name, &bands.label, bands.span),
            of: name(&super::readings::path(self.program, bands.of), &of.label),
            points: Points(points),
            band: self.choice(bands.domain, at),
            from: (at as usize).checked_sub(1).and_then(|below| bands.from.get(below)).map(|from| Points(*from)),
            next: bands.from.get(at as usize).map(|from| NextBand {
                band: self.choice(bands.domain, at + 1),
                from: Points(*from),
                short: Points(from - points),
            }),
        }
    }

    fn matrix(self, matrix: &Matrix, cell: u16) -> MatrixItem {
        MatrixItem {
            item: self.item(&matrix.name, &matrix.label, matrix.span),
            cell: self.choice(matrix.domain, cell),
            row: self.axis(&matrix.rows),
            column: self.axis(&matrix.columns),
        }
    }

    fn axis(self, axis: &Axis) -> AxisPlace {
        match axis {
            Axis::Bands(id) => {
                let bands = &self.program.bands[id.index()];
                let place = self.choice(bands.domain, self.outcome.bands[id.index()]);
                AxisPlace { of: name(&bands.name, &bands.label), place }
            }
            Axis::Fit(id) => {
                let fit = &self.program.fits[id.index()];
                let verdict = match self.outcome.fit(*id).verdict {
                    Tri::True => "fits",
                    Tri::False => "fails",
                    Tri::Unknown => "unknown",
                };
                AxisPlace { of: name(&fit.name, &fit.label), place: name(verdict, verdict) }
            }
            Axis::Field(id, domain) => {
                let field = &self.program.schema.field(*id).name;
                let place = match self.lead.field(*id) {
                    Value::Choice(choice) => self.choice(*domain, choice),
                    _ => name("missing", "missing"),
                };
                AxisPlace { of: name(field, &readable(field)), place }
            }
        }
    }

    fn rung(self, stage: &Stage, place: usize) -> Rung {
        Rung {
            item: self.item(&stage.name, &stage.label, stage.span),
            reached: self.outcome.reached[place],
            standing: self.outcome.standing[place].into(),
            highest: self.outcome.stage as usize == place,
            condition: stage.condition.as_ref().map(|condition| self.condition(condition)),
            after: stage.after.map(|after| {
                let lower = &self.program.stages[after.index()];
                After {
                    stage: name(&lower.name, &lower.label),
                    reached: self.outcome.reached[after.index()],
                    standing: self.outcome.standing[after.index()].into(),
                }
            }),
            keep_while: stage.keep_while.as_ref().map(|condition| Keep {
                applies: self.program.stands_at(self.lead, StageId(place as u16)),
                condition: self.condition(condition),
            }),
        }
    }

    fn route_item(self, route: &Route) -> Item {
        self.item(&route.name, &route.label, route.span)
    }

    fn route(self) -> Option<RouteTaken> {
        let (program, as_of) = (self.program, self.evaluator.as_of());
        let route = &program.routes[self.outcome.route?.index()];
        let within = route.within.map(|within| program.lengths[within.index()]);
        Some(RouteTaken {
            item: self.route_item(route),
            within: within.map(|length| length.to_string()),
            deadline: within
                .map(|length| show::instant(as_of.reach(length, &program.zone).ahead, as_of, &program.zone)),
        })
    }

    fn routes(self) -> Vec<RouteTried> {
        let taken = self.outcome.route.map(|route| route.index());
        let tried = |(place, route): (usize, &Route)| RouteTried {
            item: self.route_item(route),
            taken: taken == Some(place),
            condition: route.condition.as_ref().map(|condition| self.condition(condition)),
        };
        self.program.routes.iter().enumerate().map(tried).collect()
    }
}

/// A name and its label.
pub(super) fn name(name: &str, label: &str) -> Name {
    Name { name: name.to_owned(), label: label.to_owned() }
}
