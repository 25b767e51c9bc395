//! A difference as a page: Markdown for a pull request, HTML for people.

use super::model::*;
use super::moves::{Moves, Shift, grouped, share};
use crate::report::chart::{Bar, Bars, Tone};
use crate::report::{Anchors, Block, Figure, Mark, Page, Section, Table, Text, anchor};

/// The sections of a page need anchors, each its own.
struct Maker {
    anchors: Anchors,
}

impl Maker {
    fn section(&mut self, title: &str) -> Section {
        Section::new(title, self.anchors.unique(anchor("part", &[title])))
    }
}

impl Difference {
    /// The difference as a page.
    pub fn page(&self) -> Page {
        let (old, new) = self.heads();
        let mut maker = Maker { anchors: Anchors::default() };
        let mut page = Page::new(format!("{old} → {new}")).kind("What a change of a policy does");
        page = page.block(Block::note(self.mark(), self.sentence()));
        if let Some(caveat) = &self.caveat {
            page = page.block(Block::note(Mark::Warning, format!("Nothing is proved of all leads: {caveat}.")));
        }
        if let Some(moves) = &self.leads {
            page = page.block(Block::note(Mark::Info, moves.sentence()));
        }
        page = page.section(self.changed(&mut maker));
        page = page.section(self.all_leads(&mut maker));
        if let Some(moves) = &self.leads {
            page = page.section(moves.section(&mut maker));
        }
        page.identity("Old policy", format!("{old}, {}", self.old.digest))
            .identity("New policy", format!("{new}, {}", self.new.digest))
            .identity("As of", self.as_of.local.clone())
            .identity("Program", self.engine.clone())
    }

    fn mark(&self) -> Mark {
        match self.verdict {
            Verdict::Equivalent | Verdict::SameDecisions => Mark::Yes,
            Verdict::Changes => Mark::Warning,
            Verdict::NotDecided => Mark::Unknown,
        }
    }

    fn changed(&self, maker: &mut Maker) -> Section {
        let section = maker.section("What changed in meaning");
        if self.changes.is_empty() {
            return section.text("Nothing.");
        }
        let mut table = Table::new(["", "What", "Change"]);
        for change in &self.changes {
            let what = Text::new(change.what.word()).then(" ").code(change.name.clone());
            let what = if change.label.is_empty() { what } else { what.line().then(change.label.clone()) };
            let lines = change.lines().into_iter().map(Text::new).reduce(|all, next| all.line().and(next));
            table.row([Text::new(change.word()), what, lines.unwrap_or_default()]);
        }
        section.block(table)
    }

    fn all_leads(&self, maker: &mut Maker) -> Section {
        let mut section = maker.section("For all leads");
        for (answers, lead) in self.shown() {
            let words: Vec<String> = answers.iter().map(|answer| answer.words()).collect();
            let mut below = maker.section(&format!("A lead can {}", words.join(", and ")));
            for reason in answers.iter().filter_map(|answer| answer.reason.as_ref()) {
                below = below.text(reason.clone());
            }
            if let Some(shown) = lead {
                below = below.text(format!("For example a lead with this, and nothing else known: {}.", shown.lead));
                let mut table = Table::new(["", "Old", "New", "Why"]);
                for row in shown.beside() {
                    let new = if row.old == row.new { Text::new(&row.new) } else { Text::default().strong(&row.new) };
                    let why = row.why.into_iter().map(Text::new).reduce(|all, next| all.line().and(next));
                    table.row([Text::new(row.what), Text::new(row.old), new, why.unwrap_or_default()]);
                }
                below = below.block(table);
            }
            section = section.block(below);
        }
        let never: Vec<String> = self.answered(Can::No).into_iter().map(Answer::words).collect();
        if !never.is_empty() {
            section = section.text("No lead can:").block(Block::items(never));
        }
        let open = self.answered(Can::NotDecided);
        if !open.is_empty() {
            let told = open
                .into_iter()
                .map(|answer| format!("{}: {}", answer.words(), answer.reason.as_deref().unwrap_or_default()));
            section = section.text("Not decided, whether a lead can:").block(Block::items(told.collect::<Vec<_>>()));
        }
        if self.answers.iter().any(|answer| answer.lead.is_some()) {
            let text = format!("Leads are shown as of {}; both policies decided them.", self.as_of.local);
            section = section.block(Block::Paragraph(Text::default().quiet(text)));
        }
        if self.answers.is_empty() {
            section = section.text(self.sentence());
        }
        section
    }
}

impl Moves {
    fn section(&self, maker: &mut Maker) -> Section {
        let mut section = maker.section("For these leads").text(self.sentence());
        let (rows, columns) = self.axes();
        if rows.len() + columns.len() > 2 {
            let mut table = Table::new(std::iter::once("From ↓ to →").chain(columns.iter().copied())).grid();
            for place in 1..=columns.len() {
                table = table.number(place);
            }
            for row in &rows {
                let cells = columns.iter().map(|column| match self.count(row, column) {
                    0 => Text::new("·"),
                    count if row == column => Text::new(format!("{} ({})", grouped(count), share(count, self.leads))),
                    count => Text::default().strong(format!("{} ({})", grouped(count), share(count, self.leads))),
                });
                table.row(std::iter::once(Text::new(*row)).chain(cells));
            }
            section = section.block(maker.section("From stage to stage").block(table));
        }
        if !self.causes.is_empty() || self.together > 0 {
            let mut below = maker.section("What moves them");
            let mut table = Table::new(["Leads", "that would stay if this were put back"]).number(0);
            for cause in &self.causes {
                table.row([Text::new(grouped(cause.leads)), Text::new(&cause.words)]);
            }
            if !self.causes.is_empty() {
                below = below.block(table);
            }
            if let Some(looked) = self.looked() {
                below = below.text(looked);
            }
            section = section.block(below);
        }
        if !self.load.is_empty() {
            let mut table = Table::new(["Route", "Old", "New", "Change"]).number(1).number(2).number(3);
            for load in &self.load {
                let count = |count: Option<u64>| count.map_or_else(|| "none".to_owned(), grouped);
                let by = load.new.unwrap_or(0) as i64 - load.old.unwrap_or(0) as i64;
                let by = if by == 0 { "0".to_owned() } else { format!("{by:+}") };
                table.row([load.route.clone(), count(load.old), count(load.new), by]);
            }
            section = section.block(maker.section("Leads of each route").block(table));
        }
        for shift in &self.shifts {
            let below = maker.section(&format!("Points of {} gained or lost", shift.score));
            section = section.block(below.block(shift.figure()));
        }
        section
    }
}

impl Shift {
    fn figure(&self) -> Figure {
        let bins = self.bins();
        let most = bins.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let mut bars = Bars::new(format!("Points of {} gained or lost", self.score), 0.0, most as f64);
        let mut table = Table::new(["Points", "Leads"]).number(1);
        for (by, count) in &bins {
            let tone = if by.starts_with('-') {
                Tone::Bad
            } else if by == "0" {
                Tone::Plain
            } else {
                Tone::Good
            };
            bars = bars.bar(Bar::new(by, grouped(*count), 0.0, *count as f64).tone(tone));
            table.row([by.clone(), grouped(*count)]);
        }
        let told: Vec<String> = bins.iter().map(|(by, count)| format!("{by}: {count}")).collect();
        Figure::new(bars.chart(&format!("Leads by points gained or lost: {}.", told.join("; "))))
            .caption("How many leads gain or lose so many points.")
            .instead(table)
    }
}
