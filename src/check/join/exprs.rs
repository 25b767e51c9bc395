//! Expressions and parts of scores, copied.

use super::copy::Copy;
use crate::check::hir::*;
use crate::model::EventTypeId;

impl Copy<'_, '_, '_, '_> {
    fn boxed(&mut self, expr: &Expr, types: Option<&EventTypes>) -> Box<Expr> {
        Box::new(self.at(expr, types))
    }

    fn each(&mut self, all: &[Expr], types: Option<&EventTypes>) -> Vec<Expr> {
        all.iter().map(|expr| self.at(expr, types)).collect()
    }

    pub(super) fn kind(&mut self, kind: &ExprKind, types: Option<&EventTypes>) -> ExprKind {
        use ExprKind::*;
        let side = self.side;
        let query = |id: &QueryId| side.queries[id.index()];
        let length = |id: &LengthId| side.lengths[id.index()];
        match kind {
            Constant(literal) => Constant(literal.clone()),
            Field(field) => Field(side.fields[field.index()]),
            EventField(places) => EventField(self.event_field(places, types)),
            EventType => EventType,
            EventDay => EventDay,
            Subject => Subject,
            Define(id) => Define(side.defines[id.index()]),
            Points(part) => Points(side.parts[part.index()]),
            Check(check) => Check(side.checks[check.index()]),
            CheckCount(fit, state) => CheckCount(side.fits[fit.index()], *state),
            Fits(fit) => Fits(side.fits[fit.index()]),
            FitUnknown(fit) => FitUnknown(side.fits[fit.index()]),
            Band(bands) => Band(side.bands[bands.index()]),
            Cell(matrix) => Cell(side.matrices[matrix.index()]),
            Stage => side.stage.map_or(Stage, Define),
            Disqualified => side.disqualified.map_or(Disqualified, Define),
            DisqualifiedBy(reason) => DisqualifiedBy(side.reasons[reason.index()]),
            Not(a) => Not(self.boxed(a, types)),
            And(all) => And(self.each(all, types)),
            Or(all) => Or(self.each(all, types)),
            Implies(a, b) => Implies(self.boxed(a, types), self.boxed(b, types)),
            AtLeastOf(count, all) => AtLeastOf(*count, self.each(all, types)),
            AtMostOf(count, all) => AtMostOf(*count, self.each(all, types)),
            Compare(op, a, b) => Compare(*op, self.boxed(a, types), self.boxed(b, types)),
            Between(a, b, c) => Between(self.boxed(a, types), self.boxed(b, types), self.boxed(c, types)),
            Exactly { value, text, negated } => {
                Exactly { value: self.boxed(value, types), text: text.clone(), negated: *negated }
            }
            In { value, set, negated } => In { value: self.boxed(value, types), set: copy_set(set), negated: *negated },
            Match { value, matcher } => Match { value: self.boxed(value, types), matcher: matcher.clone() },
            Has { value, entries, all } => Has { value: self.boxed(value, types), entries: entries.clone(), all: *all },
            IsKnown(a) => IsKnown(self.boxed(a, types)),
            IsMissing(a) => IsMissing(self.boxed(a, types)),
            Age(op, a, of) => Age(*op, self.boxed(a, types), length(of)),
            AgeBetween(a, low, high) => AgeBetween(self.boxed(a, types), length(low), length(high)),
            Within { value, next, length: of } => {
                Within { value: self.boxed(value, types), next: *next, length: length(of) }
            }
            If(a, b, c) => If(self.boxed(a, types), self.boxed(b, types), self.boxed(c, types)),
            Otherwise(a, b) => Otherwise(self.boxed(a, types), self.boxed(b, types)),
            Negate(a) => Negate(self.boxed(a, types)),
            Arithmetic(op, a, b) => Arithmetic(*op, self.boxed(a, types), self.boxed(b, types)),
            Call(function, arguments) => Call(*function, self.each(arguments, types)),
            AtLeastEvents(count, id) => AtLeastEvents(*count, query(id)),
            AtMostEvents(count, id) => AtMostEvents(*count, query(id)),
            Count(id) => Count(query(id)),
            Aggregate(op, field, id) => {
                let program = self.program;
                Aggregate(*op, self.boxed(field, Some(&program.queries[id.index()].types)), query(id))
            }
            Edge(first, id) => Edge(*first, query(id)),
        }
    }

    /// A field of the event at hand, by joint type.
    fn event_field(&self, places: &[u16], types: Option<&EventTypes>) -> Box<[u16]> {
        // A single entry would stand for every type, also for one that only the other policy declares.
        let mut joint = vec![u16::MAX; self.join.event_types().max(2)];
        for (ty, (joint_type, fields)) in self.side.events.iter().enumerate() {
            let place = if let [one] = places { Some(one) } else { places.get(ty) };
            let asked = types.is_none_or(|types| types.contains(Some(EventTypeId(ty as u16))));
            let place = place.and_then(|place| fields.get(usize::from(*place)));
            if let (Some(place), true) = (place, asked) {
                joint[joint_type.index()] = *place;
            }
        }
        joint.into()
    }

    pub(super) fn part(&mut self, id: PartId) -> Part {
        let program = self.program;
        let part = &program.parts[id.index()];
        let kind = match &part.kind {
            PartKind::Group { parts, from, to } => {
                let parts = parts.iter().map(|part| self.side.parts[part.index()]).collect();
                PartKind::Group { parts, from: *from, to: *to }
            }
            PartKind::Include { of: Included::Score(score), factor } => {
                PartKind::Include { of: Included::Score(self.side.parts[score.index()]), factor: *factor }
            }
            PartKind::Include { of: Included::Number(number), factor } => {
                PartKind::Include { of: Included::Number(self.expr(number)), factor: *factor }
            }
            PartKind::If { points, condition } => PartKind::If { points: *points, condition: self.expr(condition) },
            PartKind::Per(per) => {
                let types = &program.queries[per.query.index()].types;
                PartKind::Per(Box::new(Per {
                    query: self.side.queries[per.query.index()],
                    distinct: per.distinct.as_ref().map(|field| self.at(field, Some(types))),
                    decay: per.decay.clone(),
                    ..**per
                }))
            }
            PartKind::PerPeriod { points, period, since, most } => {
                PartKind::PerPeriod { points: *points, period: *period, since: self.expr(since), most: *most }
            }
            PartKind::By { value, cases, missing, otherwise } => PartKind::By {
                value: self.expr(value),
                cases: self.cases(cases),
                missing: *missing,
                otherwise: *otherwise,
            },
            PartKind::FirstOf { cases, otherwise } => {
                PartKind::FirstOf { cases: self.cases(cases), otherwise: *otherwise }
            }
        };
        Part {
            name: part.name.clone(),
            label: part.label.clone(),
            score: self.side.parts[part.score.index()],
            parent: part.parent.map(|parent| self.side.parts[parent.index()]),
            kind,
            span: part.span,
        }
    }

    fn cases(&mut self, cases: &[Case]) -> Vec<Case> {
        let copied = cases.iter().map(|case| Case {
            condition: self.expr(&case.condition),
            points: case.points,
            span: case.span,
        });
        copied.collect()
    }
}

fn copy_set(set: &Set) -> Set {
    match set {
        Set::Texts(texts) => Set::Texts(texts.clone()),
        Set::Choices(choices) => Set::Choices(choices.clone()),
        Set::Numbers(numbers) => Set::Numbers(numbers.clone()),
        Set::Values(values) => Set::Values(values.clone()),
    }
}
