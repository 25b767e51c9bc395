//! Everything: every check, every rule, every event with its fate, every stage and route, with the policy's lines.

use super::screen::{rows, section};
use super::{About, Block, Mark, Row, Section, outlook, plans, points, standing, unknown};
use crate::explain::model::*;
use crate::explain::text::phrase;

pub(super) fn sections(explanation: &Explanation) -> Vec<Section> {
    let mut sections = vec![section(About::Head, "", vec![Block::Facts(standing::head(explanation, true))])];
    sections.extend(super::screen::why(explanation, true, |_| false));
    let reasons = explanation.disqualify.iter().map(|reason| turned(condition_row(reason))).collect();
    sections.push(rows(About::Other, "What disqualifies (✗ applies)", reasons));
    for fit in &explanation.fits {
        let blocks = vec![Block::Rows(checks(fit))];
        sections.push(section(About::Fit, &with_place(standing::fit_title(fit), &fit.item), blocks));
    }
    for score in &explanation.scores {
        let title = with_place(format!("{}: {}", score.item.label, score.points), &score.item);
        sections.push(section(About::Score, &title, vec![Block::Column(points::full(explanation, score))]));
    }
    sections.push(rows(About::Other, "Bands and tables", places(explanation)));
    let personas = explanation.personas.iter().map(condition_row).collect();
    sections.push(rows(About::Other, "Personas", personas));
    sections.push(rows(About::WhyNot, "Stages, lowest first", stages(explanation)));
    sections.push(plans::plans(explanation, usize::MAX, true));
    sections.push(outlook::ahead(explanation, None));
    sections.push(rows(About::Other, "Routes, in order", routes(explanation)));
    let always = explanation.always.iter().map(|always| {
        let text = with_place(standing::plainly(&always.condition.because, 3), &always.item);
        Row::labelled(Mark::from(always.condition.truth), &always.item.label, text)
    });
    let always = always.collect();
    sections.push(rows(About::Other, "Should always hold", always));
    sections.push(unknown::unknown(explanation, None));
    let problems = standing::problems(&explanation.problems);
    sections.push(rows(About::Other, "Values that could not be read (they count as missing)", problems));
    sections.push(section(About::Repeat, "", vec![Block::Facts(standing::repeat(explanation))]));
    sections
}

fn place(item: &Item) -> String {
    item.at.as_ref().map_or_else(String::new, points::place)
}

fn with_place(text: String, item: &Item) -> String {
    match place(item) {
        place if place.is_empty() => text,
        place => format!("{text} · {place}"),
    }
}

fn condition_row(item: &ConditionItem) -> Row {
    let text = with_place(phrase::condition(&item.condition), &item.item);
    Row::labelled(Mark::from(item.condition.truth), &item.item.label, text)
}

/// Of what is bad when it is true.
fn turned(row: Row) -> Row {
    let mark = match row.mark {
        Mark::Good => Mark::Bad,
        Mark::Bad => Mark::Good,
        other => other,
    };
    Row { mark, ..row }
}

fn checks(fit: &FitItem) -> Vec<Row> {
    let row = |check: &CheckItem| {
        let text = with_place(phrase::condition(&check.condition), &check.item);
        Row::labelled(Mark::from(check.condition.truth), &check.item.label, text)
    };
    fit.checks.iter().map(row).collect()
}

fn places(explanation: &Explanation) -> Vec<Row> {
    let bands = explanation.bands.iter().map(|bands| {
        let next = bands.next.as_ref().map_or_else(String::new, |next| {
            format!(", {} short of {} (from {})", next.short, next.band.label, next.from)
        });
        let text = format!("{}: {} is {}{next}", bands.band.label, bands.of.label, bands.points);
        Row::labelled(Mark::Plain, &bands.item.label, with_place(text, &bands.item))
    });
    let matrices = explanation.matrices.iter().map(|matrix| {
        let side = |side: &AxisPlace| format!("{}: {}", side.of.label, side.place.label);
        let text = format!("{}: {} × {}", matrix.cell.label, side(&matrix.row), side(&matrix.column));
        Row::labelled(Mark::Plain, &matrix.item.label, with_place(text, &matrix.item))
    });
    bands.chain(matrices).collect()
}

fn stages(explanation: &Explanation) -> Vec<Row> {
    let mut all = Vec::new();
    for rung in &explanation.stages {
        let standing = match rung.standing {
            Truth::True => "reached",
            Truth::Unknown => "not known whether reached",
            Truth::False => "not reached",
        };
        let text = with_place(format!("{}: {standing}", rung.item.label), &rung.item);
        all.push(Row::new(0, Mark::from(rung.standing), text));
        let mut below = Vec::new();
        match (rung.reached, explanation.why_not.iter().find(|told| told.item.name == rung.item.name)) {
            (false, Some(told)) => standing::why_not(told, 0, standing::Fold::Nothing, &mut below),
            (true, _) => standing::reached(rung, explanation, true, &mut below),
            // A lower stage that was passed over.
            (false, None) => {
                if let Some(condition) = rung.condition.as_ref().filter(|condition| condition.truth != Truth::True) {
                    standing::because(&condition.because, Mark::from(condition.truth), 0, &mut below);
                }
            }
        }
        all.extend(below.into_iter().map(|row| Row { depth: row.depth + 1, ..row }));
    }
    all
}

fn routes(explanation: &Explanation) -> Vec<Row> {
    let taken = explanation.routes.iter().position(|route| route.taken).unwrap_or(usize::MAX);
    let row = |(place, route): (usize, &RouteTried)| {
        let mark = match (&route.condition, place.cmp(&taken)) {
            (_, std::cmp::Ordering::Equal) => Mark::Good,
            (_, std::cmp::Ordering::Greater) => Mark::Off,
            (Some(condition), _) => Mark::from(condition.truth),
            (None, _) => Mark::Off,
        };
        let text = match &route.condition {
            Some(condition) => phrase::condition(condition),
            None => "every lead that is left".to_owned(),
        };
        let word = if route.taken {
            "taken: "
        } else if place > taken {
            "not asked: "
        } else {
            ""
        };
        Row::labelled(mark, &route.item.label, with_place(format!("{word}{text}"), &route.item))
    };
    explanation.routes.iter().enumerate().map(row).collect()
}
