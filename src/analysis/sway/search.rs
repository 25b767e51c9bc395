//! The search for two leads that differ in a field alone and in their stage: parts the leads at everything else, and drops
//! parts where each value of the field comes to the same stage.

use super::{changed, fields_below};
use crate::analysis::bounds::{Run, bounds};
use crate::analysis::build::build;
use crate::analysis::pick::Split;
use crate::analysis::search::OUT_OF_STEPS;
use crate::analysis::space::Space;
use crate::analysis::state::State;
use crate::analysis::values::{Choices, Set, Tris};
use crate::analysis::wishes::for_goal;
use crate::analysis::{Analysis, Budget, Goal, Witness, cone};
use crate::check::hir::{Axis, Expr, ExprId, ExprKind, StageId, Step};
use crate::model::FieldId;
use std::collections::{HashMap, HashSet};

/// Why it is left open.
const NO_PAIR: &str = "no two leads were found that differ in it alone and stand at other stages";

/// Two leads that differ in a field alone, and in their stage; none when there are none. An error says why that is left
/// open.
pub(super) fn turns(
    analysis: &Analysis<'_>,
    field: FieldId,
    budget: Budget,
) -> Result<Option<(Witness, Witness)>, &'static str> {
    let space = &analysis.space;
    let cone = cone::cone(space.program, &[Step::Stage, Step::Disqualified], &[]);
    let groups = groups(space, &cone, field);
    // Values of one group may differ where more than conditions on the field alone look at it.
    let alike = groups.1;
    let shared = crate::analysis::search::shared(space, &cone);
    let apart = Apart::new(space, &cone, field);
    let mut open = vec![State::all(space)];
    let (mut steps, mut undecided) = (0, false);
    while let Some(state) = open.pop() {
        if steps >= budget.steps {
            return Err(OUT_OF_STEPS);
        }
        if analysis.space.stop.now() {
            return Err(crate::analysis::search::OUT_OF_TIME);
        }
        let mut stages: Vec<(State, Choices)> = Vec::new();
        for group in &groups.0 {
            let mut part = state.clone();
            if !part.keep(space, field, |cell| group.contains(&cell)) {
                continue;
            }
            steps += 1;
            let found = bounds(space, &part, &cone);
            if !found.empty {
                stages.push((part, found.standings()));
            }
        }
        let Some((_, first)) = stages.first() else { continue };
        let same = first.is_one() && stages.iter().all(|(_, other)| other == first);
        if same || alike && stages.len() < 2 {
            continue;
        }
        // Each stage that one group may have and another may lack is aimed at.
        let other = stages.iter().position(|(_, stages)| stages != first);
        for (part, found) in [Some(0), other].into_iter().flatten().filter_map(|place| stages.get(place)) {
            let stage = found.listed().into_iter().flatten().next();
            let wishes = stage.map(|stage| for_goal(space, &Goal::Stage(StageId(stage)))).unwrap_or_default();
            if let Some(pair) = changed(analysis, field, &build(space, part, &wishes)) {
                return Ok(Some(pair));
            }
        }
        let split = stages.iter().filter(|(_, stages)| !stages.is_one()).find_map(|(part, _)| {
            let mut run = Run::after(space, part, bounds(space, part, &cone));
            let turn = run.pick_standing().and_then(|split| apart.of(split));
            turn.or_else(|| run.pick_shared(&shared.0, &shared.1).and_then(|split| apart.of(split)))
        });
        match split {
            Some(split) => open.extend(split.parts(space, &state)),
            None => undecided = true,
        }
    }
    if undecided { Err(NO_PAIR) } else { Ok(None) }
}

/// What a split may be by, so that two leads that differ in the field alone are in the same part.
struct Apart<'s, 'p> {
    space: &'s Space<'p>,
    field: FieldId,
    exprs: HashMap<ExprId, &'p Expr>,
}

impl<'s, 'p> Apart<'s, 'p> {
    fn new(space: &'s Space<'p>, cone: &[Step], field: FieldId) -> Apart<'s, 'p> {
        let mut exprs = HashMap::new();
        for step in cone {
            space.program.walk_step(*step, &mut |expr| {
                exprs.insert(expr.id, expr);
            });
        }
        Apart { space, field, exprs }
    }

    /// The split, if the field has no say in it.
    fn of(&self, split: Split) -> Option<Split> {
        let program = self.space.program;
        let (mut looked_at, mut steps) = (false, Vec::new());
        let mut look = |expr: &'p Expr| {
            looked_at |= matches!(expr.kind, ExprKind::Field(other) if other == self.field);
            steps.extend(cone::named(&expr.kind));
        };
        let split = match split {
            Split::Field(other, _) => return (other != self.field).then_some(split),
            Split::Points(..) => return None,
            Split::Order(a, b) => return (a != self.field && b != self.field).then_some(split),
            Split::Count(query, _) => {
                program.walk_query(self.space.written(query), &mut look);
                split
            }
            Split::Force(id, _, on) => {
                self.exprs.get(&id)?.walk(program, &mut look);
                Split::Force(id, Tris::ANY, on)
            }
        };
        looked_at |= fields_below(program, &steps, &|_| false).contains(&self.field);
        (!looked_at).then_some(split)
    }
}

/// The cells of a field in groups that the cone does not tell apart, and whether no two values of a group can be told
/// apart.
fn groups(space: &Space<'_>, cone: &[Step], field: FieldId) -> (Vec<Vec<usize>>, bool) {
    let program = space.program;
    let mut tables: Vec<&[Set]> = Vec::new();
    let mut points: Vec<&[i64]> = Vec::new();
    let alike = space.cells.field(field).exactness.is_complete();
    // Each cell is a group of its own where something looks at the field of which it is not known what it is in each cell.
    let mut each = !alike || program.schema.stage_field == Some(field);
    let mut known: HashSet<ExprId> = HashSet::new();
    let mut named: Vec<ExprId> = Vec::new();
    for step in cone {
        match step {
            Step::Part(part) => {
                if let Some(table) = space.exact_part(*part).filter(|table| table.field == field) {
                    points.push(&table.points);
                    continue;
                }
            }
            Step::Matrix(id) => {
                let matrix = &program.matrices[id.index()];
                each |= [&matrix.rows, &matrix.columns]
                    .into_iter()
                    .any(|axis| matches!(axis, Axis::Field(other, _) if *other == field));
            }
            _ => {}
        }
        program.walk_step(*step, &mut |expr| {
            if let Some(table) = space.tables[expr.id.index()].as_ref().filter(|table| table.field == field) {
                tables.push(&table.sets);
                expr.walk(program, &mut |inner| {
                    known.insert(inner.id);
                });
            }
            if matches!(expr.kind, ExprKind::Field(other) if other == field) {
                named.push(expr.id);
            }
        });
    }
    each |= named.iter().any(|expr| !known.contains(expr));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for cell in 0..space.count(field) {
        let same = |other: usize| {
            tables.iter().all(|sets| sets[other] == sets[cell])
                && points.iter().all(|points| points[other] == points[cell])
        };
        match groups.iter_mut().find(|group| !each && same(group[0])) {
            Some(group) => group.push(cell),
            None => groups.push(vec![cell]),
        }
    }
    (groups, alike)
}
