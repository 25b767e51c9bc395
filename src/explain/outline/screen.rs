//! One screen: where a lead stands and why, for a reader who has never seen the policy.

use super::{About, Block, Mark, Row, Section, outlook, plans, points, standing, unknown};
use crate::explain::model::{Explanation, Truth};

/// So many lines of points a score.
const POINTS: usize = 8;
/// So many lines of why a stage is not reached.
const LINES: usize = 8;

pub(super) fn sections(explanation: &Explanation) -> Vec<Section> {
    let mut sections = vec![section(About::Head, "", vec![Block::Facts(standing::head(explanation))])];
    let why = standing::why(explanation);
    if let (false, Some(stage)) = (why.is_empty(), &explanation.stage) {
        let title = match explanation.disqualified {
            true => "Why disqualified".to_owned(),
            false => format!("Why {}", stage.label),
        };
        sections.push(section(About::Why, &title, vec![Block::Rows(why)]));
    }
    for fit in explanation.fits.iter().filter(|fit| explanation.matters.contains(&fit.item.name)) {
        let rows = vec![Block::Rows(standing::checks(fit))];
        sections.push(section(About::Fit, &standing::fit_title(fit), rows));
    }
    for score in standing::mattering(explanation) {
        let column = points::short(explanation, score, POINTS);
        let title = format!("Where the points of {} come from", score.item.label);
        sections.push(section(About::Score, &title, vec![Block::Column(column)]));
    }
    sections.push(why_not(explanation));
    sections.push(plans::plans(explanation, false));
    sections.push(outlook::ahead(explanation, false));
    sections.push(unknown::unknown(explanation, false));
    let broken = standing::broken(&explanation.always);
    sections.push(rows(About::Other, "Should always hold, and does not", broken));
    let mut problems = standing::problems(&explanation.problems);
    shorten(&mut problems, "value");
    sections.push(rows(About::Other, "Values that could not be read (they count as missing)", problems));
    sections.push(section(About::Repeat, "", vec![Block::Facts(standing::repeat(explanation))]));
    sections
}

pub(super) fn section(about: About, title: &str, blocks: Vec<Block>) -> Section {
    Section { about, title: title.to_owned(), blocks }
}

pub(super) fn rows(about: About, title: &str, rows: Vec<Row>) -> Section {
    let blocks = if rows.is_empty() { Vec::new() } else { vec![Block::Rows(rows)] };
    section(about, title, blocks)
}

/// Why no higher stage is reached: the next one part by part, of the others a line each.
fn why_not(explanation: &Explanation) -> Section {
    let mut all = Vec::new();
    if !explanation.disqualified {
        for (place, told) in explanation.why_not.iter().enumerate() {
            let mark = Mark::from(if told.standing == Truth::Unknown { Truth::Unknown } else { Truth::False });
            let known = if told.standing == Truth::Unknown { "not known" } else { "not reached" };
            if place > 0 {
                let line = standing::why_not_line(told, 3);
                all.push(Row::labelled(mark, &told.item.label, after(known, &line)));
                continue;
            }
            let mut rows = Vec::new();
            standing::why_not(told, 1, false, &mut rows);
            match rows.as_slice() {
                [row] => all.push(Row::labelled(mark, &told.item.label, after(known, &row.text))),
                _ => {
                    shorten(&mut rows, "line");
                    all.push(Row::labelled(mark, &told.item.label, format!("{known}:")));
                    all.append(&mut rows);
                }
            }
        }
    }
    rows(About::WhyNot, "Why not higher", all)
}

/// `not reached: …`; what is not known says so itself.
fn after(known: &str, text: &str) -> String {
    match text.starts_with("not known") {
        true => text.to_owned(),
        false => format!("{known}: {text}"),
    }
}

fn shorten(rows: &mut Vec<Row>, noun: &str) {
    let most = LINES;
    if rows.len() > most {
        let depth = rows.first().map_or(0, |row| row.depth);
        let more = rows.len() - (most - 1);
        rows.truncate(most - 1);
        rows.push(Row::new(depth, Mark::Plain, format!("{} more: --full shows all", standing::more(more, noun))));
    }
}
