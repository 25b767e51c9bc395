//! Trees as short bracketed text, for tests.

use qualify::syntax::ast::*;

fn joined<'a, T: 'a>(all: impl IntoIterator<Item = &'a T>, show: impl Fn(&T) -> String) -> String {
    all.into_iter().map(show).collect::<Vec<_>>().join(" ")
}

fn path(path: &Path) -> String {
    path.parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(".")
}

fn duration(duration: &Duration) -> String {
    let unit = format!("{:?}", duration.unit).to_lowercase();
    let plural = if duration.count == 1 { "" } else { "s" };
    format!("{} {unit}{plural}", duration.count)
}

fn amount(amount: &Amount) -> String {
    let sign = match amount.sign {
        Some(Sign::Plus) => "+",
        Some(Sign::Minus) => "-",
        None => "",
    };
    match &amount.value {
        AmountValue::Number(number) => format!("{sign}{}", number.written),
        AmountValue::Constant(name) => format!("{sign}{}", name.value),
    }
}

fn pattern(pattern: &Pattern) -> String {
    match pattern.quantifier {
        PatternQuantifier::One => expression(&pattern.of),
        PatternQuantifier::Any => format!("any {}", expression(&pattern.of)),
        PatternQuantifier::All => format!("all {}", expression(&pattern.of)),
    }
}

fn events(events: &Events) -> String {
    let mut out = events.name.value.clone();
    if let Some(condition) = &events.condition {
        out.push_str(&format!(" where {}", expression(condition)));
    }
    match &events.window {
        Some(EventWindow::Within(within)) => out.push_str(&format!(" within {}", duration(within))),
        Some(EventWindow::Since(since)) => out.push_str(&format!(" since {}", expression(since))),
        None => {}
    }
    out
}

/// As [`events`], in brackets when it is more than a name.
fn some_events(of: &Events) -> String {
    match events(of) {
        name if name.contains(' ') => format!("({name})"),
        name => name,
    }
}

pub fn expression(of: &Expr) -> String {
    use ExprKind::*;
    match &*of.kind {
        Number(number) => number.written.clone(),
        Money(number, currency) => format!("{}:{}", number.written, currency.value),
        Text(text) => format!("{text:?}"),
        Bool(value) => value.to_string(),
        Date(date) => date.to_string(),
        Instant(instant) => instant.to_string(),
        Duration(of) => duration(of),
        List(all) => format!("[{}]", joined(all, expression)),
        Path(of) => path(of),
        Subject => "_".to_string(),
        Call(name, arguments) => format!("({} {})", name.value, joined(arguments, expression)),
        Negate(of) => format!("(neg {})", expression(of)),
        Arithmetic(operator, a, b) => {
            let sign = match operator {
                ArithmeticOp::Add => "+",
                ArithmeticOp::Subtract => "-",
                ArithmeticOp::Multiply => "*",
                ArithmeticOp::Divide => "/",
            };
            format!("({sign} {} {})", expression(a), expression(b))
        }
        Otherwise(a, b) => format!("(otherwise {} {})", expression(a), expression(b)),
        If(a, b, c) => format!("(if {} {} {})", expression(a), expression(b), expression(c)),
        Not(of) => format!("(not {})", expression(of)),
        And(all) => format!("(and {})", joined(all, expression)),
        Or(all) => format!("(or {})", joined(all, expression)),
        Implies(a, b) => format!("(implies {} {})", expression(a), expression(b)),
        Among(quantifier, all) => {
            let quantifier = match quantifier {
                self::Among::Any => "any-of".to_string(),
                self::Among::All => "all-of".to_string(),
                self::Among::AtLeast(n) => format!("at-least {}", amount(n)),
                self::Among::AtMost(n) => format!("at-most {}", amount(n)),
            };
            format!("({quantifier} {})", joined(all, expression))
        }
        Compare(operator, a, b) => {
            let sign = match operator {
                CompareOp::Is => "is",
                CompareOp::IsNot => "is-not",
                CompareOp::Less => "<",
                CompareOp::LessOrEqual => "<=",
                CompareOp::Greater => ">",
                CompareOp::GreaterOrEqual => ">=",
            };
            format!("({sign} {} {})", expression(a), expression(b))
        }
        Between(a, b, c) => format!("(between {} {} {})", expression(a), expression(b), expression(c)),
        Exactly(a, not, b) => {
            format!("({}exactly {} {})", if *not { "not-" } else { "" }, expression(a), expression(b))
        }
        In(a, not, b) => format!("({}in {} {})", if *not { "not-" } else { "" }, expression(a), expression(b)),
        TextTest(a, operator, of) => {
            let operator = match operator {
                TextOp::Like => "like",
                TextOp::Mentions => "mentions",
                TextOp::Contains => "contains",
                TextOp::StartsWith => "starts-with",
                TextOp::EndsWith => "ends-with",
                TextOp::Matches => "matches",
            };
            format!("({operator} {} {})", expression(a), pattern(of))
        }
        Has(a, of) => format!("(has {} {})", expression(a), pattern(of)),
        IsKnown(of) => format!("(known {})", expression(of)),
        IsMissing(of) => format!("(missing {})", expression(of)),
        Within(of, next, within) => {
            format!("(within{} {} {})", if *next { "-next" } else { "" }, expression(of), duration(within))
        }
        Age(of) => format!("(age {})", expression(of)),
        Verdict(of, VerdictOp::Fits) => format!("(fits {})", expression(of)),
        Verdict(of, VerdictOp::Fails) => format!("(fails {})", expression(of)),
        Verdict(of, VerdictOp::IsUnknown) => format!("(unknown {})", expression(of)),
        Disqualified(None) => "disqualified".to_string(),
        Disqualified(Some(name)) => format!("(disqualified {})", name.value),
        EventTest(quantifier, of) => match quantifier {
            EventQuantifier::Any => format!("(any {})", some_events(of)),
            EventQuantifier::No => format!("(no {})", some_events(of)),
            EventQuantifier::AtLeast(n) => format!("(at-least {} {})", amount(n), some_events(of)),
            EventQuantifier::AtMost(n) => format!("(at-most {} {})", amount(n), some_events(of)),
        },
        Count(of) => format!("(count {})", some_events(of)),
        Aggregate(operator, field, of) => {
            let operator = format!("{operator:?}").to_lowercase();
            format!("({operator} {} {})", path(field), some_events(of))
        }
        Edge(first, of) => format!("({} {})", if *first { "first" } else { "last" }, events(of)),
        Junk => "junk".to_string(),
    }
}

fn label(label: &Option<Text>) -> String {
    label.as_ref().map_or_else(String::new, |label| format!(" {:?}", label.value))
}

fn limit(limit: &Limit) -> String {
    match limit {
        Limit::Points(of) => format!("(points {})", amount(of)),
        Limit::Times { count, per: Some(unit), .. } => {
            format!("(times {} {})", amount(count), format!("{unit:?}").to_lowercase())
        }
        Limit::Times { count, per: None, .. } => format!("(times {})", amount(count)),
        Limit::Halving(of) => format!("(halving {})", duration(of)),
        Limit::Fading(of) => format!("(fading {})", duration(of)),
        Limit::Losing { amount: of, every } => format!("(losing {} {})", amount(of), duration(every)),
    }
}

fn limits(limits: &[Limit]) -> String {
    limits.iter().map(|of| format!(" {}", limit(of))).collect()
}

fn worth(worth: &Worth) -> String {
    match worth {
        Worth::If { points, condition } => format!("(if {} {})", amount(points), expression(condition)),
        Worth::Per { points, distinct, events, limits: all } => {
            let distinct = distinct.as_ref().map_or_else(String::new, |field| format!("distinct {} ", path(field)));
            format!("(per {} {distinct}{}{})", amount(points), some_events(events), limits(all))
        }
        Worth::PerPeriod { points, period, since, limits: all } => {
            format!("(period {} {} {}{})", amount(points), duration(period), expression(since), limits(all))
        }
        Worth::By { value, cases } => format!("(by {} {})", expression(value), joined(cases, case)),
        Worth::FirstOf { cases, otherwise } => {
            let cases = joined(cases, |case| format!("({} {})", expression(&case.condition), amount(&case.points)));
            let otherwise = otherwise.as_ref().map_or_else(String::new, |of| format!(" (otherwise {})", amount(of)));
            format!("(first {cases}{otherwise})")
        }
    }
}

fn case(case: &Case) -> String {
    let test = match &case.test {
        CaseTest::Range(low, high) => format!("{} to {}", expression(low), expression(high)),
        CaseTest::Operator(of) => expression(of),
        CaseTest::Missing => "missing".to_string(),
        CaseTest::Otherwise => "otherwise".to_string(),
    };
    format!("({test} {})", amount(&case.points))
}

fn group(word: &str, of: &Group) -> String {
    let ends = match (&of.from, &of.to) {
        (None, None) => String::new(),
        (from, to) => {
            let end = |end: &Option<Amount>| end.as_ref().map_or_else(String::new, amount);
            format!(" {}..{}", end(from), end(to))
        }
    };
    format!("({word} {}{}{ends} {})", of.name.value, label(&of.label), joined(&of.parts, part))
}

fn part(part: &Part) -> String {
    match part {
        Part::Rule(rule) => format!("(rule {}{} {})", rule.name.value, label(&rule.label), worth(&rule.worth)),
        Part::Group(of) => group("group", of),
        Part::Include(of) => {
            let factor = of.factor.as_ref().map_or_else(String::new, |factor| format!(" {}", amount(factor)));
            format!("(include {}{factor})", path(&of.of))
        }
        Part::Junk(_) => "junk".to_string(),
    }
}

fn stage(stage: &Stage) -> String {
    let mut out = format!("({}{}", stage.name.value, label(&stage.label));
    if let Some(after) = &stage.after {
        out.push_str(&format!(" after {}", after.value));
    }
    if let Some(condition) = &stage.condition {
        out.push_str(&format!(" {}", expression(condition)));
    }
    if let Some(keep) = &stage.keep_while {
        out.push_str(&format!(" keep {}", expression(keep)));
    }
    out + ")"
}

fn arm(arm: &RouteArm) -> String {
    let within = arm.within.as_ref().map_or_else(String::new, |within| format!(" {}", duration(within)));
    let condition = arm.condition.as_ref().map_or("otherwise".to_string(), expression);
    format!("({}{}{within} {condition})", arm.name.value, label(&arm.label))
}

fn head(head: &Head) -> String {
    if head.quoted { format!("{:?}", head.text) } else { head.text.clone() }
}

fn field(field: &Field) -> String {
    let clauses: String = field.clauses.iter().map(|of| format!(" {}", clause(of))).collect();
    format!("({} {}{clauses})", field.name.value, field_type(&field.ty))
}

fn field_type(ty: &TypeExpr) -> String {
    match ty {
        TypeExpr::Name(name) => name.value.clone(),
        TypeExpr::Money(currency) => format!("money {}", currency.value),
        TypeExpr::OneOf(texts, _) => format!("one-of {}", joined(texts, |text| format!("{:?}", text.value))),
        TypeExpr::Ranked(texts, _) => format!("ranked {}", joined(texts, |text| format!("{:?}", text.value))),
        TypeExpr::List(of, _) => format!("list {}", field_type(of)),
        TypeExpr::Record(fields, _) => format!("{{{}}}", joined(fields, field)),
    }
}

fn clause(clause: &FieldClause) -> String {
    match clause {
        FieldClause::Key(_) => "key".to_string(),
        FieldClause::Required(_) => "required".to_string(),
        FieldClause::Fixed(_) => "fixed".to_string(),
        FieldClause::KnownFrom(stage) => format!("(known {})", stage.value),
        FieldClause::From(text) => format!("(from {:?})", text.value),
        FieldClause::Ask(text) => format!("(ask {:?})", text.value),
        FieldClause::Format(text) => format!("(format {:?})", text.value),
        FieldClause::Missing(values, _) => format!("(missing {})", joined(values, expression)),
    }
}

fn entry(entry: &Entry) -> String {
    let value = match &entry.value {
        EntryValue::Value(value) => expression(value),
        EntryValue::Record(entries) => joined(entries, self::entry),
    };
    format!("({} {value})", path(&entry.name))
}

fn step(step: &TestStep) -> String {
    match step {
        TestStep::Lead(entries, _) => format!("(lead {})", joined(entries, entry)),
        TestStep::Event(event) => {
            let when = match &event.when {
                When::Ago(ago) => format!("{} ago", duration(ago)),
                When::On(day) => day.date.to_string(),
                When::At(at) => expression(at),
            };
            let times = event.times.as_ref().map_or_else(String::new, |times| format!(" {}", times.written));
            let fields: String = event.fields.iter().map(|of| format!(" {}", entry(of))).collect();
            format!("(event {} {when}{times}{fields})", event.name.value)
        }
        TestStep::Expect(of, _) => format!("(expect {})", expression(of)),
        TestStep::Junk(_) => "junk".to_string(),
    }
}

/// Some kinds of declarations.
pub fn shown(item: &Item) -> String {
    match &item.value {
        ItemKind::Score(of) => group("score", of),
        ItemKind::Stages(stages) => format!("(stages {})", joined(stages, stage)),
        ItemKind::Route(arms) => format!("(route {})", joined(arms, arm)),
        ItemKind::Matrix { name, rows_of, columns_of, columns, rows, .. } => {
            let rows =
                joined(rows, |row| format!("({} {})", head(&row.head), joined(&row.cells, |of| of.value.clone())));
            format!("(matrix {} {} {} ({}) {rows})", name.value, path(rows_of), path(columns_of), joined(columns, head))
        }
        ItemKind::Test(test) => {
            format!("(test {:?} {} {})", test.label.value, expression(&test.as_of), joined(&test.steps, step))
        }
        ItemKind::Lead { fields, .. } => format!("(lead {})", joined(fields, field)),
        other => format!("{other:?}"),
    }
}
