//! What checked policies hold: slots, literals, orders, what is read.

use super::{check_set, program};
use qualify::check::hir::*;
use qualify::model::{EventTypeId, FieldId, Literal, Scalar, Type};
use qualify::syntax::ast::CompareOp;

fn define<'p>(program: &'p Program, name: &str) -> &'p Expr {
    &program.defines.iter().find(|define| define.name == name).expect("a define").value
}

#[test]
fn fields_are_flat_and_know_where_the_data_holds_them() {
    let program = program(
        "lead missing [\"Select\", -1] {
           id text key from \"Id\"
           company from_firm { }
         }"
        .replace(
            "company from_firm { }",
            "company { name text  address { city text from \"town\" missing [\"?\"] } } from \"firm\"",
        )
        .as_str(),
    );
    let fields: Vec<(&str, &str)> =
        program.schema.fields.iter().map(|field| (field.name.as_str(), field.from.whole.as_str())).collect();
    assert_eq!(fields, [("id", "Id"), ("company.name", "firm.name"), ("company.address.city", "firm.address.town")]);
    assert_eq!(program.schema.key, Some(FieldId(0)));
    assert_eq!(program.schema.fields[2].missing.texts, ["select", "?"]);
    assert_eq!(program.schema.fields[2].missing.numbers, [-1_000_000]);
}

#[test]
fn constants_are_worked_out_and_can_be_set() {
    let text = "lead { b bool }
        define base: 20
        define half: base / 3
        define factor: -base * 10%
        define no_constant: base + engagement
        score engagement from factor to half { x: +base if b }
        score t { include engagement * half }";
    let limits = |set: &[(&str, &str)]| {
        let (checked, rendered) = check_set(text, set);
        let program = checked.program.unwrap_or_else(|| panic!("{rendered}"));
        let constants: Vec<bool> = program.defines.iter().map(|define| define.constant).collect();
        assert_eq!(constants, [true, true, true, false]);
        match (&program.parts[0].kind, &program.parts[1].kind) {
            (PartKind::Group { from, to, .. }, PartKind::If { points, .. }) => (*from, *to, *points),
            _ => panic!("a score and a rule"),
        }
    };
    assert!(check_set(text, &[]).1.contains("too-many-digits"), "6.666667 is no number of points");
    assert_eq!(limits(&[("base", "30")]), (Some(-30_000), Some(100_000), 300_000));
    assert_eq!(limits(&[("half", "7.5")]), (Some(-20_000), Some(75_000), 200_000));
    assert_eq!(limits(&[("half", "7"), ("factor", "-2.5")]), (Some(-25_000), Some(70_000), 200_000));

    let refused = |name: &str, value: &str| check_set(text, &[("half", "7"), (name, value)]).1;
    assert!(refused("bsae", "5").contains("did you mean `base`?"));
    assert!(refused("engagement", "5").contains("is no `define`"));
    assert!(refused("no_constant", "5").contains("is not a constant"));
    assert!(refused("base", "\"x\"").contains("can be set to a number only"));
}

#[test]
fn what_is_needed_comes_first_and_what_nobody_needs_is_left_out() {
    let program = program(
        "lead { a bool  b bool  c bool }
         define unused: c
         define used: a
         persona p: used
         score s { x: +1 if heat is hot }
         bands heat of t { cold  hot from 5 }
         score t { y: +1 if b }
         test \"t\" as of 2026-01-01 { expect only_expected }
         define only_expected: b",
    );
    let place = |step| program.order.iter().position(|known| *known == step);
    assert_eq!(place(Step::Define(DefineId(0))), None);
    assert!(place(Step::Define(DefineId(1))) < place(Step::Define(DefineId(2))));
    assert!(place(Step::Define(DefineId(3))).is_some());
    let (s, heat, t) = (place(Step::Part(PartId(0))), place(Step::Bands(BandsId(0))), place(Step::Part(PartId(2))));
    assert!(t < heat && heat < place(Step::Part(PartId(1))) && place(Step::Part(PartId(1))) < s);
    let used: Vec<bool> = program.schema.fields.iter().map(|field| field.used).collect();
    assert_eq!(used, [true, true, false]);
    assert!(!program.reads_events);
}

#[test]
fn events_that_are_read_are_marked() {
    let program = program(
        "event page_viewed { path text  seconds int }
         event webinar { topic text }
         event other
         define unused: any other
         score s { x: +1 per page_viewed where (path is \"/\") within 3 days  y: +1 per distinct topic of webinar }",
    );
    let used: Vec<bool> = program.schema.events.iter().map(|event| event.used).collect();
    assert_eq!(used, [true, true, false]);
    let fields: Vec<bool> = program.schema.events[0].fields.iter().map(|field| field.used).collect();
    assert_eq!(fields, [true, false]);
    assert!(program.reads_events);
}

#[test]
fn groups_have_the_fields_that_all_declare_alike() {
    let program = program(
        "event a { x int  topic text }
         event b { topic text  x text }
         event c
         event both is any of [a, b]
         define topics: distinct topic of both",
    );
    let ExprKind::Aggregate(_, field, query) = &define(&program, "topics").kind else { panic!("distinct") };
    assert_eq!(program.queries[query.index()].types, EventTypes::Any(vec![EventTypeId(0), EventTypeId(1)]));
    let ExprKind::EventField(places) = &field.kind else { panic!("a field") };
    assert_eq!(**places, [1, 0, u16::MAX]);
}

#[test]
fn literals_become_what_stands_beside_them() {
    let program = program(
        "timezone \"America/New_York\"
         lead { x number  n int  seen time  country text  kind one of [\"A b\", \"C\"] }
         define a: x >= 5
         define b: n >= 2.5
         define c: seen otherwise 2026-10-01
         define d: country in [\" US\", \"us\", \"ÄÖ\"]
         define e: kind in [c, \"a B\"]
         define f: x in [2, 0.5]
         define g: -2.5",
    );
    let right = |name: &str| match &define(&program, name).kind {
        ExprKind::Compare(_, _, right) | ExprKind::Otherwise(_, right) => match &right.kind {
            ExprKind::Constant(literal) => literal.clone(),
            _ => panic!("a constant"),
        },
        _ => panic!("a comparison"),
    };
    assert_eq!(right("a"), Literal::Number(5_000_000));
    assert_eq!(right("b"), Literal::Number(2_500_000));
    assert_eq!(right("c"), Literal::Time(1_790_827_200_000));
    match &define(&program, "d").kind {
        ExprKind::In { set: Set::Texts(texts), negated: false, .. } => {
            assert!(texts.len() == 2 && texts.contains("us") && texts.contains("äö"));
        }
        _ => panic!("a set of texts"),
    }
    assert!(matches!(&define(&program, "e").kind, ExprKind::In { set: Set::Choices(c), .. } if *c == [0, 1]));
    assert!(
        matches!(&define(&program, "f").kind, ExprKind::In { set: Set::Numbers(n), .. } if *n == [500_000, 2_000_000])
    );
    let g = define(&program, "g");
    assert!(matches!(g.kind, ExprKind::Constant(Literal::Number(-2_500_000))) && g.ty == Type::One(Scalar::Number));
}

#[test]
fn ages_and_lengths() {
    let program = program(
        "lead { seen time }
         define a: 30 days >= age of seen
         define b: age of seen between 30 days and 2 months
         define c: seen within next 2 months",
    );
    let lengths: Vec<String> = program.lengths.iter().map(ToString::to_string).collect();
    assert_eq!(lengths, ["30 days", "2 months"]);
    assert!(matches!(define(&program, "a").kind, ExprKind::Age(CompareOp::LessOrEqual, _, LengthId(0))));
    assert!(matches!(define(&program, "b").kind, ExprKind::AgeBetween(_, LengthId(0), LengthId(1))));
    assert!(matches!(define(&program, "c").kind, ExprKind::Within { next: true, length: LengthId(1), .. }));
}

#[test]
fn a_matrix_is_in_the_order_of_its_axes() {
    let program = program(
        "lead { b bool  kind one of [\"A\", \"B\"] }
         fit f { x: b }
         matrix m of kind by f {
           _: fails, fits, unknown
           missing: z, z, z
           b: q, p, z
           a: r, p, q
         }",
    );
    let matrix = &program.matrices[0];
    let names: Vec<&str> = matrix
        .cells
        .iter()
        .map(|cell| program.schema.domain(matrix.domain).choices[*cell as usize].name.as_str())
        .collect();
    // Rows A, B, missing; columns fits, unknown, fails.
    assert_eq!(names, ["p", "q", "r", "p", "z", "q", "z", "z", "z"]);
}

#[test]
fn tests_hold_values_as_data_would() {
    let program = program(
        "timezone \"America/New_York\"
         lead missing [\"Select\"] {
           id text key  n int  x number  income money USD  b bool  born date  seen time  pets list of text
           kind one of [\"A b\", \"C\"]  lifecycle stage  company { name text }  zip text  other text  country text required
           when date format \"%d.%m.%Y\"
         }
         event page_viewed { path text  seconds int }
         stages { low \"Low one\"  high: b }
         test \"all\" as of 2026-11-01 {
           lead {
             n: \"5\", x: -2.5, income: 120k USD, b: \"yes\", born: 2026-10-01, seen: 2026-10-01, pets: [\"dog\", \"Select\", \" cat\"],
             kind: \"a B\", lifecycle: high, company: { name: \" Acme \" }, zip: 12345, other: \"select\", when: \"02.10.2026\"
           }
           event page_viewed 1 month ago, 2 times { path: \"/\" }
           event page_viewed on 2026-10-01
           event page_viewed at 2026-10-01T12:00:00Z { seconds: 5 }
           expect stage is low
         }",
    );
    let test = &program.tests[0];
    let text = |text: &str| Literal::Text(text.into());
    // The end of the day in New York, still on summer time in its morning.
    assert_eq!(qualify::model::time::display_instant(test.as_of), "2026-11-02T04:59:59.999Z");
    assert_eq!(
        test.lead,
        [
            Literal::Missing,
            Literal::Int(5),
            Literal::Number(-2_500_000),
            Literal::Money(1_200_000_000),
            Literal::Bool(true),
            Literal::Date(20_727),
            Literal::Time(1_790_827_200_000),
            Literal::List(vec![text("dog"), text("cat")]),
            Literal::Choice(0),
            Literal::Choice(1),
            text("Acme"),
            text("12345"),
            Literal::Missing,
            Literal::Missing,
            Literal::Date(20_728),
        ]
    );
    let at: Vec<String> = test.events.iter().map(|event| qualify::model::time::display_instant(event.at)).collect();
    assert_eq!(
        at,
        ["2026-10-02T03:59:59.999Z", "2026-10-02T03:59:59.999Z", "2026-10-01T04:00:00Z", "2026-10-01T12:00:00Z"]
    );
    assert_eq!(test.events[0].fields, [text("/"), Literal::Missing]);
}

#[test]
fn stages_know_their_order_and_what_they_rest_on() {
    let program = program(
        "lead { b bool  lifecycle stage }
         stages { low  mid \"Middle\" after low: b  high after low: lifecycle is high, keep while b }
         disqualify { gone: not b }",
    );
    assert_eq!(program.stages[2].after, Some(StageId(0)));
    assert_eq!(program.stages[1].label, "Middle");
    assert_eq!(program.stages[0].label, "Low");
    let place = |step| program.order.iter().position(|known| *known == step);
    assert!(place(Step::Reason(ReasonId(0))) < place(Step::Disqualified));
    assert!(place(Step::Disqualified) < place(Step::Stage));
    assert!(place(Step::StageReached(StageId(2))) < place(Step::Stage));
    assert!(program.schema.fields[1].used);
}

#[test]
fn expressions_are_numbered_once_each() {
    let program = program(
        "lead { n int  b bool }
         event e { x int }
         define a: n + 1
         score s { r: +1 if a > 5 and any e where (x > n) within 3 days  t: by n { 1 to 5: +1 } }
         route { x: b  y: otherwise }",
    );
    let mut seen = std::collections::HashSet::new();
    for step in &program.order {
        program.walk_step(*step, &mut |expr| {
            assert!(expr.id.0 < program.expressions && seen.insert(expr.id));
        });
    }
    assert!(seen.len() > 10);
}
