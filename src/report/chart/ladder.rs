//! A ladder of stages, the highest at the top.

use super::{Anchor, Chart, line, rectangle};

/// A stage on the ladder.
#[derive(Clone, Debug)]
pub struct Rung {
    /// Its label.
    pub label: String,
    /// What leads to it, in few words.
    pub note: String,
    /// The place of the lower rung without which it is not reached.
    pub after: Option<usize>,
    /// Whether the lead at hand stands here.
    pub here: bool,
}

impl Rung {
    /// A stage and what leads to it.
    pub fn new(label: impl Into<String>, note: impl Into<String>) -> Rung {
        Rung { label: label.into(), note: note.into(), after: None, here: false }
    }

    /// Not reached without the rung at this place.
    pub fn after(mut self, place: usize) -> Rung {
        self.after = Some(place);
        self
    }

    /// The lead at hand stands here.
    pub fn here(mut self) -> Rung {
        self.here = true;
        self
    }
}

/// A ladder of stages.
#[derive(Clone, Debug)]
pub struct Ladder {
    title: String,
    rungs: Vec<Rung>,
}

const STEP: f64 = 50.0;
const RUNG: f64 = 42.0;

impl Ladder {
    /// A ladder without rungs.
    pub fn new(title: impl Into<String>) -> Ladder {
        Ladder { title: title.into(), rungs: Vec::new() }
    }

    /// And a rung, above those that are there.
    pub fn rung(mut self, rung: Rung) -> Ladder {
        self.rungs.push(rung);
        self
    }

    /// The chart. The description says in words what can be read off it.
    pub fn chart(&self, description: &str) -> Chart {
        let mut chart = Chart::new(&self.title, description);
        let count = self.rungs.len();
        // Each rung stands a little further out than the one below it, all of them within a third of the width.
        let shift = (30.0 / count.max(1) as f64).min(7.0);
        let left = |place: usize| place as f64 * shift;
        let top = |place: usize| (count - 1 - place) as f64 * STEP;
        for (place, rung) in self.rungs.iter().enumerate() {
            let (x, y) = (left(place), top(place));
            let strength = 0.1 + 0.3 * place as f64 / count.max(2) as f64;
            let class = if rung.here { "rung here" } else { "rung" };
            let body = rectangle(class, x, 100.0, y, RUNG).set("rx", 4).set("fill-opacity", super::number(strength));
            chart.add(body);
            let inside = x + 3.0;
            let room = 97.0 - inside;
            let label = if rung.here { format!("{} (here)", rung.label) } else { rung.label.clone() };
            chart.say("label", inside, y + 17.0, Anchor::Start, &label, room);
            chart.say("said", inside, y + 34.0, Anchor::Start, &rung.note, room);
            if let Some(after) = rung.after.filter(|after| *after < place) {
                let x = x + 1.2;
                chart.add(line("after", (x, y + RUNG), (x, top(after))));
            }
        }
        chart.height = count as f64 * STEP - (STEP - RUNG);
        chart
    }
}
