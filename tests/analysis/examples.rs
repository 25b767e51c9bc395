//! Ranges and reach of the shipped examples.

use qualify::analysis::{Analysis, Budget, End, Goal, Reachable};
use qualify::check::hir::{PartId, Program, RouteId, StageId};
use qualify::data::Folder;
use std::path::Path;

pub fn example(folder: &Path) -> Option<Program> {
    let text = std::fs::read_to_string(folder.join("policy.qual")).ok()?;
    let loaded = qualify::syntax::load("policy.qual", text, &Folder::new(folder));
    qualify::check::check(&loaded, &[]).program
}

fn shown(end: &End) -> String {
    let points = |raw: i64| qualify::model::number::display(raw, 4).to_string();
    match end.bound {
        None => format!("unbounded ({} shown)", points(end.reached)),
        Some(bound) if bound == end.reached => points(bound),
        Some(bound) => format!("{} (reached {})", points(bound), points(end.reached)),
    }
}

#[test]
fn ranges_of_the_examples() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let only = std::env::var("EXAMPLE").ok();
    for story in std::fs::read_dir(examples).expect("examples").flatten() {
        let name = story.file_name().to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let Some(program) = example(&story.path()) else { continue };
        let start = std::time::Instant::now();
        let analysis = Analysis::of(&program);
        println!("== {name} (made ready in {:?})", start.elapsed());
        let start = std::time::Instant::now();
        for (place, part) in program.parts.iter().enumerate() {
            let range = analysis.range(PartId(place as u16), Budget::FULL);
            println!("{:<24} {} .. {}  {:?}", part.name, shown(&range.low), shown(&range.high), start.elapsed());
            if std::env::var("WITNESS").is_ok() {
                println!("    low  {}", cut(&program, &analysis, &range.low.witness));
                println!("    high {}", cut(&program, &analysis, &range.high.witness));
            }
        }
        println!("   ranges in {:?}", start.elapsed());
        let start = std::time::Instant::now();
        let tell = |what: String, found: Reachable| match found {
            Reachable::Yes(witness) => println!("{what}: {}", cut(&program, &analysis, &witness)),
            Reachable::No => println!("{what}: NO"),
            Reachable::NotDecided(why) => println!("{what}: NOT DECIDED, {why}"),
        };
        for (place, stage) in program.stages.iter().enumerate() {
            tell(
                format!("stage {}", stage.name),
                analysis.reachable(&Goal::Stage(StageId(place as u16)), Budget::FULL),
            );
        }
        for (place, route) in program.routes.iter().enumerate() {
            tell(
                format!("route {}", route.name),
                analysis.reachable(&Goal::Route(Some(RouteId(place as u16))), Budget::FULL),
            );
        }
        println!("   reach in {:?}", start.elapsed());
    }
}

fn cut(program: &Program, analysis: &Analysis<'_>, witness: &qualify::analysis::Witness) -> String {
    witness.describe(program, analysis.as_of()).chars().take(300).collect()
}
