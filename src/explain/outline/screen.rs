//! One screen: where a lead stands and why, for a reader who has never seen the policy.

use super::standing::Fold;
use super::{About, Block, Mark, Outline, Row, Section, outlook, plans, points, standing, unknown};
use crate::explain::model::{Explanation, FitItem, Truth};
use crate::explain::text::{lines_of, phrase};

/// So many lines make a screen.
const LINES: usize = 40;

/// How much there is room for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Whether personas are told.
    pub persona: bool,
    /// Whether it is told what bands, cells of matrices and the route come from.
    pub placed: bool,
    /// Whether the signs are told.
    pub signs: bool,
    /// Lines of points a score.
    pub points: usize,
    /// Labels of rules without points; 0 for none.
    pub quiet: usize,
    /// Whether checks that pass have lines of their own.
    pub passing: bool,
    /// Whether a fit that is met has a part of its own, where it says why the lead stands where it stands.
    pub met: bool,
    /// The same of one that is met though some of its checks do not pass.
    pub partly: bool,
    /// Whether fits that say nothing of this stage and the next are told by their checks.
    pub aside: bool,
    /// Lines of why the next stage is not reached.
    pub lacks: usize,
    /// Higher stages than the next.
    pub higher: usize,
    /// Parts of what those lack.
    pub parts: usize,
    pub plans: usize,
    pub turns: usize,
    pub questions: usize,
    /// Whether it has a part of its own that answers alone change nothing.
    pub unknown: bool,
    /// Whether it is told what a rule needs that loses its points, and how scores fade.
    pub needs: bool,
    /// So many other changes are told by themselves, without what makes them.
    pub also: usize,
    /// Columns for how points came about, labels included.
    pub text: usize,
    /// Columns for what a stage lacks.
    pub row: usize,
}

/// Where there is room for everything.
const MUCH: Room = Room {
    persona: true,
    placed: true,
    signs: true,
    points: 9,
    quiet: 20,
    passing: true,
    met: true,
    partly: true,
    aside: true,
    lacks: 9,
    higher: 4,
    parts: 3,
    plans: 3,
    turns: 3,
    questions: 3,
    unknown: true,
    needs: true,
    also: 3,
    text: 1000,
    row: 1000,
};

/// What is left out, the least missed first.
const SAVINGS: [fn(&mut Room); 32] = [
    |room| room.quiet = 6,
    |room| room.aside = false,
    |room| (room.passing, room.met) = (false, false),
    |room| room.quiet = 0,
    |room| room.signs = false,
    |room| room.parts = 2,
    |room| room.questions = 1,
    |room| room.points = 7,
    |room| room.turns = 2,
    |room| room.placed = false,
    |room| room.also = 1,
    |room| room.plans = 2,
    |room| room.higher = 2,
    |room| room.needs = false,
    |room| room.points = 6,
    |room| room.unknown = false,
    |room| room.questions = 0,
    |room| room.parts = 1,
    |room| room.higher = 1,
    |room| room.turns = 1,
    |room| room.points = 5,
    |room| room.higher = 0,
    |room| room.text = 86,
    |room| room.plans = 1,
    |room| room.also = 0,
    |room| room.points = 4,
    |room| room.lacks = 6,
    |room| room.points = 3,
    |room| room.persona = false,
    |room| room.lacks = 5,
    |room| room.row = 92,
    |room| room.partly = false,
];

/// As much as fits on a screen of 40 lines and 100 columns: what must be left out is, and then comes back what there is
/// room for after all.
pub(super) fn sections(explanation: &Explanation) -> Vec<Section> {
    let with = |saved: &[bool]| {
        let mut room = MUCH;
        for (saving, saved) in SAVINGS.iter().zip(saved) {
            if *saved {
                saving(&mut room);
            }
        }
        with_room(explanation, &room)
    };
    let fits =
        |told: &[Section]| lines_of(&Outline { title: explanation.key.clone(), sections: told.to_vec() }) <= LINES;
    let mut saved = [false; SAVINGS.len()];
    let mut told = with(&saved);
    for place in 0..saved.len() {
        if fits(&told) {
            break;
        }
        saved[place] = true;
        told = with(&saved);
    }
    for place in (0..saved.len()).rev() {
        if saved[place] && fits(&told) {
            saved[place] = false;
            let more = with(&saved);
            if fits(&more) {
                told = more;
            } else {
                saved[place] = true;
            }
        }
    }
    told
}

/// All of it, however long.
pub(super) fn whole(explanation: &Explanation) -> Vec<Section> {
    with_room(explanation, &MUCH)
}

fn with_room(explanation: &Explanation, room: &Room) -> Vec<Section> {
    let mut head = standing::head(explanation, room.placed);
    head.retain(|fact| room.persona || fact.name != "Persona");
    let mut sections = vec![section(About::Head, "", vec![Block::Facts(head)])];
    sections.extend(why(explanation, room.needs, |fit| without_saying(explanation, fit, room)));
    // At the bottom there is no other reason.
    let bottom = explanation.stages.first().is_some_and(|rung| rung.highest);
    if bottom {
        sections.push(why_not(explanation, room));
    }
    for fit in told_fits(explanation, room) {
        let rows = vec![Block::Rows(standing::checks(fit, room.passing))];
        sections.push(section(About::Fit, &standing::fit_title(fit), rows));
    }
    for score in standing::mattering(explanation) {
        let column = points::short(explanation, score, room.points, room.quiet, room.text);
        let title = format!("Where the points of {} come from", score.item.label);
        sections.push(section(About::Score, &title, vec![Block::Column(column)]));
    }
    if !bottom {
        sections.push(why_not(explanation, room));
    }
    let mut ways = plans::plans(explanation, room.plans, false);
    let remark = unknown::nothing_open(explanation).filter(|_| !room.unknown);
    let folded = match (ways.blocks.last_mut(), remark) {
        (Some(Block::Rows(rows)), Some(remark)) => {
            rows.push(Row::new(0, Mark::Plain, remark));
            true
        }
        _ => false,
    };
    sections.push(ways);
    sections.push(outlook::ahead(explanation, Some(room)));
    if !folded {
        sections.push(unknown::unknown(explanation, Some(room)));
    }
    let broken = standing::broken(&explanation.always);
    sections.push(rows(About::Other, "Should always hold, and does not", broken));
    let mut problems = standing::problems(&explanation.problems);
    shorten(&mut problems, "value", room.lacks);
    sections.push(rows(About::Other, "Values that could not be read (they count as missing)", problems));
    let mut repeat = standing::repeat(explanation);
    repeat.extend(room.signs.then(standing::signs));
    sections.push(section(About::Repeat, "", vec![Block::Facts(repeat)]));
    sections.retain(|section| !section.blocks.is_empty());
    sections
}

pub(super) fn section(about: About, title: &str, blocks: Vec<Block>) -> Section {
    Section { about, title: title.to_owned(), blocks }
}

pub(super) fn rows(about: About, title: &str, rows: Vec<Row>) -> Section {
    let blocks = if rows.is_empty() { Vec::new() } else { vec![Block::Rows(rows)] };
    section(about, title, blocks)
}

/// Why the lead stands where it stands, with `lower` also why the stage that comes before is reached; at the bottom there is nothing to tell but why not higher.
/// Fits that are `folded` are told there by the labels of the checks that pass.
pub(super) fn why(explanation: &Explanation, lower: bool, folded: impl Fn(&FitItem) -> bool) -> Option<Section> {
    let mut why = standing::why(explanation, lower);
    for fit in explanation.fits.iter().filter(|fit| folded(fit)) {
        let verdict = standing::fit_met(fit);
        for row in why.iter_mut().filter(|row| row.text == verdict) {
            let pass = fit.checks.iter().filter(|check| check.condition.truth == Truth::True);
            let labels: Vec<&str> = pass.map(|check| check.item.label.as_str()).collect();
            row.text = format!("{verdict} ({})", labels.join(" · "));
        }
    }
    let stage = explanation.stage.as_ref().filter(|_| !why.is_empty())?;
    let title = match explanation.disqualified {
        true => "Why disqualified".to_owned(),
        false => format!("Why {}", stage.label),
    };
    Some(rows(About::Why, &title, why))
}

/// The fits whose checks are told: those that matter and are not told as what the next stage lacks.
fn told_fits<'e>(explanation: &'e Explanation, room: &Room) -> Vec<&'e FitItem> {
    let mattering = explanation.fits.iter().filter(|fit| explanation.matters.contains(&fit.item.name));
    let lacking = |fit: &FitItem| !explanation.disqualified && standing::lacks_fit(explanation, fit);
    let near = |fit: &FitItem| room.aside || standing::stands_by_fit(explanation, fit);
    let told = |fit: &FitItem| without_saying(explanation, fit, room);
    mattering.filter(|fit| !lacking(fit) && near(fit) && !told(fit)).collect()
}

/// Whether a fit is met and says why the lead stands where it stands, so that a line is enough where there is no room for its checks.
fn without_saying(explanation: &Explanation, fit: &FitItem, room: &Room) -> bool {
    let all = usize::from(fit.passed) == fit.checks.len();
    let met = fit.verdict == crate::eval::FitVerdict::Fits;
    !(if all { room.met } else { room.partly })
        && met
        && !explanation.disqualified
        && standing::stands_by_fit(explanation, fit)
}

/// Why no higher stage is reached: the next one part by part, of the others a line each.
fn why_not(explanation: &Explanation, room: &Room) -> Section {
    let mut all = Vec::new();
    if !explanation.disqualified {
        for (place, told) in explanation.why_not.iter().enumerate() {
            let mark = Mark::from(if told.standing == Truth::Unknown { Truth::Unknown } else { Truth::False });
            if place > 0 {
                if place <= room.higher {
                    let line = standing::why_not_line(told, room.parts);
                    let line = if passes_by(explanation, place) { format!("{line} (from any stage)") } else { line };
                    all.push(Row::labelled(mark, &told.item.label, line));
                }
                continue;
            }
            let mut rows = Vec::new();
            for fold in [Fold::Nothing, Fold::Conditions, Fold::Everything] {
                rows.clear();
                standing::why_not(told, 1, fold, &mut rows);
                if rows.len() <= room.lacks {
                    break;
                }
            }
            for row in &mut rows {
                row.text = phrase::cut_to(&row.text, room.row.saturating_sub(2 * row.depth));
            }
            match rows.as_slice() {
                [row] => all.push(Row::labelled(mark, &told.item.label, row.text.as_str())),
                _ => {
                    shorten(&mut rows, "line", room.lacks);
                    let known = if told.standing == Truth::Unknown { "cannot be told yet" } else { "not reached" };
                    all.push(Row::labelled(mark, &told.item.label, format!("{known}:")));
                    all.append(&mut rows);
                }
            }
        }
        let rest = explanation.why_not.iter().skip(1 + room.higher).map(|told| told.item.label.clone());
        let rest: Vec<String> = rest.collect();
        if !rest.is_empty() {
            all.push(Row::new(0, Mark::Off, format!("nor {} (--full tells why)", rest.join(", nor "))));
        }
    }
    rows(About::WhyNot, &standing::why_not_title(explanation), all)
}

/// Whether a stage above the next one asks for none of those below it.
fn passes_by(explanation: &Explanation, place: usize) -> bool {
    let told = explanation.why_not.get(place);
    let rung = told.and_then(|told| explanation.stages.iter().find(|rung| rung.item.name == told.item.name));
    rung.is_some_and(|rung| rung.after.is_none()) && explanation.stages.iter().any(|rung| rung.after.is_some())
}

fn shorten(rows: &mut Vec<Row>, noun: &str, most: usize) {
    if rows.len() > most {
        let depth = rows.first().map_or(0, |row| row.depth);
        let more = rows.len() - (most - 1);
        rows.truncate(most - 1);
        rows.push(Row::new(depth, Mark::Plain, format!("{} more: --full shows all", standing::more(more, noun))));
    }
}
