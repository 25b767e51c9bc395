//! A backtest on one screen.

use super::lines::{LABEL, rows_of, say_words};
use super::words;
use crate::backtest::{Against, Backtest, Capacity, Costs, Groups, RuleReport, RuleVerdict, Split};
use crate::cli::terminal::{Paint, count, shown, style, thousands};

pub use words::left_out;

/// So many rules are shown of those that help and of those that do not.
const RULES: usize = 5;

/// The screen.
pub fn screen(told: &Backtest, full: bool, width: usize, paint: Paint) -> String {
    let mut screen = Screen { told, paint, width, out: String::new() };
    screen.head();
    screen.groups("Stage", told.stages.iter().map(|stage| (stage.group.name.label.as_str(), &stage.group)).collect());
    for groups in told.fits.iter().chain(&told.bands) {
        screen.groups(&groups.of.label, groups.groups.iter().map(|group| (group.name.label.as_str(), group)).collect());
        screen.inversions(groups);
    }
    screen.ranking(full);
    screen.rules(full);
    if let Some(capacity) = &told.capacity {
        screen.capacity(capacity);
    }
    if let Some(costs) = &told.cost {
        screen.costs(costs);
    }
    if let Some(split) = &told.split {
        screen.split(split);
    }
    if let Some(against) = &told.against {
        screen.against(against);
    }
    screen.out
}

struct Screen<'a> {
    told: &'a Backtest,
    paint: Paint,
    width: usize,
    out: String,
}

impl Screen<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn say(&mut self, indent: usize, text: &str) {
        self.out.push_str(&say_words(indent, text, self.width));
    }

    fn heading(&mut self, text: &str) {
        self.out.push('\n');
        let text = self.paint.with(style::HEADING, shown(text, self.width));
        self.line(&text);
    }

    fn head(&mut self) {
        let told = self.told;
        let version = told.policy.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
        let name = shown(&format!("{}{version}", told.policy.name), self.width);
        let name = self.paint.with(style::HEADING, name);
        self.line(&name);
        let total = &told.total;
        let judged = count(total.leads, "lead", "leads");
        self.say(
            0,
            &format!(
                "{judged} judged {}; {} converted, {} ({})",
                shown(&told.judged, 80),
                thousands(total.converted),
                words::percent(total.rate),
                words::between(total.interval),
            ),
        );
        let left = words::left_out(&told.data);
        if !left.is_empty() {
            self.say(2, &format!("not judged: {}", left.join("; ")));
        }
        for doubt in words::doubts(told) {
            let sign = self.paint.with(style::WARNING, "!");
            self.say(2, &format!("{sign} {doubt}"));
        }
    }

    fn table(&mut self, heads: &[String], rows: &[(String, Vec<String>)]) {
        self.out.push_str(&rows_of(heads, rows, self.width, self.paint));
    }

    fn groups(&mut self, title: &str, groups: Vec<(&str, &crate::backtest::Group)>) {
        if groups.is_empty() {
            return;
        }
        self.out.push('\n');
        let mut heads = vec![title.to_owned()];
        heads.extend(words::group_heads(self.told));
        // The column says the currency already.
        let rows: Vec<(String, Vec<String>)> =
            groups.iter().map(|(label, group)| ((*label).to_owned(), words::group_cells(group, None))).collect();
        self.table(&heads, &rows);
    }

    fn inversions(&mut self, groups: &Groups) {
        for inverted in &groups.inverted {
            let (lower, higher) = (shown(&inverted.lower, LABEL), shown(&inverted.higher, LABEL));
            let chance = if inverted.clear { "" } else { ", which may be chance" };
            let sign = self.paint.with(style::WARNING, "!");
            self.say(2, &format!("{sign} {higher} converts less than {lower}{chance}"));
        }
    }

    fn ranking(&mut self, full: bool) {
        let Some(ranking) = &self.told.ranking else { return };
        let label = self.told.score.as_ref().map_or("", |score| score.label.as_str());
        self.heading(label);
        self.say(2, &words::auc_words(ranking.auc));
        let heads = ["at least", "leads", "precision", "recall", "lift"].map(str::to_owned);
        let rows: Vec<(String, Vec<String>)> = words::shown_thresholds(self.told, full)
            .iter()
            .map(|at| {
                let cells = vec![
                    thousands(at.leads),
                    words::percent(at.precision),
                    words::percent(at.recall),
                    words::ratio(at.lift, 2),
                ];
                (at.at_least.to_string(), cells)
            })
            .collect();
        self.table(&heads, &rows);
    }

    fn rules(&mut self, full: bool) {
        let told = self.told;
        if told.rules.is_empty() {
            return;
        }
        let sorted = words::by_worth(&told.rules);
        let helps = |rule: &&RuleReport| rule.verdict == RuleVerdict::Helps;
        let (good, bad): (Vec<&RuleReport>, Vec<&RuleReport>) = sorted.into_iter().partition(helps);
        let most = if full { usize::MAX } else { RULES };
        let shown_rules: Vec<&RuleReport> =
            good.iter().take(most).chain(bad.iter().rev().take(most)).copied().collect();
        let heads = ["Rule", "with points", "rate", "lift", "without", "AUC if it goes", ""].map(str::to_owned);
        let rows: Vec<(String, Vec<String>)> = shown_rules
            .iter()
            .map(|rule| {
                let change = rule.without.and_then(|without| without.auc_change);
                let cells = vec![
                    thousands(rule.with_points.leads),
                    words::percent(rule.with_points.rate),
                    words::ratio(rule.with_points.lift, 2),
                    words::percent(rule.without_points.rate),
                    words::signed(change, 3),
                    words::verdict(rule.verdict).to_owned(),
                ];
                (rule.name.label.clone(), cells)
            })
            .collect();
        self.out.push('\n');
        self.table(&heads, &rows);
        let more = told.rules.len() - shown_rules.len();
        if more > 0 {
            self.say(2, &format!("and {}: `--full` shows all", count(more as u64, "more rule", "more rules")));
        }
    }

    fn capacity(&mut self, capacity: &Capacity) {
        self.heading(&format!("If sales work {}", capacity.given));
        let most = count(capacity.most, "lead", "leads");
        self.say(2, &format!("in the {} of these decisions that is {most}", count(capacity.days, "day", "days")));
        let lost =
            format!("{} conversions are below it ({})", thousands(capacity.lost), words::percent(capacity.lost_share));
        match capacity.threshold {
            Some(at) => {
                let got = format!("{} leads, {} conversions", thousands(capacity.leads), thousands(capacity.converted));
                self.say(2, &format!("pass leads from {at} points on: {got}; {lost}"));
            }
            None => self.say(2, "more leads than that share the highest score: no threshold of it can tell them apart"),
        }
        if let (Some(passed), Some(converted)) = (capacity.passed, capacity.passed_converted) {
            let line = self.told.line.as_ref().map_or("the line", |line| line.label.as_str());
            let line = shown(line, LABEL);
            let text =
                format!("the policy passes {} ({line} or higher), {converted} of them converted", thousands(passed));
            self.say(2, &text);
        }
    }

    fn costs(&mut self, costs: &Costs) {
        let currency = self.told.currency.as_deref();
        self.heading(&format!("At {} a lead", plain(costs.per_lead.0)));
        let heads = ["", "leads", "each costs"].map(str::to_owned);
        let cost = |value: Option<crate::backtest::Ratio>| {
            value.map_or_else(|| "–".to_owned(), |value| words::money((value.0 * 10_000.0) as i128, currency))
        };
        let mut rows: Vec<(String, Vec<String>)> = costs
            .per_stage
            .iter()
            .map(|stage| (format!("{} or higher", stage.stage.label), vec![thousands(stage.leads), cost(stage.cost)]))
            .collect();
        rows.push(("Customer".to_owned(), vec![thousands(self.told.total.converted), cost(costs.per_customer)]));
        self.table(&heads, &rows);
    }

    fn split(&mut self, split: &Split) {
        self.heading(&format!("Thresholds chosen on leads judged until {}", day(&split.until.to_string())));
        self.say(
            2,
            &format!(
                "{} then, {} converted, AUC {}; all figures above are of the {} later ones",
                count(split.past.leads, "lead", "leads"),
                words::percent(split.past.rate),
                words::ratio(split.past_auc, 3),
                thousands(split.later.leads),
            ),
        );
        let heads = ["chosen", "at least", "precision then", "later", "95% interval", "recall then", "later"];
        let rows: Vec<(String, Vec<String>)> = split
            .chosen
            .iter()
            .map(|chosen| {
                let cells = vec![
                    chosen.at_least.to_string(),
                    words::percent(chosen.past.precision),
                    words::percent(chosen.later.precision),
                    words::between(chosen.later_interval),
                    words::percent(chosen.past.recall),
                    words::percent(chosen.later.recall),
                ];
                (chosen.aim.clone(), cells)
            })
            .collect();
        self.table(&heads.map(str::to_owned), &rows);
    }

    fn against(&mut self, against: &Against) {
        let version = against.policy.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
        self.heading(&format!("Against {}{version}", against.policy.name));
        let mut leads = format!("on {} that both judge", count(against.leads, "lead", "leads"));
        if against.only_one > 0 {
            leads.push_str(&format!("; {} judged by one alone", count(against.only_one, "lead is", "leads are")));
        }
        self.say(2, &leads);
        let heads = ["", "this", "the other", "difference", "95% interval", ""].map(str::to_owned);
        let rows: Vec<(String, Vec<String>)> = against
            .measures
            .iter()
            .filter(|measured| measured.policy.is_some() || measured.other.is_some())
            .map(|measured| (words::measure(measured.measure).0.to_owned(), words::measure_cells(measured).to_vec()))
            .collect();
        self.table(&heads, &rows);
    }
}

/// A number in ten-thousandths.
fn plain(amount: i128) -> String {
    crate::model::number::display(i64::try_from(amount).unwrap_or(i64::MAX), 4).to_string()
}

/// The day of an instant.
pub fn day(instant: &str) -> &str {
    instant.split('T').next().unwrap_or(instant)
}
