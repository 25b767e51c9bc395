//! Any text as a policy.
#![no_main]

use bumpalo::Bump;
use libfuzzer_sys::fuzz_target;
use qualify::check::check;
use qualify::eval::{Evaluator, run_tests};
use qualify::model::time::AsOf;
use qualify::model::{Lead, Value};
use qualify::syntax::{MemoryFiles, load};

fuzz_target!(|bytes: &[u8]| {
    let files = MemoryFiles::new().with("a.txt", "one\ntwo\n").with("a.csv", "x,y\n1,2\n").with("a.qual", "define d: 1\n");
    let loaded = load("policy.qual", bytes, &files);
    let checked = check(&loaded, &[]);
    for diagnostic in &checked.diagnostics {
        for label in &diagnostic.labels {
            let text = &loaded.sources.get(label.span.file).expect("a file").text;
            assert!(text.get(label.span.range()).is_some(), "{diagnostic:?}");
        }
    }
    qualify::diagnostic::render(&checked.diagnostics, &loaded.sources, qualify::diagnostic::ColorChoice::Plain, 80);
    let Some(program) = checked.program else {
        assert!(!checked.diagnostics.is_empty());
        return;
    };
    run_tests(&program);
    let evaluator = Evaluator::new(&program, AsOf::new(1_790_000_000_000, &program.zone));
    let arena = Bump::new();
    let fields = arena.alloc_slice_fill_copy(program.schema.fields.len(), Value::Missing);
    let lead = Lead { key: "hole", fields, events: &[] };
    let (plain, (recorded, _)) = (evaluator.evaluate(&lead, &arena), evaluator.explain(&lead, &arena));
    assert_eq!(plain.points, recorded.points);
    assert_eq!(plain.stage, recorded.stage);
});
