//! What is not known is asked for, and only that.

use qualify::Policy;

fn questions(lead: &str) -> Vec<(String, Vec<String>)> {
    let policy = Policy::compile(
        r#"
        lead { id text key  n int  b bool  lc stage }
        event e
        stages {
          lead
          mql after lead: n > 3, keep while b
          sal after mql: any e
          sql after sal: n > 90
        }
        "#,
    )
    .expect("a policy");
    let decision = policy.decide(lead, "2026-11-01").expect("a decision");
    decision.questions.into_iter().map(|question| (question.field, question.decides)).collect()
}

fn asked(field: &str, decides: &[&str]) -> (String, Vec<String>) {
    (field.to_owned(), decides.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn an_unknown_keep_while_is_a_question() {
    assert_eq!(questions(r#"{"id": "1", "n": 3, "lc": "mql"}"#), [asked("b", &["mql"])]);
    // Where the lead does not stand there, nothing is kept.
    assert_eq!(questions(r#"{"id": "2", "n": 3, "lc": "lead"}"#), []);
    assert_eq!(questions(r#"{"id": "3", "n": 3}"#), []);
}

#[test]
fn a_stage_after_an_undecided_one_is_undecided() {
    let event = r#""events": [{"type": "e", "at": "2026-10-01"}]"#;
    assert_eq!(questions(&format!(r#"{{"id": "4", {event}}}"#)), [asked("n", &["mql", "sal", "sql"])]);
    // Without the event the next stage is out of reach whatever `n` is.
    assert_eq!(questions(r#"{"id": "5"}"#), [asked("n", &["mql"])]);
}
