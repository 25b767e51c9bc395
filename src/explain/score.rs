//! How the points of scores came about.

use super::build::AtHand;
use super::model::{Case, EventFate, EventItem, How, LostEvents, PartItem, PerEvents, Reading, ScoreItem};
use super::outlook::thresholds;
use super::readings::path;
use super::show;
use super::why::DEPTH;
use crate::check::hir::{self, Decay, Expr, Included, PartId, PartKind, Per};
use crate::eval::{Fate, Points};
use crate::model::number;
use crate::model::{Literal, Tri};
use std::collections::HashMap;

/// Every score in the order written.
pub(super) fn scores(at_hand: AtHand<'_, '_>) -> Vec<ScoreItem> {
    let spellings = at_hand.lead.events.iter().map(|event| (event.index, event.spelling)).collect();
    let scores = Scores { at_hand, spellings: &spellings };
    at_hand.program.scores.iter().map(|score| scores.score(*score)).collect()
}

#[derive(Clone, Copy)]
struct Scores<'a, 'o> {
    at_hand: AtHand<'a, 'o>,
    /// How the data spells the type of each event, by its place in the data.
    spellings: &'a HashMap<u32, &'a str>,
}

impl<'a, 'o> std::ops::Deref for Scores<'a, 'o> {
    type Target = AtHand<'a, 'o>;

    fn deref(&self) -> &AtHand<'a, 'o> {
        &self.at_hand
    }
}

impl Scores<'_, '_> {
    fn score(self, id: PartId) -> ScoreItem {
        let part = &self.program.parts[id.index()];
        let item = self.item(&part.name, &part.label, part.span);
        let points = Points(self.outcome.points(id));
        let sum = Points(self.ledger.part(id).raw);
        let thresholds = thresholds(self.program, id);
        let (from, to, parts) = match &part.kind {
            PartKind::Group { parts, from, to } => (from.map(Points), to.map(Points), self.parts(parts)),
            _ => (None, None, self.parts(&[id])),
        };
        ScoreItem { item, points, sum, from, to, thresholds, parts }
    }

    fn parts(self, parts: &[PartId]) -> Vec<PartItem> {
        parts.iter().map(|part| self.part(*part)).collect()
    }

    fn part(self, id: PartId) -> PartItem {
        let part = &self.program.parts[id.index()];
        PartItem {
            item: self.item(&path(self.program, id), &part.label, part.span),
            points: Points(self.outcome.points(id)),
            how: self.how(id, &part.kind),
        }
    }

    fn how(self, id: PartId, kind: &PartKind) -> How {
        let entry = self.ledger.part(id);
        match kind {
            PartKind::Group { parts, from, to } => How::Group {
                sum: Points(entry.raw),
                from: from.map(Points),
                to: to.map(Points),
                parts: self.parts(parts),
            },
            PartKind::Include { of, factor } => {
                let (of, value) = match of {
                    Included::Score(score) => {
                        (path(self.program, *score), show::shown_points(self.outcome.points(*score)))
                    }
                    Included::Number(expr) => {
                        let reading = self.reading(expr);
                        (reading.source, reading.value)
                    }
                };
                How::Include { of, words: self.why().included_words(id), value, factor: factor.map(show::factor) }
            }
            PartKind::If { points, condition } => {
                How::If { worth: Points(*points), condition: self.condition(condition) }
            }
            PartKind::Per(per) => How::Per(Box::new(self.per(id, per))),
            PartKind::PerPeriod { points, period, since, most } => How::PerPeriod {
                each: Points(*points),
                period: show::period(*period),
                since: self.reading(since),
                // The points of a rule are never 0.
                periods: entry.raw.checked_div(*points).map_or(0, i64::unsigned_abs),
                raw: Points(entry.raw),
                over_limit: Points(entry.lost_to_limit),
                most: most.map(Points),
            },
            PartKind::By { value, cases, missing, otherwise } => {
                let known = !matches!(self.ledger.value(value.id), None | Some(Literal::Missing));
                let word = |source: &str| Some(Case { source: source.to_owned(), because: Vec::new() });
                let case = if known {
                    let taken = cases.iter().find(|case| self.holds(&case.condition));
                    taken
                        .map(|case| Case { source: self.source_of(case), because: Vec::new() })
                        .or_else(|| otherwise.and_then(|_| word("otherwise")))
                } else {
                    missing.and_then(|_| word("missing"))
                };
                How::By { value: self.reading(value), case }
            }
            PartKind::FirstOf { cases, otherwise } => self.first_of(cases, otherwise.is_some()),
        }
    }

    fn first_of(self, cases: &[hir::Case], otherwise: bool) -> How {
        let taken = cases.iter().position(|case| self.holds(&case.condition));
        let before = &cases[..taken.unwrap_or(cases.len())];
        let passed_over: Vec<_> = before.iter().map(|case| self.condition(&case.condition)).collect();
        let case = match taken {
            Some(taken) => Some(Case {
                source: self.source_of(&cases[taken]),
                because: self.why().reasons(&cases[taken].condition, true, DEPTH),
            }),
            None if otherwise && passed_over.iter().all(|case| case.truth == super::Truth::False) => {
                Some(Case { source: "otherwise".to_owned(), because: Vec::new() })
            }
            None => None,
        };
        How::FirstOf { case, passed_over }
    }

    fn holds(self, condition: &Expr) -> bool {
        self.why().truth(condition) == Tri::True
    }

    fn source_of(self, case: &hir::Case) -> String {
        show::source(self.program, case.condition.span)
    }

    fn reading(self, expr: &Expr) -> Reading {
        self.why().reading(expr)
    }

    fn per(self, id: PartId, per: &Per) -> PerEvents {
        let entry = self.ledger.part(id);
        let (as_of, zone) = (self.evaluator.as_of(), &self.program.zone);
        let events: Vec<EventItem> = self
            .ledger
            .events(id)
            .map(|event| EventItem {
                index: event.index,
                ty: self.spellings.get(&event.index).copied().unwrap_or_default().to_owned(),
                at: show::instant(event.at, as_of, zone),
                fate: event.fate.into(),
                points: Points(event.points),
            })
            .collect();
        PerEvents {
            each: Points(per.points),
            query: show::source(self.program, self.program.queries[per.query.index()].span),
            distinct: per.distinct.as_ref().map(|field| show::source(self.program, field.span)),
            raw: Points(entry.raw),
            outside: Points(entry.outside),
            duplicates: Points(entry.duplicates),
            over_cap: Points(entry.over_cap),
            decay: Points(entry.lost_to_decay),
            fades: per.decay.as_ref().map(fades),
            over_limit: Points(entry.lost_to_limit),
            most: per.most.map(Points),
            counted: events.iter().filter(|event| event.fate == EventFate::Counts).count() as u64,
            latest: events.first().map(|event| event.at.clone()),
            lost: lost(per, &events),
            events,
        }
    }
}

/// How the points of an event go down with its age, in words.
fn fades(decay: &Decay) -> String {
    match decay {
        Decay::Halving { every } => format!("halves every {}", show::period(*every)),
        Decay::Fading { over } => format!("down to 0 over {}", show::period(*over)),
        Decay::LosingShare { share, every } => {
            format!("loses {} every {}", show::factor(*share), show::period(*every))
        }
        Decay::LosingPoints { points, every } => format!("loses {} every {}", Points(*points), show::period(*every)),
    }
}

/// The events that do not count, by reason, in the order in which the limits are applied.
fn lost(per: &Per, events: &[EventItem]) -> Vec<LostEvents> {
    let reasons = [
        (EventFate::OutsideWindow, None),
        (EventFate::NoValue, None),
        (EventFate::Duplicate, None),
        (EventFate::OverDay, per.per_day),
        (EventFate::OverWeek, per.per_week),
        (EventFate::OverMonth, per.per_month),
        (EventFate::OverTimes, per.times),
    ];
    let lost = reasons.into_iter().map(|(fate, cap)| {
        let events = events.iter().filter(|event| event.fate == fate).count();
        let points = number::hold_points(i128::from(per.points) * events as i128);
        LostEvents { fate, cap, events: events as u64, points: Points(points) }
    });
    lost.filter(|lost| lost.events > 0).collect()
}

impl From<Fate> for EventFate {
    fn from(fate: Fate) -> EventFate {
        match fate {
            Fate::Counts => EventFate::Counts,
            Fate::OutsideWindow => EventFate::OutsideWindow,
            Fate::NoValue => EventFate::NoValue,
            Fate::Duplicate => EventFate::Duplicate,
            Fate::OverDay => EventFate::OverDay,
            Fate::OverWeek => EventFate::OverWeek,
            Fate::OverMonth => EventFate::OverMonth,
            Fate::OverTimes => EventFate::OverTimes,
        }
    }
}
