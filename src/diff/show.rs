//! A lead of the joint policy shown as what each policy says of it: both decide it, and both must bear the claim out.

use super::ask::Question;
use super::model::Shown;
use crate::analysis::{Witness, WitnessEvent};
use crate::check::hir::Program;
use crate::check::join::{Claim, Joined, Of, Side};
use crate::eval::{Evaluator, Outcome};
use crate::explain::{ChangesKind, changes, explain};
use crate::model::time::{AsOf, from_days};
use crate::model::{Event, EventTypeId, Field, Lead, Literal, Scalar, Tri, Type, text};
use crate::words::Spoken;
use bumpalo::Bump;

/// Both policies, ready to decide the leads that the joint one gives.
#[derive(Debug)]
pub(super) struct Showing<'j> {
    old: Evaluator<'j>,
    new: Evaluator<'j>,
    joined: &'j Joined,
    spoken: [&'j Spoken; 2],
}

impl<'j> Showing<'j> {
    pub(super) fn new(
        old: &'j Program,
        new: &'j Program,
        spoken: [&'j Spoken; 2],
        joined: &'j Joined,
        as_of: &AsOf,
    ) -> Showing<'j> {
        let at = |program: &'j Program| Evaluator::new(program, AsOf::new(as_of.instant, &program.zone));
        Showing { old: at(old), new: at(new), joined, spoken }
    }

    /// The day of the as-of.
    pub(super) fn day(&self) -> String {
        from_days(self.new.as_of().day).to_string()
    }

    /// What both policies say of a lead that shows a change; none when they do not bear it out.
    pub(super) fn shown(&self, question: &Question, witness: &Witness) -> Option<Shown> {
        let records = self.one_record(witness);
        let witness = records.into_iter().find(|witness| self.bears_out(question, witness))?;
        let witness = self.smallest(question, witness);
        let arena = Bump::new();
        let tell = |of: Of| {
            let evaluator = self.evaluator(of);
            let lead = arena.alloc(self.lead(of, &witness, &arena));
            let (outcome, ledger) = evaluator.explain(lead, &arena);
            let [old, new] = self.spoken;
            let spoken = if of == Of::Old { old } else { new };
            explain(evaluator, spoken, lead, &outcome, &ledger, &[])
        };
        let (old, new) = (tell(Of::Old), tell(Of::New));
        Some(Shown { lead: self.describe(&witness), changes: changes(ChangesKind::Against, &old, &new), old, new })
    }

    /// Without what it does not need: a known value or an event, or two or three of them at once (one that gives points
    /// and one that takes as many).
    fn smallest(&self, question: &Question, witness: Witness) -> Witness {
        let mut best = witness;
        let mut tries = TRIES;
        'again: loop {
            let fields: Vec<usize> =
                (0..best.fields.len()).filter(|field| best.fields[*field] != Literal::Missing).collect();
            let count = fields.len() + best.events.len();
            for size in 1..=3.min(count) {
                let mut chosen: Vec<usize> = (0..size).collect();
                loop {
                    if tries == 0 {
                        return best;
                    }
                    tries -= 1;
                    let mut other = best.clone();
                    for place in chosen.iter().rev() {
                        match place.checked_sub(fields.len()) {
                            Some(event) => drop(other.events.remove(event)),
                            None => other.fields[fields[*place]] = Literal::Missing,
                        }
                    }
                    if self.is_record(&other) && self.bears_out(question, &other) {
                        best = other;
                        continue 'again;
                    }
                    if !next_choice(&mut chosen, count) {
                        break;
                    }
                }
            }
            return best;
        }
    }

    /// Whether a record could be so: what both policies need is known, and what both read is read alike.
    fn is_record(&self, witness: &Witness) -> bool {
        let fields = &self.joined.program.schema.fields;
        let known = fields.iter().zip(&witness.fields);
        known.clone().all(|(field, value)| !field.required || field.key || *value != Literal::Missing)
            && self.one_record(witness).contains(witness)
    }

    fn evaluator(&self, of: Of) -> &Evaluator<'j> {
        match of {
            Of::Old => &self.old,
            Of::New => &self.new,
        }
    }

    fn side(&self, of: Of) -> &Side {
        match of {
            Of::Old => &self.joined.old,
            Of::New => &self.joined.new,
        }
    }

    /// The lead in words: as the new policy names what it reads, then what only the old one reads.
    fn describe(&self, witness: &Witness) -> String {
        let (old, new) = (self.old.program(), self.new.program());
        let sides = (&self.joined.old, &self.joined.new);
        let told = self.of_side(witness, sides.1, new);
        let mut only = self.of_side(witness, sides.0, old);
        only.events.clear();
        let read = |field: &Field| new.schema.fields.iter().any(|other| other.from.whole == field.from.whole);
        for (value, field) in only.fields.iter_mut().zip(&old.schema.fields) {
            if read(field) {
                *value = Literal::Missing;
            }
        }
        let words = told.describe(new, self.new.as_of());
        if only.fields.iter().all(|value| *value == Literal::Missing) {
            return words;
        }
        let more = only.describe(old, self.old.as_of());
        if told.events.is_empty() && told.fields.iter().all(|value| *value == Literal::Missing) {
            return more;
        }
        format!("{words}, {more}")
    }

    /// A witness by the fields and types of one of the policies.
    fn of_side(&self, witness: &Witness, side: &Side, program: &Program) -> Witness {
        let events = witness.events.iter().map(|event| {
            let own = event.ty.and_then(|ty| side.events.iter().position(|(joint, _)| *joint == ty));
            let places = own.map_or(&[][..], |own| &side.events[own].1);
            let value = |place: &u16| event.fields.get(usize::from(*place)).cloned().unwrap_or(Literal::Missing);
            WitnessEvent {
                ty: own.map(|own| EventTypeId(own as u16)),
                spelling: event.spelling.clone(),
                at: event.at,
                fields: places.iter().map(value).collect(),
            }
        });
        let events = events.collect();
        let key = program.schema.key;
        let fields = side.fields.iter().enumerate().map(|(place, field)| match key {
            Some(key) if key.index() == place => Literal::Missing,
            _ => witness.fields[field.index()].clone(),
        });
        Witness { fields: fields.collect(), events }
    }

    /// The lead as one of the policies reads it.
    fn lead<'a>(&self, of: Of, witness: &'a Witness, arena: &'a Bump) -> Lead<'a> {
        let side = self.side(of);
        let fields = side.fields.iter().map(|field| witness.fields[field.index()].value(arena));
        let fields = arena.alloc_slice_fill_iter(fields.collect::<Vec<_>>());
        let events = witness.events.iter().enumerate().map(|(index, event)| {
            let own = event.ty.and_then(|ty| side.events.iter().position(|(joint, _)| *joint == ty));
            let places = own.map_or(&[][..], |own| &side.events[own].1);
            let values = places.iter().map(|place| match event.fields.get(usize::from(*place)) {
                Some(value) => value.value(arena),
                None => crate::model::Value::Missing,
            });
            Event {
                at: event.at,
                ty: own.map(|own| EventTypeId(own as u16)),
                spelling: &event.spelling,
                fields: arena.alloc_slice_fill_iter(values.collect::<Vec<_>>()),
                index: index as u32,
            }
        });
        let events: Vec<Event<'a>> = events.collect();
        Lead { key: "example", fields, events: arena.alloc_slice_copy(&events) }
    }

    /// Whether both engines say what is claimed.
    fn bears_out(&self, question: &Question, witness: &Witness) -> bool {
        let arena = Bump::new();
        let lead = |of: Of| arena.alloc(self.lead(of, witness, &arena));
        let (old, new) = (self.old.evaluate(lead(Of::Old), &arena), self.new.evaluate(lead(Of::New), &arena));
        let of = |of: Of| if of == Of::Old { &old } else { &new };
        let claims = question
            .claims
            .iter()
            .all(|(policy, claim, holds)| claimed(self.evaluator(*policy).program(), of(*policy), *claim) == *holds);
        let points = question.points.is_none_or(|(before, after, more)| {
            let (before, after) = (old.points(before), new.points(after));
            if more { after > before } else { after < before }
        });
        claims && points
    }

    /// The witness as records that both policies could have read: where they read one value in two ways, both ways must
    /// come from one text.
    fn one_record(&self, witness: &Witness) -> Vec<Witness> {
        let schema = &self.joined.program.schema;
        let mut found = vec![witness.clone()];
        let twins = twins(&schema.fields);
        for (a, b) in &twins {
            for witness in &mut found {
                settle(&schema.fields, &mut witness.fields, *a, *b, self);
            }
        }
        // The other way round.
        let mut other = witness.clone();
        for (a, b) in &twins {
            settle(&schema.fields, &mut other.fields, *b, *a, self);
        }
        found.push(other);
        for witness in &mut found {
            for event in &mut witness.events {
                self.settle_event(event);
            }
        }
        found.dedup();
        found
    }

    fn settle_event(&self, event: &mut WitnessEvent) {
        let Some(ty) = event.ty else { return };
        let fields = &self.joined.program.schema.event(ty).fields;
        for (a, b) in twins(fields) {
            settle(fields, &mut event.fields, a, b, self);
        }
    }
}

/// As many smaller leads are tried.
const TRIES: u32 = 2_000;

/// The next choice of so many out of `count`, in order; false after the last.
fn next_choice(chosen: &mut [usize], count: usize) -> bool {
    let size = chosen.len();
    for place in (0..size).rev() {
        if chosen[place] < count - size + place {
            chosen[place] += 1;
            for behind in place + 1..size {
                chosen[behind] = chosen[behind - 1] + 1;
            }
            return true;
        }
    }
    false
}

/// Fields that read one value of the data in two ways.
fn twins(fields: &[Field]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (b, field) in fields.iter().enumerate() {
        found.extend((0..b).filter(|a| fields[*a].from.whole == field.from.whole).map(|a| (a, b)));
    }
    found
}

/// Gives the second field the value that the text of the first one has there; where the first is missing, a text is
/// taken from the second that the first cannot read.
fn settle(fields: &[Field], values: &mut [Literal], a: usize, b: usize, showing: &Showing<'_>) {
    let program = &showing.joined.program;
    let (Some(first), Some(second)) = (values.get(a).cloned(), values.get(b).cloned()) else { return };
    let read = |field: &Field, written: &str| read(program, field, written);
    if let Some(written) = written(program, fields[a].ty, &first) {
        if read(&fields[a], &written) == Some(first)
            && let Some(value) = read(&fields[b], &written)
        {
            values[b] = value;
            return;
        }
    } else if let Some(written) = written(program, fields[b].ty, &second)
        && read(&fields[b], &written) == Some(second)
        && read(&fields[a], &written) == Some(Literal::Missing)
    {
        return;
    }
    values[a] = Literal::Missing;
    values[b] = Literal::Missing;
}

/// A value as data writes it.
fn written(program: &Program, ty: Type, value: &Literal) -> Option<String> {
    match (value, ty) {
        (Literal::Text(text), _) => Some(text.to_string()),
        (Literal::Choice(choice), Type::One(Scalar::Choice(domain))) => {
            let choices = &program.schema.domain(domain).choices;
            choices.get(usize::from(*choice)).map(|choice| choice.name.clone())
        }
        _ => None,
    }
}

/// What a field makes of a text; none where that is not known here.
fn read(program: &Program, field: &Field, written: &str) -> Option<Literal> {
    let folded = text::fold(written);
    if field.format.is_some() || !field.missing.numbers.is_empty() {
        return None;
    }
    if field.missing.texts.iter().any(|missing| *missing == *folded) || folded.is_empty() {
        return Some(Literal::Missing);
    }
    match field.ty {
        Type::One(Scalar::Text) => Some(Literal::Text(written.into())),
        Type::One(Scalar::Choice(domain)) => {
            Some(program.schema.domain(domain).find(written).map_or(Literal::Missing, Literal::Choice))
        }
        _ => None,
    }
}

/// Whether a claim is true of an outcome.
fn claimed(program: &Program, outcome: &Outcome<'_>, claim: Claim) -> bool {
    match claim {
        Claim::AtLeast(stage) => !outcome.disqualified && outcome.stage >= stage.0,
        Claim::Disqualified => outcome.disqualified,
        Claim::Reason(reason) => outcome.reasons[reason.index()].is_true(),
        Claim::Route(route) => outcome.route == route,
        Claim::AtLeastBand(bands, band) => outcome.bands[bands.index()] >= band,
        Claim::Cell(matrix, cell) => outcome.cells[matrix.index()] == cell,
        Claim::Fits(fit) => outcome.fit(fit).verdict == Tri::True,
        Claim::Fails(fit) => outcome.fit(fit).verdict == Tri::False,
        Claim::Persona(define) => {
            debug_assert!(program.defines[define.index()].persona);
            outcome.define(define).tri().is_true()
        }
    }
}
