//! `unused-definition`: nothing uses a `define`, a list or a group of events.

use crate::base::Span;
use crate::diagnostic::Severity;
use crate::lint::{Context, Example, Findings, FixKind, Group, Lint};
use crate::syntax::ast::{
    self, Among, Amount, AmountValue, EventQuantifier, Expr, ExprKind, Item, ItemKind, Limit, Part, Worth,
};
use std::collections::HashSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "unused-definition",
    group: Group::Data,
    level: Severity::Warning,
    what: "A `define`, a list or a group of events that no decision rests on. Personas, fits, scores, bands and matrices \
           are part of every decision, and so are used.",
    why: "It looks as if it decided something. Most often a rule was changed and what it used was left behind, or the \
          rule names something else than was meant.",
    example: Example::new(
        r#"policy "Inbound leads"

lead { email text }

list competitors = ["catco.example"]
list partners    = ["dogco.example"]

disqualify {
  competitor "Works for a competitor": domain(email) in competitors
}
"#,
    ),
    instead: Example::new(
        r#"policy "Inbound leads"

lead { email text }

list competitors = ["catco.example"]
list partners    = ["dogco.example"]

disqualify {
  competitor "Works for a competitor": domain(email) in competitors
  partner    "Works for a partner":    domain(email) in partners
}
"#,
    ),
    fix: FixKind::None,
    run,
};

/// What may be unused: its name, where it stands, what it is.
struct Definition<'a> {
    name: &'a str,
    span: Span,
    what: &'static str,
}

fn run(context: &Context<'_>, findings: &mut Findings) {
    let mut definitions = Vec::new();
    let mut used: HashSet<&str> = HashSet::new();
    let mut tested: HashSet<&str> = HashSet::new();
    let mut open: Vec<&str> = Vec::new();
    let mut defines: Vec<(&str, &Item)> = Vec::new();
    for item in context.items() {
        match &item.value {
            ItemKind::Define { name, .. } => {
                definitions.push(Definition { name: &name.value, span: name.span, what: "definition" });
                defines.push((&name.value, item));
            }
            ItemKind::List { name, .. } => {
                definitions.push(Definition { name: &name.value, span: name.span, what: "list" });
            }
            ItemKind::EventGroup { name, .. } => {
                definitions.push(Definition { name: &name.value, span: name.span, what: "group of events" });
            }
            ItemKind::Test(_) => names(item, &mut |name| {
                tested.insert(name);
            }),
            _ => names(item, &mut |name| open.push(name)),
        }
    }
    while let Some(name) = open.pop() {
        if used.insert(name) {
            for (_, item) in defines.iter().filter(|(define, _)| *define == name) {
                names(item, &mut |name| open.push(name));
            }
        }
    }
    for Definition { name, span, what } in definitions {
        if used.contains(name) {
            continue;
        }
        let reader = defines.iter().find(|(define, item)| {
            let mut named = false;
            names(item, &mut |other| named |= other == name);
            named && *define != name
        });
        let here = match reader {
            Some((define, _)) => format!("only `{define}` names it, and nothing uses that"),
            None if tested.contains(name) => "only tests name it".to_owned(),
            None => "no rule names it".to_owned(),
        };
        let finding = findings
            .at(span, format!("no decision rests on the {what} `{name}`"))
            .here(here)
            .help(format!("remove the {what}, or write the rule that it is for"));
        findings.push(finding);
    }
}

/// Every name that a declaration says. In a `where` a name may be the event's field: to be sure, it counts as both.
fn names<'a>(item: &'a Item, name: &mut dyn FnMut(&'a str)) {
    item.walk(&mut |expr| in_expr(expr, name));
    match &item.value {
        ItemKind::Score(group) => in_group(group, name),
        ItemKind::Fit { needs, .. } => needs.iter().for_each(|amount| in_amount(amount, name)),
        ItemKind::Bands { bands, .. } => {
            bands.iter().filter_map(|band| band.from.as_ref()).for_each(|amount| in_amount(amount, name));
        }
        _ => {}
    }
}

fn in_expr<'a>(expr: &'a Expr, name: &mut dyn FnMut(&'a str)) {
    match &*expr.kind {
        ExprKind::Path(path) => path.parts.first().into_iter().for_each(|part| name(&part.value)),
        ExprKind::Among(Among::AtLeast(amount) | Among::AtMost(amount), _)
        | ExprKind::EventTest(EventQuantifier::AtLeast(amount) | EventQuantifier::AtMost(amount), _) => {
            in_amount(amount, name);
        }
        _ => {}
    }
    if let Some(events) = expr.events() {
        name(&events.name.value);
    }
}

fn in_amount<'a>(amount: &'a Amount, name: &mut dyn FnMut(&'a str)) {
    if let AmountValue::Constant(constant) = &amount.value {
        name(&constant.value);
    }
}

fn in_group<'a>(group: &'a ast::Group, name: &mut dyn FnMut(&'a str)) {
    group.from.iter().chain(&group.to).for_each(|amount| in_amount(amount, name));
    for part in &group.parts {
        match part {
            Part::Group(group) => in_group(group, name),
            Part::Include(include) => {
                include.of.parts.first().into_iter().for_each(|part| name(&part.value));
                include.factor.iter().for_each(|amount| in_amount(amount, name));
            }
            Part::Rule(rule) => in_worth(&rule.worth, name),
            Part::Junk(_) => {}
        }
    }
}

fn in_worth<'a>(worth: &'a Worth, name: &mut dyn FnMut(&'a str)) {
    match worth {
        Worth::If { points, .. } => in_amount(points, name),
        Worth::Per { points, events, limits, .. } => {
            in_amount(points, name);
            name(&events.name.value);
            limits.iter().for_each(|limit| in_limit(limit, name));
        }
        Worth::PerPeriod { points, limits, .. } => {
            in_amount(points, name);
            limits.iter().for_each(|limit| in_limit(limit, name));
        }
        Worth::By { cases, .. } => cases.iter().for_each(|case| in_amount(&case.points, name)),
        Worth::FirstOf { cases, otherwise } => {
            cases.iter().for_each(|case| in_amount(&case.points, name));
            otherwise.iter().for_each(|amount| in_amount(amount, name));
        }
    }
}

fn in_limit<'a>(limit: &'a Limit, name: &mut dyn FnMut(&'a str)) {
    match limit {
        Limit::Points(amount) | Limit::Times { count: amount, .. } | Limit::Losing { amount, .. } => {
            in_amount(amount, name);
        }
        Limit::Halving(_) | Limit::Fading(_) => {}
    }
}
