//! A backtest as a page: the tables of the screen in full, and the curves.

use super::text::day;
use super::words;
use crate::backtest::{Against, Backtest, Capacity, Costs, Group, Groups, Ranking, Ratio, RuleVerdict, Split};
use crate::cli::terminal::{count, thousands};
use crate::report::chart::{Curves, Look};
use crate::report::{Align, Block, Figure, Mark, Page, Section, Table};

/// So many points draw a curve; a longer list is thinned.
const POINTS: usize = 400;

/// The page.
pub fn page(told: &Backtest) -> Page {
    let total = &told.total;
    let intro = format!(
        "{} judged {}. {} converted: {} ({}).",
        count(total.leads, "lead", "leads"),
        told.judged.replace('`', ""),
        thousands(total.converted),
        words::percent(total.rate),
        words::between(total.interval),
    );
    let version = told.policy.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let mut page = Page::new(format!("{}{version}", told.policy.name)).kind("Backtest").intro(intro).contents();
    for doubt in words::doubts(told) {
        page = page.block(Block::note(Mark::Warning, doubt));
    }
    page = page.section(stages(told));
    for groups in told.fits.iter().chain(&told.bands) {
        page = page.section(groups_section(told, groups));
    }
    if let Some(ranking) = &told.ranking {
        page = page.section(ranking_section(told, ranking));
    }
    if !told.rules.is_empty() {
        page = page.section(rules(told));
    }
    if let Some(capacity) = &told.capacity {
        page = page.section(capacity_section(told, capacity));
    }
    if let Some(costs) = &told.cost {
        page = page.section(costs_section(told, costs));
    }
    if let Some(split) = &told.split {
        page = page.section(split_section(split));
    }
    if let Some(against) = &told.against {
        page = page.section(against_section(against));
    }
    page = page.section(data(told));
    page = page
        .identity("policy", format!("{}{version}", told.policy.name))
        .identity("judged", told.judged.replace('`', ""));
    if let Some(until) = &told.known_until {
        page = page.identity("outcomes known until", until.to_string());
    }
    page.identity("program", concat!("qualify ", env!("CARGO_PKG_VERSION")))
}

/// A table of which the first column holds names and the others numbers.
fn table(heads: &[String], rows: Vec<(String, Vec<String>)>) -> Table {
    let mut table = (1..heads.len()).fold(Table::new(heads.iter().cloned()), Table::number);
    for (name, cells) in rows {
        table.row(std::iter::once(name).chain(cells));
    }
    table
}

fn heads(first: &str, rest: &[&str]) -> Vec<String> {
    std::iter::once(first).chain(rest.iter().copied()).map(str::to_owned).collect()
}

fn group_table<'g>(told: &Backtest, first: &str, groups: impl Iterator<Item = &'g Group>) -> Table {
    let mut heads = vec![first.to_owned()];
    heads.extend(words::group_heads(told));
    table(&heads, groups.map(|group| (group.name.label.clone(), words::group_cells(group, None))).collect())
}

fn stages(told: &Backtest) -> Section {
    let higher = told.stages.iter().filter_map(|stage| stage.or_higher.as_ref());
    Section::new("Stages", "stages")
        .block(group_table(told, "Stage", told.stages.iter().map(|stage| &stage.group)))
        .block(Block::fold("At a stage or higher", vec![group_table(told, "Stage or higher", higher).into()]))
}

fn groups_section(told: &Backtest, groups: &Groups) -> Section {
    let anchor = format!("of-{}", groups.of.name);
    let mut section = Section::new(groups.of.label.as_str(), anchor).named(groups.of.name.as_str()).block(group_table(
        told,
        "",
        groups.groups.iter(),
    ));
    for inverted in &groups.inverted {
        let chance = if inverted.clear { "." } else { ", which may be chance." };
        let text = format!("{} converts less than {}{chance}", inverted.higher, inverted.lower);
        section = section.block(Block::note(Mark::Warning, text));
    }
    section
}

/// Every so many points of a long list, the last always.
fn thinned(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let step = points.len().div_ceil(POINTS).max(1);
    let last = points.len().saturating_sub(1);
    points
        .into_iter()
        .enumerate()
        .filter(|(place, _)| place % step == 0 || *place == last)
        .map(|(_, point)| point)
        .collect()
}

fn ranking_section(told: &Backtest, ranking: &Ranking) -> Section {
    let score = told.score.as_ref().map_or("Score", |score| score.label.as_str());
    let value = |ratio: Option<Ratio>| ratio.map_or(f64::NAN, |ratio| ratio.0);
    let at = |x: &dyn Fn(&crate::backtest::Threshold) -> f64, y: &dyn Fn(&crate::backtest::Threshold) -> f64| {
        ranking.thresholds.iter().map(|threshold| (x(threshold), y(threshold))).collect::<Vec<_>>()
    };
    let from_zero = |points: Vec<(f64, f64)>| thinned(std::iter::once((0.0, 0.0)).chain(points).collect());
    let even = || vec![(0.0, 0.0), (1.0, 1.0)];
    let all = told.total.leads.max(1) as f64;
    let roc = from_zero(at(&|t| value(t.false_positive_rate), &|t| value(t.recall)));
    let gains = from_zero(at(&|t| t.leads as f64 / all, &|t| value(t.recall)));
    let precision = thinned(at(&|t| value(t.recall), &|t| value(t.precision)));
    let lift = thinned(at(&|t| t.leads as f64 / all, &|t| value(t.lift)));
    let rate = told.total.rate.map_or(0.0, |rate| rate.0);
    let third = ranking.gains.get(2).map_or_else(String::new, |gain| {
        format!(
            "The best three tenths of the leads hold {} of all conversions.",
            words::percent(gain.share_of_conversions)
        )
    });
    let auc = format!("{}.", words::auc_words(ranking.auc));
    let highest = lift.iter().map(|(_, lift)| *lift).filter(|lift| lift.is_finite()).fold(1.0, f64::max).min(10.0);
    let charts = [
        Curves::new("Gains")
            .across("of all leads, best first", 0.0, 1.0, true)
            .up("of all conversions", 0.0, 1.0, true)
            .curve(score, Look::First, gains)
            .curve("by lot", Look::Even, even())
            .chart(&third),
        Curves::new("ROC")
            .across("of all leads that do not convert", 0.0, 1.0, true)
            .up("of all conversions", 0.0, 1.0, true)
            .curve(score, Look::First, roc)
            .curve("by lot", Look::Even, even())
            .chart(&auc),
        Curves::new("Precision and recall")
            .across("recall: of all conversions", 0.0, 1.0, true)
            .up("precision: of passed leads", 0.0, 1.0, true)
            .curve(score, Look::First, precision)
            .curve("by lot", Look::Even, vec![(0.0, rate), (1.0, rate)])
            .chart(&format!("The average precision is {}.", words::ratio(ranking.average_precision, 3))),
        Curves::new("Lift")
            .across("of all leads, best first", 0.0, 1.0, true)
            .up("times the rate of all leads", 0.0, highest, false)
            .curve(score, Look::First, lift)
            .curve("by lot", Look::Even, vec![(0.0, 1.0), (1.0, 1.0)])
            .chart("How many times more often the best leads convert than all."),
        calibration(ranking),
    ];
    let mut section = Section::new(score, "ranking");
    if let Some(name) = &told.score {
        section = section.named(name.name.as_str());
    }
    for chart in charts {
        let caption = format!("{}. {}", chart.title(), chart.description());
        section = section.block(Figure::new(chart).caption(caption));
    }
    let rows = words::shown_thresholds(told, true).iter().map(threshold_row).collect();
    let gains = ranking.gains.iter().map(|gain| {
        let cells = vec![
            thousands(gain.leads),
            words::ratio(Some(gain.converted), 1),
            words::percent(gain.share_of_conversions),
            words::ratio(gain.lift, 2),
        ];
        (format!("best {}0%", gain.tenths), cells)
    });
    section.block(table(&heads("At least", &["leads", "converted", "precision", "recall", "lift"]), rows)).block(
        Block::fold(
            "Best tenths",
            vec![table(&heads("Leads", &["leads", "converted", "of all conversions", "lift"]), gains.collect()).into()],
        ),
    )
}

fn threshold_row(at: &crate::backtest::Threshold) -> (String, Vec<String>) {
    let cells = vec![
        thousands(at.leads),
        thousands(at.converted),
        words::percent(at.precision),
        words::percent(at.recall),
        words::ratio(at.lift, 2),
    ];
    (at.at_least.to_string(), cells)
}

/// The rate of each tenth by score, with how far it can well reach.
fn calibration(ranking: &Ranking) -> crate::report::chart::Chart {
    let bins = &ranking.calibration;
    let means = || bins.iter().map(|bin| bin.mean.0);
    let (low, high) = (means().fold(f64::INFINITY, f64::min), means().fold(f64::NEG_INFINITY, f64::max));
    let (low, high) = if low < high { (low, high) } else { (0.0, 1.0) };
    let top = bins.iter().filter_map(|bin| bin.interval).map(|[_, high]| high.0).fold(0.0, f64::max);
    let room = (high - low) * 0.04;
    let points = bins.iter().map(|bin| (bin.mean.0, bin.rate.map_or(f64::NAN, |rate| rate.0))).collect();
    let mut chart = Curves::new("Rate by score")
        .across("average score of each tenth of the leads", low - room, high + room, false)
        .up("of them converted", 0.0, (top * 1.05).clamp(0.02, 1.0), true)
        .curve("rate, and its 95% interval", Look::Dots, points);
    for bin in bins {
        if let Some([low, high]) = bin.interval {
            chart = chart.reach(bin.mean.0, low.0, high.0);
        }
    }
    chart.chart("How often leads convert in each tenth by score; a good score rises from left to right.")
}

fn rules(told: &Backtest) -> Section {
    let heads = heads(
        "Rule",
        &[
            "verdict",
            "with points",
            "rate",
            "lift",
            "without",
            "own AUC",
            "by chance",
            "AUC if it goes",
            "best if it goes",
        ],
    );
    let rows = words::by_worth(&told.rules).into_iter().map(|rule| {
        let change = rule.without.and_then(|without| without.auc_change);
        let best = rule.without.and_then(|without| without.best_change);
        let cells = vec![
            words::verdict(rule.verdict).split(':').next().unwrap_or_default().to_owned(),
            thousands(rule.with_points.leads),
            words::percent(rule.with_points.rate),
            words::ratio(rule.with_points.lift, 2),
            words::percent(rule.without_points.rate),
            words::ratio(rule.auc, 3),
            rule.p_value.map_or_else(
                || "–".to_owned(),
                |p| if p.0 < 0.001 { "<0.1%".to_owned() } else { words::percent(Some(p)) },
            ),
            words::signed(change, 3),
            words::signed(best, 1),
        ];
        (format!("{} ({})", rule.name.label, rule.name.name), cells)
    });
    let mut section = Section::new("Rules", "rules").text(
        "Rules that the policy would miss most stand first. \"By chance\": how often chance alone would part the two \
         groups so far. \"Best if it goes\": conversions more or fewer among as many of the best leads as the policy passes \
         now.",
    );
    let mut rules = table(&heads, rows.collect());
    if let Some(verdict) = rules.align.get_mut(1) {
        *verdict = Align::Left;
    }
    section = section.block(rules);
    let idle: Vec<&str> = told
        .rules
        .iter()
        .filter(|rule| rule.verdict != RuleVerdict::Helps)
        .map(|rule| rule.name.name.as_str())
        .collect();
    if !idle.is_empty() {
        let text = format!("No help was seen from {}.", idle.join(", "));
        section = section.block(Block::note(Mark::Info, text));
    }
    let values = told.rules.iter().filter(|rule| rule.by_points.len() > 2).map(|rule| {
        let groups = rule.by_points.iter().map(|group| (group.name.label.clone(), words::group_cells(group, None)));
        let mut heads = vec![format!("{}: points", rule.name.name)];
        heads.extend(words::group_heads(told));
        Block::from(table(&heads, groups.collect()))
    });
    let values: Vec<Block> = values.collect();
    if values.is_empty() { section } else { section.block(Block::fold("Leads by the points of a rule", values)) }
}

fn capacity_section(told: &Backtest, capacity: &Capacity) -> Section {
    let mut section = Section::new(format!("If sales work {}", capacity.given), "capacity").text(format!(
        "In the {} of these decisions that is {}.",
        count(capacity.days, "day", "days"),
        count(capacity.most, "lead", "leads")
    ));
    section = match capacity.threshold {
        Some(at) => section.text(format!(
            "Passing leads from {at} points on gives them {} with {}. {} below it are lost: {} of all.",
            count(capacity.leads, "lead", "leads"),
            count(capacity.converted, "conversion", "conversions"),
            count(capacity.lost, "conversion", "conversions"),
            words::percent(capacity.lost_share),
        )),
        None => section.text("More leads than that share the highest score: no threshold of it can tell them apart."),
    };
    if let (Some(passed), Some(converted)) = (capacity.passed, capacity.passed_converted) {
        let line = told.line.as_ref().map_or("the line", |line| line.label.as_str());
        section = section.text(format!(
            "The policy passes {} ({line} or higher); {converted} of them converted.",
            count(passed, "lead", "leads")
        ));
    }
    section
}

fn costs_section(told: &Backtest, costs: &Costs) -> Section {
    let currency = told.currency.as_deref();
    let cost = |value: Option<Ratio>| {
        value.map_or_else(|| "–".to_owned(), |value| words::money((value.0 * 10_000.0).round() as i128, currency))
    };
    let mut rows: Vec<(String, Vec<String>)> = costs
        .per_stage
        .iter()
        .map(|stage| (format!("{} or higher", stage.stage.label), vec![thousands(stage.leads), cost(stage.cost)]))
        .collect();
    rows.push(("Customer".to_owned(), vec![thousands(told.total.converted), cost(costs.per_customer)]));
    Section::new("Cost", "cost")
        .text(format!("All leads together cost {}.", words::money(costs.total.0, currency)))
        .block(table(&heads("", &["leads", "each costs"]), rows))
}

fn split_section(split: &Split) -> Section {
    let until = split.until.to_string();
    let rows = split.chosen.iter().map(|chosen| {
        let cells = vec![
            chosen.at_least.to_string(),
            words::percent(chosen.past.precision),
            words::percent(chosen.later.precision),
            words::between(chosen.later_interval),
            words::percent(chosen.past.recall),
            words::percent(chosen.later.recall),
        ];
        (chosen.aim.clone(), cells)
    });
    let heads_chosen = ["at least", "precision then", "later", "95% interval", "recall then", "later"];
    let expected = split.calibration.iter().map(|group| {
        let cells = vec![
            words::percent(group.expected),
            thousands(group.leads),
            words::percent(group.rate),
            words::between(group.interval),
        ];
        (format!("from {}", group.from), cells)
    });
    Section::new(format!("Chosen until {}, judged later", day(&until)), "split")
        .text(format!(
            "{} were judged until then: {} converted, AUC {}. All other figures of this page are of the {} later ones: {} \
             converted, AUC {}.",
            count(split.past.leads, "lead", "leads"),
            words::percent(split.past.rate),
            words::ratio(split.past_auc, 3),
            thousands(split.later.leads),
            words::percent(split.later.rate),
            words::ratio(split.later_auc, 3),
        ))
        .block(table(&heads("Chosen so that it", &heads_chosen), rows.collect()))
        .text("What the past let expect of each group by score, and what came:")
        .block(table(&heads("Score", &["expected", "later leads", "converted", "95% interval"]), expected.collect()))
        .text(format!(
            "The average square of the error (Brier) is {}; if all leads were expected to convert as often as in the past it \
             would be {}. Smaller is better.",
            words::ratio(split.brier, 4),
            words::ratio(split.brier_of_rate, 4),
        ))
}

fn against_section(against: &Against) -> Section {
    let version = against.policy.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let rows = against
        .measures
        .iter()
        .filter(|measured| measured.policy.is_some() || measured.other.is_some())
        .map(|measured| (words::measure(measured.measure).0.to_owned(), words::measure_cells(measured).to_vec()));
    let mut text = format!("On {} that both judge.", count(against.leads, "lead", "leads"));
    if against.only_one > 0 {
        text.push_str(&format!(" {} judged by one alone.", count(against.only_one, "lead is", "leads are")));
    }
    Section::new(format!("Against {}{version}", against.policy.name), "against")
        .text(text)
        .block(table(&heads("", &["this", "the other", "difference", "95% interval", ""]), rows.collect()))
        .text(format!(
            "The intervals hold 95% of the differences when the leads are drawn anew {} times, the same for both (seed {}).",
            thousands(u64::from(against.bootstrap.resamples)),
            against.bootstrap.seed
        ))
}

fn data(told: &Backtest) -> Section {
    let data = &told.data;
    let mut items = vec![format!("{} of leads", count(data.records, "record", "records"))];
    items.extend(words::left_out(data));
    items.push(format!("{} judged", count(data.judged, "lead is", "leads are")));
    items.push(format!(
        "{} after the decision: none was looked at",
        count(data.later_events, "event came", "events came")
    ));
    Section::new("Data", "data").block(Block::items(items))
}
