//! The words and numbers that the screen and the page share.

use crate::backtest::{Backtest, DataCounts, Group, Measure, MeasureKind, Ratio, RuleReport, RuleVerdict, Threshold};
use crate::cli::terminal::{count, thousands};

/// A share as people read it: `16.7%`.
pub fn percent(share: Option<Ratio>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}%", share.0 * 100.0))
}

/// From where to where a share can well lie.
pub fn between(interval: Option<[Ratio; 2]>) -> String {
    interval.map_or_else(|| "–".to_owned(), |[low, high]| format!("{:.1}–{:.1}%", low.0 * 100.0, high.0 * 100.0))
}

/// A ratio with so many decimals.
pub fn ratio(value: Option<Ratio>, decimals: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{:.decimals$}", value.0))
}

/// A difference: always with its sign; nothing is `0`.
pub fn signed(value: Option<Ratio>, decimals: usize) -> String {
    value.map_or_else(
        || "–".to_owned(),
        |value| {
            let text = format!("{:+.decimals$}", value.0);
            if text.chars().all(|c| "+-0.".contains(c)) { "0".to_owned() } else { text.replace('-', "−") }
        },
    )
}

/// Money without its decimals: `1,234 USD`.
pub fn money(amount: i128, currency: Option<&str>) -> String {
    let whole = (amount + 5_000).div_euclid(10_000);
    let sign = if whole < 0 { "−" } else { "" };
    let digits = thousands(u64::try_from(whole.unsigned_abs()).unwrap_or(u64::MAX));
    currency.map_or_else(|| format!("{sign}{digits}"), |currency| format!("{sign}{digits} {currency}"))
}

/// The cells of a group behind its name: leads, converted, rate, interval, lift, share of conversions, amount.
pub fn group_cells(group: &Group, currency: Option<&str>) -> Vec<String> {
    let mut cells = vec![
        thousands(group.leads),
        thousands(group.converted),
        percent(group.rate),
        between(group.interval),
        ratio(group.lift, 2),
        percent(group.share_of_conversions),
    ];
    if let Some(amount) = group.amount {
        cells.push(money(amount.0, currency));
    }
    cells
}

/// What stands above those.
pub fn group_heads(told: &Backtest) -> Vec<String> {
    let mut heads = vec!["leads", "converted", "rate", "95% interval", "lift", "of all"];
    let amount = told.currency.as_deref().map_or_else(|| "amount".to_owned(), |currency| format!("amount, {currency}"));
    if told.total.amount.is_some() {
        heads.push(&amount);
    }
    heads.into_iter().map(str::to_owned).collect()
}

/// Why leads are not judged, a sentence each.
pub fn left_out(data: &DataCounts) -> Vec<String> {
    let left = &data.left_out;
    let lines = [
        (data.rejected, "record was rejected", "records were rejected"),
        (left.no_outcome, "lead has no outcome in the file", "leads have no outcome in the file"),
        (
            left.outcome_unknown,
            "lead has an outcome that does not say whether it converted",
            "leads have an outcome that does not say whether they converted",
        ),
        (left.no_instant, "lead lacks the time of the decision", "leads lack the time of the decision"),
        (left.not_reached, "lead never reached the stage", "leads never reached the stage"),
        (left.not_created, "lead did not exist yet", "leads did not exist yet"),
        (left.settled, "lead had its outcome before the decision", "leads had their outcome before the decision"),
        (
            left.after_end,
            "lead would be judged after the last known outcome",
            "leads would be judged after the last known outcome",
        ),
        (left.too_young, "lead is too young to have an outcome", "leads are too young to have an outcome"),
        (
            left.past,
            "lead is of the past that thresholds are chosen on",
            "leads are of the past that thresholds are chosen on",
        ),
    ];
    lines.into_iter().filter(|(number, ..)| *number > 0).map(|(number, one, many)| count(number, one, many)).collect()
}

/// What may be wrong with the data, a sentence each.
pub fn doubts(told: &Backtest) -> Vec<String> {
    let data = &told.data;
    let mut out = Vec::new();
    let mut say = |number: u64, one: &str, many: &str| {
        if number > 0 {
            out.push(count(number, one, many));
        }
    };
    let days = data.days_to_convert.unwrap_or(0);
    say(
        data.young,
        &format!("lead had less time than nine of ten conversions took ({days} days): it may yet convert"),
        &format!("leads had less time than nine of ten conversions took ({days} days): some may yet convert"),
    );
    say(
        data.undated_conversions,
        "conversion has no date: that it came after the decision is taken on trust",
        "conversions have no date: that they came after the decision is taken on trust",
    );
    let outcomes = &data.outcomes;
    say(outcomes.without_lead, "outcome belongs to no lead", "outcomes belong to no lead");
    say(outcomes.repeated, "outcome is of a lead that has another", "outcomes are of leads that have another");
    say(outcomes.rejected, "record of the outcomes was rejected", "records of the outcomes were rejected");
    say(outcomes.problems, "value of the outcomes cannot be read", "values of the outcomes cannot be read");
    say(data.repeated_leads, "lead has the key of another", "leads have the key of another");
    say(data.problems, "value of the leads cannot be read", "values of the leads cannot be read");
    if let Some(events) = &data.events {
        say(events.without_lead, "event belongs to no lead", "events belong to no lead");
        say(events.rejected, "record of the events was rejected", "records of the events were rejected");
        say(events.unreadable, "event has no readable type or time", "events have no readable type or time");
    }
    for later in &data.later_values {
        let field = crate::base::visible(&later.field);
        out.push(format!(
            "`{field}` lies after the decision for {}: what it says may not have been known",
            count(later.leads, "lead", "leads")
        ));
    }
    out
}

/// What is to be said of a rule.
pub fn verdict(verdict: RuleVerdict) -> &'static str {
    match verdict {
        RuleVerdict::Helps => "helps",
        RuleVerdict::Backwards => "backwards: who converts has fewer of its points",
        RuleVerdict::NoDifference => "no difference seen",
        RuleVerdict::Same => "the same points for all",
        RuleVerdict::Never => "never gives points",
    }
}

/// Rules by what goes if they go: those that help most first.
pub fn by_worth(rules: &[RuleReport]) -> Vec<&RuleReport> {
    let mut sorted: Vec<&RuleReport> = rules.iter().collect();
    let change = |rule: &RuleReport| rule.without.and_then(|without| without.auc_change).map_or(0.0, |change| change.0);
    sorted.sort_by(|a, b| change(a).total_cmp(&change(b)));
    sorted
}

/// The thresholds that are shown of all: those nearest to these shares of the leads.
pub fn shown_thresholds(told: &Backtest, full: bool) -> Vec<Threshold> {
    let shares: &[u64] =
        if full { &[1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100] } else { &[5, 10, 20, 30, 50, 75] };
    let Some(ranking) = &told.ranking else { return Vec::new() };
    let mut out: Vec<Threshold> = Vec::new();
    for share in shares {
        let wanted = told.total.leads * share / 100;
        let nearest = ranking.thresholds.iter().min_by_key(|threshold| threshold.leads.abs_diff(wanted));
        if let Some(threshold) = nearest
            && out.last().is_none_or(|last| last.leads != threshold.leads)
        {
            out.push(*threshold);
        }
    }
    out
}

/// What is compared, for people, and how many decimals it has; a share is shown in percent.
pub fn measure(kind: MeasureKind) -> (&'static str, bool) {
    match kind {
        MeasureKind::Auc => ("AUC", false),
        MeasureKind::AveragePrecision => ("average precision", false),
        MeasureKind::BestTenth => ("conversions in best tenth", true),
        MeasureKind::BestThreeTenths => ("conversions in best three tenths", true),
        MeasureKind::Passed => ("leads passed to sales", true),
        MeasureKind::Precision => ("passed leads that convert", true),
        MeasureKind::Recall => ("conversions that are passed", true),
    }
}

/// The cells of a measure behind its name: policy, other, difference, interval, what that means.
pub fn measure_cells(measured: &Measure) -> [String; 5] {
    let (_, share) = measure(measured.measure);
    let scale = |value: Ratio| if share { Ratio(value.0 * 100.0) } else { value };
    let decimals = if share { 1 } else { 3 };
    let plain = |value: Option<Ratio>| match share {
        true => percent(value),
        false => ratio(value, decimals),
    };
    let interval = measured.interval.map_or_else(
        || "–".to_owned(),
        |[low, high]| format!("{} to {}", signed(Some(scale(low)), decimals), signed(Some(scale(high)), decimals)),
    );
    let means = match (measured.interval, measured.difference) {
        (Some([low, _]), _) if low.0 > 0.0 => "more",
        (Some([_, high]), _) if high.0 < 0.0 => "less",
        (Some(_), _) => "may be chance",
        _ => "",
    };
    [
        plain(measured.policy),
        plain(measured.other),
        signed(measured.difference.map(scale), decimals),
        interval,
        means.to_owned(),
    ]
}

/// What the area under the curve means.
pub fn auc_words(auc: Option<Ratio>) -> String {
    match auc {
        Some(auc) => format!(
            "AUC {:.3}: of a lead that converts and one that does not, the first has the higher score {:.0} times of 100",
            auc.0,
            auc.0 * 100.0
        ),
        None => "AUC –: it takes leads that convert and leads that do not".to_owned(),
    }
}
