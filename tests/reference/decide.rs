//! A decision: every observable of a lead in one flat map.

use super::events::{self, as_of};
use super::policy::Policy;
use super::read::{self, Reject};
use super::run::{Run, Scope};
use super::time::{self, Clock};
use super::types::dotted;
use super::value::{Ty, Value, truth};
use super::{number, text};
use qualify::syntax::ast::{self, Expr, ExprKind, Head};
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// A decision.
pub type Decision = BTreeMap<String, String>;

/// A fit: its verdict, and each check's.
pub struct Fitted {
    pub verdict: Option<bool>,
    pub checks: Vec<(String, Option<bool>)>,
}

impl Fitted {
    /// How many checks came out so.
    pub fn count(&self, verdict: Option<bool>) -> usize {
        self.checks.iter().filter(|(_, check)| *check == verdict).count()
    }
}

impl<'a> Run<'a> {
    /// A lead as data give it, its events inside it or beside it.
    pub fn of_data(
        policy: &'a Policy<'a>,
        lead: &Json,
        beside: Option<&[Json]>,
        said_as_of: &str,
    ) -> Result<Run<'a>, Reject> {
        let clock = Clock::new(policy.zone.clone(), as_of(policy, said_as_of));
        let mut problems = Vec::new();
        let fields = read::lead(policy, lead, &mut problems)?;
        let events = match beside {
            Some(events) => events,
            None => events::inside(policy, lead, &mut problems),
        };
        let events = events::read_all(policy, &clock, events, &mut problems);
        Ok(Run { policy, clock, fields, events, problems, known: RefCell::default(), scored: RefCell::default() })
    }

    /// What a declared name is worth, worked out once.
    pub fn declared(&self, name: &str) -> Option<Value> {
        match self.known.borrow().get(name) {
            Some(Some(value)) => return value.clone(),
            Some(None) => panic!("{name} depends on itself"),
            None => {}
        }
        self.known.borrow_mut().insert(name.to_string(), None);
        let value = self.work_out(name);
        self.known.borrow_mut().insert(name.to_string(), Some(value.clone()));
        value
    }

    fn work_out(&self, name: &str) -> Option<Value> {
        if name == "stage" {
            return Some(self.stage());
        }
        if let Some(define) = self.policy.defines.get(name) {
            return self.eval(define, Scope::default());
        }
        if self.policy.bands.contains_key(name) {
            return Some(self.band(name));
        }
        if self.policy.matrices.contains_key(name) {
            return Some(Value::Cell(self.cell(name)));
        }
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        if self.policy.fits.iter().any(|fit| fit.name == first) {
            return self.of_fit(first, rest);
        }
        let scored = self.score(first);
        if rest.is_empty() {
            return Some(Value::Number(scored.total.clone()));
        }
        let part = scored.parts.iter().find(|(_, part, _)| part == rest);
        Some(Value::Number(part.unwrap_or_else(|| panic!("no {name}")).2.clone()))
    }

    fn of_fit(&self, name: &str, part: &str) -> Option<Value> {
        let fitted = self.fits(name);
        let count = |verdict| Some(Value::Int(number::whole(fitted.count(verdict) as i64)));
        match part {
            "" => fitted.verdict.map(Value::Bool),
            "passed" => count(Some(true)),
            "failed" => count(Some(false)),
            "unknown" => count(None),
            check => {
                let found = fitted.checks.iter().find(|(name, _)| name == check);
                found.unwrap_or_else(|| panic!("no check {name}.{check}")).1.map(Value::Bool)
            }
        }
    }

    /// A fit's verdict and its checks'.
    pub fn fits(&self, name: &str) -> Fitted {
        let fit = self.policy.fits.iter().find(|fit| fit.name == name).unwrap_or_else(|| panic!("no fit {name}"));
        let checks: Vec<(String, Option<bool>)> = fit
            .checks
            .iter()
            .map(|check| (check.name.value.clone(), self.truth(&check.condition, Scope::default())))
            .collect();
        let mut fitted = Fitted { verdict: None, checks };
        let all = number::whole(fit.checks.len() as i64);
        let needs = fit.needs.map_or(all, |needs| self.amount(needs));
        let passed = number::whole(fitted.count(Some(true)) as i64);
        let possible = &passed + number::whole(fitted.count(None) as i64);
        fitted.verdict = if passed >= needs {
            Some(true)
        } else if possible < needs {
            Some(false)
        } else {
            None
        };
        fitted
    }

    /// The cell of a matrix.
    fn cell(&self, name: &str) -> String {
        let matrix = self.policy.matrices[name];
        let row = self.head(matrix.rows_of, &matrix.rows.iter().map(|row| &row.head).collect::<Vec<_>>());
        let column = self.head(matrix.columns_of, &matrix.columns.iter().collect::<Vec<_>>());
        matrix.rows[row].cells[column].value.clone()
    }

    /// Which of the heads a value stands under.
    fn head(&self, of: &ast::Path, heads: &[&Head]) -> usize {
        let name = dotted(of);
        let path = Expr::new(ExprKind::Path(of.clone()), of.span);
        let is_fit = self.policy.fits.iter().any(|fit| fit.name == name);
        let value = self.eval(&path, Scope::default());
        let wanted = match &value {
            Some(Value::Bool(true)) if is_fit => "fits",
            Some(Value::Bool(false)) if is_fit => "fails",
            None if is_fit => "unknown",
            None => "missing",
            Some(Value::Band(_, band)) => band,
            Some(listed) => {
                let found = heads.iter().position(|head| {
                    let is_text = head.quoted || head.text != "missing";
                    is_text && text::same(&head.text, listed.text())
                });
                return found.unwrap_or_else(|| panic!("no head for {listed:?} of {name}"));
            }
        };
        heads.iter().position(|head| !head.quoted && head.text == wanted).unwrap_or_else(|| panic!("no head {wanted}"))
    }

    /// The reasons why the lead is disqualified.
    pub fn disqualified_by(&self) -> Vec<&str> {
        let holds = |reason: &&&ast::Condition| self.truth(&reason.condition, Scope::default()) == Some(true);
        self.policy.disqualify.iter().filter(holds).map(|reason| reason.name.value.as_str()).collect()
    }

    /// A stage's own condition; the first has none.
    fn stage_condition(&self, rung: usize) -> Option<bool> {
        match &self.policy.stages[rung].condition {
            Some(condition) => self.truth(condition, Scope::default()),
            None => Some(true),
        }
    }

    /// Whether a stage is reached, leaving aside that the lead may be disqualified.
    fn is_reached(&self, rung: usize) -> bool {
        let stage = self.policy.stages[rung];
        if let Some(condition) = &stage.keep_while
            && self.stands_today().is_some_and(|today| today >= rung)
            && self.truth(condition, Scope::default()) == Some(true)
        {
            return true;
        }
        let after = stage.after.as_ref().map(|after| self.policy.stage(&after.value).expect("a stage"));
        self.stage_condition(rung) == Some(true) && after.is_none_or(|after| self.is_reached(after))
    }

    /// The rung that the lead's `stage` field holds.
    fn stands_today(&self) -> Option<usize> {
        let field = self.policy.fields.iter().find(|field| field.ty == Ty::Stage)?;
        match &self.fields[&field.name] {
            Some(Value::Stage(rung, _)) => *rung,
            _ => None,
        }
    }

    fn stage(&self) -> Value {
        if !self.disqualified_by().is_empty() {
            return Value::Stage(None, "disqualified".into());
        }
        let rung = (0..self.policy.stages.len()).rev().find(|rung| self.is_reached(*rung));
        let rung = rung.expect("the first stage is always reached");
        Value::Stage(Some(rung), self.policy.stages[rung].name.value.clone())
    }

    /// The decision in one flat map.
    pub fn decision(&self) -> Decision {
        let mut flat = Decision::new();
        self.put_conditions(&mut flat);
        self.put_scores(&mut flat);
        self.put_stages(&mut flat);
        self.put_route(&mut flat);
        flat.insert("problems".into(), self.problems.len().to_string());
        for (field, kind) in &self.problems {
            flat.insert(format!("problem.{field}"), kind.to_string());
        }
        flat
    }

    fn put_conditions(&self, flat: &mut Decision) {
        let check = |x: Option<bool>, yes: &str, no: &str| match x {
            Some(true) => yes.to_string(),
            Some(false) => no.to_string(),
            None => "unknown".to_string(),
        };
        flat.insert("disqualified".into(), self.disqualified_by().join(","));
        for reason in &self.policy.disqualify {
            let holds = self.truth(&reason.condition, Scope::default());
            flat.insert(format!("disqualified.{}", reason.name.value), truth(holds));
        }
        for fit in &self.policy.fits {
            let (name, fitted) = (fit.name, self.fits(fit.name));
            flat.insert(format!("fit.{name}"), check(fitted.verdict, "fits", "fails"));
            flat.insert(format!("fit.{name}.passed"), fitted.count(Some(true)).to_string());
            flat.insert(format!("fit.{name}.failed"), fitted.count(Some(false)).to_string());
            flat.insert(format!("fit.{name}.unknown"), fitted.count(None).to_string());
            for (part, passes) in fitted.checks {
                flat.insert(format!("check.{name}.{part}"), check(passes, "passes", "fails"));
            }
        }
        for (name, is_persona) in &self.policy.define_order {
            let kind = if *is_persona { "persona" } else { "define" };
            let value = self.declared(name);
            let hole = match self.type_of(self.policy.defines[name], Scope::default()) {
                Ty::Bool => "unknown",
                _ => "missing",
            };
            flat.insert(format!("{kind}.{name}"), value.map_or(hole.into(), |value| value.render()));
        }
        for (at, condition) in self.policy.always.iter().enumerate() {
            flat.insert(format!("always.{at}"), truth(self.truth(condition, Scope::default())));
        }
    }

    fn put_scores(&self, flat: &mut Decision) {
        for score in &self.policy.scores {
            let name = &score.name.value;
            let scored = self.score(name);
            flat.insert(format!("score.{name}"), number::plain(&scored.total));
            for (kind, part, points) in &scored.parts {
                flat.insert(format!("{kind}.{name}.{part}"), number::plain(points));
            }
        }
        for name in self.policy.bands.keys() {
            flat.insert(format!("band.{name}"), self.band(name).render());
        }
        for name in self.policy.matrices.keys() {
            flat.insert(format!("matrix.{name}"), self.cell(name));
        }
    }

    fn put_stages(&self, flat: &mut Decision) {
        if self.policy.stages.is_empty() {
            return;
        }
        flat.insert("stage".into(), self.stage().render());
        for (rung, stage) in self.policy.stages.iter().enumerate() {
            let name = &stage.name.value;
            flat.insert(format!("stage.{name}"), self.is_reached(rung).to_string());
            flat.insert(format!("stage.{name}.condition"), truth(self.stage_condition(rung)));
        }
    }

    fn put_route(&self, flat: &mut Decision) {
        if self.policy.routes.is_empty() {
            return;
        }
        let taken = self.policy.routes.iter().find(|arm| match &arm.condition {
            Some(condition) => self.truth(condition, Scope::default()) == Some(true),
            None => true,
        });
        flat.insert("route".into(), taken.map_or("none".into(), |arm| arm.name.value.clone()));
        if let Some(within) = taken.and_then(|arm| arm.within) {
            flat.insert("route.deadline".into(), time::rfc3339(self.clock.after(within)));
        }
    }
}

/// The decision on a lead; its events are inside it unless they are given beside it.
pub fn decide(
    files: &[ast::File],
    lists: &HashMap<String, Vec<String>>,
    lead: &Json,
    events: Option<&[Json]>,
    as_of: &str,
) -> Result<Decision, Reject> {
    let policy = Policy::new(files, lists);
    Ok(Run::of_data(&policy, lead, events, as_of)?.decision())
}
