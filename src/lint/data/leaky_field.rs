//! `leaky-field`: a stage rests on what people find out only once a lead has come further.

use crate::check::hir::{CheckId, Expr, ExprKind, Included, PartKind, Program, StageId, Step};
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::model::FieldId;
use std::collections::{BTreeMap, BTreeSet};

/// The lint.
pub static LINT: Lint = Lint {
    name: "leaky-field",
    group: Group::Data,
    level: Severity::Warning,
    what: "The condition of a stage reads a field that is `known from` a later stage: itself, or through definitions, \
           fits, scores, bands and matrices.",
    why: "Nobody fills the field in before the lead is there, so for new leads it is always missing. Tried on old leads, \
          where it has been filled in since, the policy looks far better than it will ever be.",
    example: Example::new(
        r#"policy "Inbound leads"

lead {
  country  text
  accepted bool
  budget   money USD known from sal
}

fit icp {
  in_us     "Lives in the US":      country is "US"
  can_spend "Can spend ten thousand": budget >= 10k USD
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": icp fits
  sal  "Sales accepted lead" after mql: accepted
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead {
  country  text
  accepted bool
  budget   money USD known from sal
}

fit icp {
  in_us "Lives in the US": country is "US"
}

fit bant {
  can_spend "Can spend ten thousand": budget >= 10k USD
}

stages {
  lead "Lead"
  mql  "Marketing qualified lead": icp fits
  sal  "Sales accepted lead" after mql: accepted
  sql  "Sales qualified lead" after sal: bant fits
}
"#,
    ),
    fix: FixKind::None,
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let program = context.program();
    let late = |field: FieldId, stage: usize| {
        program.schema.field(field).known_from.is_some_and(|known| usize::from(known) > stage)
    };
    // One finding a field and place that reads it: of all stages that it leaks into, the lowest.
    let mut reported: BTreeSet<FieldId> = BTreeSet::new();
    for (place, stage) in program.stages.iter().enumerate() {
        let Some(condition) = &stage.condition else { continue };
        for (field, reading) in readings(program, condition) {
            if !late(field, place) || !reported.insert(field) {
                continue;
            }
            let declared = program.schema.field(field);
            let from = declared.known_from.map_or(StageId(0), StageId);
            let later = &program.stages[from.index()].name;
            let message =
                format!("the stage `{}` rests on `{}`, which is known from `{later}` only", stage.name, declared.name);
            let mut finding = findings.at(reading.span, message);
            finding = match reading.by {
                Some(_) => finding.here("read here").label(stage.span, format!("`{}` rests on that", stage.name)),
                None => finding.here(format!("a lead that is not yet `{later}` has no value here")),
            };
            let help = match &reading.by {
                Some(by) => format!("ask for it in `{later}` and above, and take it out of `{by}`"),
                None => format!("ask for it in `{later}` and above"),
            };
            findings.push(finding.label(declared.span, "filled in later").help(help));
        }
    }
}

/// Where a field is read.
struct Reading {
    span: crate::base::Span,
    /// The fit, score or definition that reads it; none for the stage itself.
    by: Option<String>,
}

/// The fields that a condition reads without saying what holds when they are missing, each with the first place.
fn readings(program: &Program, condition: &Expr) -> BTreeMap<FieldId, Reading> {
    let mut found = BTreeMap::new();
    let mut seen: BTreeSet<Step> = BTreeSet::new();
    let mut open: Vec<Step> = Vec::new();
    read(program, condition, None, &mut found, &mut open);
    while let Some(step) = open.pop() {
        if !seen.insert(step) {
            continue;
        }
        let by = owner(program, step);
        let mut roots: Vec<&Expr> = Vec::new();
        match step {
            Step::Define(id) => roots.push(&program.defines[id.index()].value),
            Step::Check(id) => roots.push(&program.checks[id.index()].condition),
            Step::Fit(id) => {
                open.extend(program.fits[id.index()].checks.clone().map(|check| Step::Check(CheckId(check))));
            }
            Step::Bands(id) => open.push(Step::Part(program.bands[id.index()].of)),
            Step::Matrix(id) => {
                let matrix = &program.matrices[id.index()];
                for axis in [&matrix.rows, &matrix.columns] {
                    match axis {
                        crate::check::hir::Axis::Bands(bands) => open.push(Step::Bands(*bands)),
                        crate::check::hir::Axis::Fit(fit) => open.push(Step::Fit(*fit)),
                        // A matrix says what holds when the field is missing.
                        crate::check::hir::Axis::Field(..) => {}
                    }
                }
            }
            Step::Part(id) => part(program, &program.parts[id.index()].kind, &mut roots, &mut open),
            Step::Reason(id) => roots.push(&program.reasons[id.index()].condition),
            Step::Disqualified | Step::StageReached(_) | Step::Stage | Step::Route | Step::Always(_) => {}
        }
        for root in roots {
            read(program, root, by.as_deref(), &mut found, &mut open);
        }
    }
    found
}

fn part<'p>(program: &'p Program, kind: &'p PartKind, roots: &mut Vec<&'p Expr>, open: &mut Vec<Step>) {
    match kind {
        PartKind::Group { parts, .. } => open.extend(parts.iter().rev().map(|part| Step::Part(*part))),
        PartKind::Include { of: Included::Score(score), .. } => open.push(Step::Part(*score)),
        PartKind::Include { of: Included::Number(expr), .. } => roots.push(expr),
        PartKind::If { condition, .. } => roots.push(condition),
        PartKind::Per(per) => roots.extend(program.queries[per.query.index()].condition.as_ref()),
        PartKind::PerPeriod { since, .. } => roots.push(since),
        PartKind::By { value, .. } => roots.push(value),
        PartKind::FirstOf { cases, .. } => roots.extend(cases.iter().map(|case| &case.condition)),
    }
}

fn owner(program: &Program, step: Step) -> Option<String> {
    match step {
        Step::Define(id) => Some(program.defines[id.index()].name.clone()),
        Step::Check(id) => {
            let check = &program.checks[id.index()];
            Some(format!("{}.{}", program.fits[check.fit.index()].name, check.name))
        }
        Step::Part(id) => {
            let part = &program.parts[id.index()];
            let score = &program.parts[part.score.index()];
            Some(if part.parent.is_some() { format!("{}.{}", score.name, part.name) } else { part.name.clone() })
        }
        _ => None,
    }
}

fn read(
    program: &Program,
    root: &Expr,
    by: Option<&str>,
    found: &mut BTreeMap<FieldId, Reading>,
    open: &mut Vec<Step>,
) {
    // Who asks whether it is missing, or says what holds then, has thought of leads that have no value yet.
    let mut handled: BTreeSet<FieldId> = BTreeSet::new();
    root.walk(program, &mut |expr| match &expr.kind {
        ExprKind::IsKnown(of) | ExprKind::IsMissing(of) | ExprKind::Otherwise(of, _) => {
            of.walk(program, &mut |expr| {
                if let ExprKind::Field(field) = expr.kind {
                    handled.insert(field);
                }
            });
        }
        _ => {}
    });
    root.walk(program, &mut |expr| match &expr.kind {
        ExprKind::Field(field) if !handled.contains(field) => {
            found.entry(*field).or_insert_with(|| Reading { span: expr.span, by: by.map(str::to_owned) });
        }
        ExprKind::Define(id) => open.push(Step::Define(*id)),
        ExprKind::Points(id) => open.push(Step::Part(*id)),
        ExprKind::Check(id) => open.push(Step::Check(*id)),
        ExprKind::CheckCount(id, _) | ExprKind::Fits(id) | ExprKind::FitUnknown(id) => open.push(Step::Fit(*id)),
        ExprKind::Band(id) => open.push(Step::Bands(*id)),
        ExprKind::Cell(id) => open.push(Step::Matrix(*id)),
        ExprKind::DisqualifiedBy(id) => open.push(Step::Reason(*id)),
        _ => {}
    });
}
