//! What a condition lacks: the smallest parts that would have to be otherwise for it to hold, and how many of them.

use super::build::{AtHand, name};
use super::model::{Lack, NotApplicable, Truth, WhyNot};
use super::show;
use super::silence::silence;
use super::why::{Need, Why, missing_fields, peeled};
use crate::check::hir::{CheckId, Expr, ExprKind, FitId, Stage, StageId};
use crate::model::Tri;

/// How deep names are followed.
const DEPTH: usize = 8;
/// So many parts at most: where names are named again and again, the rest is told by name.
const MOST: usize = 300;

/// For each stage above the lead's: why it is not reached.
pub(super) fn why_not(at_hand: AtHand<'_, '_>) -> Vec<WhyNot> {
    let AtHand { program, outcome, .. } = at_hand;
    let first = if outcome.disqualified { 0 } else { outcome.stage as usize + 1 };
    let stages = program.stages.iter().enumerate().skip(first);
    stages.map(|(place, stage)| of_stage(at_hand, stage, StageId(place as u16))).collect()
}

fn of_stage(at_hand: AtHand<'_, '_>, stage: &Stage, id: StageId) -> WhyNot {
    let AtHand { program, outcome, lead, .. } = at_hand;
    let why = at_hand.why();
    let mut told = WhyNot {
        item: at_hand.item(&stage.name, &stage.label, stage.span),
        standing: outcome.standing[id.index()].into(),
        fails: Vec::new(),
        unknown: Vec::new(),
        not_applicable: Vec::new(),
        not_kept: Vec::new(),
    };
    let mut room = MOST;
    if !outcome.reached[id.index()]
        && let Some(condition) = &stage.condition
        && !why.truth(condition).is_true()
    {
        for lack in together(why.lack(condition, true, DEPTH, &mut room)) {
            if lack.truth == Truth::Unknown { told.unknown.push(lack) } else { told.fails.push(lack) }
        }
    }
    if let Some(after) = stage.after.filter(|after| !outcome.reached[after.index()]) {
        let lower = &program.stages[after.index()];
        told.not_applicable.push(NotApplicable::After {
            stage: name(&lower.name, &lower.label),
            standing: outcome.standing[after.index()].into(),
        });
    }
    if outcome.disqualified {
        let by = why.true_reasons().map(|reason| {
            let reason = &program.reasons[reason.index()];
            name(&reason.name, &reason.label)
        });
        told.not_applicable.push(NotApplicable::Disqualified { by: by.collect() });
    }
    if let Some(keep) = &stage.keep_while
        && program.stands_at(lead, id)
        && !why.truth(keep).is_true()
    {
        told.not_kept = together(Why { need: Need::Kept, ..why }.lack(keep, true, DEPTH, &mut room));
    }
    told
}

/// The parts where all of them are needed; else the one.
fn together(lack: Lack) -> Vec<Lack> {
    match lack.parts.is_empty() || lack.needs as usize != lack.parts.len() || !lack.plain.is_empty() {
        true => vec![lack],
        false => lack.parts,
    }
}

impl<'p> Why<'p> {
    /// What keeps a condition from having the wanted value, which it has not. A node without words of its own (an `and`,
    /// an `or`) has parts.
    pub(super) fn lack(self, expr: &'p Expr, wanted: bool, depth: usize, room: &mut usize) -> Lack {
        let (expr, wanted) = peeled(expr, wanted);
        *room = room.saturating_sub(1);
        if depth == 0 || *room == 0 {
            return self.leaf(expr, wanted);
        }
        match &expr.kind {
            _ if silence(self.program, expr).is_some() => self.leaf(expr, wanted),
            ExprKind::And(of) => self.of(expr, of.iter(), wanted, of.len(), depth, room),
            ExprKind::Or(of) => self.of(expr, of.iter(), wanted, 1, depth, room),
            ExprKind::AtLeastOf(n, of) => self.of(expr, of.iter(), wanted, *n as usize, depth, room),
            // At most n hold when at least n + 1 do not.
            ExprKind::AtMostOf(n, of) => self.of(expr, of.iter(), !wanted, *n as usize + 1, depth, room),
            ExprKind::Implies(premise, conclusion) => self.implied(expr, premise, conclusion, wanted, depth, room),
            ExprKind::If(condition, then, other) => match self.truth(condition) {
                Tri::True => self.lack(then, wanted, depth, room),
                Tri::False => self.lack(other, wanted, depth, room),
                Tri::Unknown => self.leaf(expr, wanted),
            },
            ExprKind::Define(define) => {
                let value = &self.program.defines[define.index()].value;
                self.below(expr, wanted, self.lack(value, wanted, depth - 1, room))
            }
            ExprKind::Check(check) => {
                let condition = &self.program.checks[check.index()].condition;
                self.below(expr, wanted, self.lack(condition, wanted, depth - 1, room))
            }
            ExprKind::DisqualifiedBy(reason) if wanted => {
                let condition = &self.program.reasons[reason.index()].condition;
                self.below(expr, wanted, self.lack(condition, wanted, depth - 1, room))
            }
            ExprKind::Fits(fit) => self.fit_lack(expr, *fit, wanted, depth, room),
            _ => self.leaf(expr, wanted),
        }
    }

    /// Tells the parts of what needs so many of them.
    fn each(self, needs: usize, parts: usize) -> Why<'p> {
        let need = match (self.need, parts) {
            (Need::Kept, _) => Need::Kept,
            (need, 0 | 1) => need,
            _ => {
                if needs < parts {
                    Need::Any
                } else {
                    Need::All
                }
            }
        };
        Why { need, ..self }
    }

    /// At least so many of several conditions, wanted or not.
    fn of(
        self,
        expr: &'p Expr,
        of: impl Iterator<Item = &'p Expr> + Clone,
        wanted: bool,
        least: usize,
        depth: usize,
        room: &mut usize,
    ) -> Lack {
        let all = of.clone().count();
        // Not at least n of m: at least m − n + 1 are not.
        let least = if wanted { least } else { (all + 1).saturating_sub(least) };
        let value = Tri::from(wanted);
        let have = of.clone().filter(|part| self.truth(part) == value).count();
        let open: Vec<&Expr> = of.filter(|part| self.truth(part) != value).collect();
        let needs = least.saturating_sub(have);
        let each = self.each(needs, open.len());
        let parts: Vec<Lack> = open.into_iter().map(|part| each.lack(part, wanted, depth, room)).collect();
        self.node(expr, wanted, needs, parts)
    }

    fn implied(
        self,
        expr: &'p Expr,
        premise: &'p Expr,
        conclusion: &'p Expr,
        wanted: bool,
        depth: usize,
        room: &mut usize,
    ) -> Lack {
        let sides = [(premise, !wanted), (conclusion, wanted)];
        let open = sides.into_iter().filter(|(side, wanted)| self.truth(side) != Tri::from(*wanted));
        let open: Vec<(&Expr, bool)> = open.collect();
        let needs = if wanted { 1 } else { open.len() };
        let each = self.each(needs, open.len());
        let parts: Vec<Lack> = open.into_iter().map(|(side, wanted)| each.lack(side, wanted, depth, room)).collect();
        self.node(expr, wanted, needs, parts)
    }

    fn fit_lack(self, expr: &'p Expr, fit: FitId, wanted: bool, depth: usize, room: &mut usize) -> Lack {
        let declared = &self.program.fits[fit.index()];
        let checks = declared.checks.clone().map(CheckId);
        let least = match wanted {
            true => usize::from(declared.needs),
            false => (declared.checks.len() + 1).saturating_sub(usize::from(declared.needs)),
        };
        let condition = |check: CheckId| &self.program.checks[check.index()].condition;
        let value = Tri::from(wanted);
        let have = checks.clone().filter(|check| self.truth(condition(*check)) == value).count();
        let mut parts = Vec::new();
        let open: Vec<CheckId> = checks.filter(|check| self.truth(condition(*check)) != value).collect();
        let each = self.each(least.saturating_sub(have), open.len());
        for check in open {
            let label = &self.program.checks[check.index()].label;
            let mut lack = each.lack(condition(check), wanted, depth - 1, room);
            lack.plain = match lack.plain.is_empty() {
                true => label.clone(),
                false => format!("{label}: {}", lack.plain),
            };
            parts.push(lack);
        }
        let needs = least.saturating_sub(have) as u32;
        Lack { plain: self.plain(expr, wanted), fit: true, ..self.node_with(expr, wanted, needs, parts) }
    }

    /// A named condition by what it names.
    fn below(self, expr: &'p Expr, wanted: bool, lack: Lack) -> Lack {
        let (needs, parts) = match lack.plain.is_empty() {
            true => (lack.needs, lack.parts),
            false => (1, vec![lack]),
        };
        Lack { plain: self.plain(expr, wanted), ..self.node_with(expr, wanted, needs, parts) }
    }

    /// A node without words; of one part that part itself.
    fn node(self, expr: &'p Expr, wanted: bool, needs: usize, mut parts: Vec<Lack>) -> Lack {
        match parts.len() {
            1 => parts.pop().unwrap_or_else(|| self.leaf(expr, wanted)),
            0 => self.leaf(expr, wanted),
            _ => self.node_with(expr, wanted, needs as u32, parts),
        }
    }

    fn node_with(self, expr: &'p Expr, wanted: bool, needs: u32, parts: Vec<Lack>) -> Lack {
        Lack {
            source: show::source(self.program, expr.span),
            plain: String::new(),
            truth: self.truth(expr).into(),
            wanted,
            needs,
            fit: false,
            parts,
            fields: Vec::new(),
        }
    }

    fn leaf(self, expr: &'p Expr, wanted: bool) -> Lack {
        let fields = match self.truth(expr) {
            Tri::Unknown => missing_fields(self.program, self.ledger, expr)
                .into_iter()
                .map(|field| self.program.schema.field(field).name.clone())
                .collect(),
            _ => Vec::new(),
        };
        Lack { plain: self.plain(expr, wanted), fields, ..self.node_with(expr, wanted, 0, Vec::new()) }
    }
}
