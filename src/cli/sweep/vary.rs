//! What a sweep varies, over which values.

use super::place::Place;
use crate::base::visible;
use crate::check::Worth;
use crate::check::hir::{PartId, Program};
use crate::cli::exit::Failure;
use crate::diagnostic::did_you_mean;
use crate::model::Literal;
use crate::model::number::{NUMBER_SCALE, POINTS_SCALE, display, parse};
use crate::syntax::Loaded;

/// At most so many values where no step is given.
const FEW: i64 = 25;
/// At most so many settings in all.
pub const MOST: usize = 2_000;

/// Something that is varied.
#[derive(Clone, Debug)]
pub struct Vary {
    /// Its name.
    pub name: String,
    /// What it is.
    pub target: Target,
    /// Its values, in millionths.
    pub values: Vec<i64>,
    /// Its value in the policy, in millionths.
    pub now: i64,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Target {
    /// A `define` that is a constant.
    Constant,
    /// A number of points of a rule.
    Points(PartId, Worth),
    /// A number where it stands.
    Place(Place),
}

impl Vary {
    /// From `NAME=FROM..TO`, `NAME=FROM..TO step S`, `NAME=A,B,C`.
    pub fn parse(text: &str, program: &Program, loaded: &Loaded) -> Result<Vary, Failure> {
        let Some((name, values)) = text.split_once('=') else {
            return Err(wrong(text, "has no `=`"));
        };
        let name = name.trim();
        let (target, now) = match Place::parse(name, loaded) {
            Some(found) => found.map(|(place, now)| (Target::Place(place), now))?,
            None => find(name, program)?,
        };
        Ok(Vary { name: name.to_owned(), target, values: range(text, values)?, now })
    }

    /// A value as a policy writes it.
    pub fn written(value: i64) -> String {
        display(value, 6).to_string()
    }
}

fn wrong(text: &str, what: &str) -> Failure {
    Failure::new(format!("`--vary {}` {what}", visible(text)))
        .help("write `mql_line=20..80`, `\"mql_line=20..80 step 5\"`, `engagement.opens=5,10,15`")
}

/// A number as a policy writes it, in millionths.
pub fn number(written: &str) -> Option<i64> {
    let written = written.trim();
    let (digits, times) = match written.strip_suffix(['k', 'M', '%']) {
        Some(digits) if written.ends_with('k') => (digits, 1_000.0),
        Some(digits) if written.ends_with('M') => (digits, 1_000_000.0),
        Some(digits) => (digits, 0.01),
        None => (written, 1.0),
    };
    let value = parse(digits.trim().as_bytes(), 6, false).ok()?;
    let value = (value as f64 * times).round();
    (value.abs() < 1e15).then_some(value as i64)
}

fn range(text: &str, values: &str) -> Result<Vec<i64>, Failure> {
    let number = |written: &str| number(written).ok_or_else(|| wrong(text, "holds something that is no number"));
    let (ends, step) = match values.split_once("step") {
        Some((ends, step)) => (ends, Some(number(step)?)),
        None => (values, None),
    };
    let Some((from, to)) = ends.split_once("..") else {
        let mut list = ends.split(',').map(number).collect::<Result<Vec<i64>, Failure>>()?;
        list.dedup();
        return Ok(list);
    };
    let (from, to) = (number(from)?, number(to)?);
    if from > to {
        return Err(wrong(text, "goes from a greater number to a smaller one"));
    }
    let step = step.unwrap_or_else(|| round_step(from, to));
    if step <= 0 {
        return Err(wrong(text, "has a step that is not above 0"));
    }
    if (to - from) / step >= MOST as i64 {
        return Err(wrong(text, &format!("has more than {MOST} values")));
    }
    Ok((0..=(to - from) / step).map(|count| from + count * step).collect())
}

/// The smallest of 1, 2, 5, 10, 20, … that makes few values; smaller ones where the ends have decimals.
fn round_step(from: i64, to: i64) -> i64 {
    let mut unit = NUMBER_SCALE;
    while unit > 1 && (from % unit != 0 || to % unit != 0) {
        unit /= 10;
    }
    loop {
        for times in [1, 2, 5] {
            if (to - from) / (unit * times) < FEW {
                return unit * times;
            }
        }
        unit *= 10;
    }
}

fn find(name: &str, program: &Program) -> Result<(Target, i64), Failure> {
    let constants = || program.defines.iter().filter(|define| define.constant);
    if let Some(define) = constants().find(|define| define.name == name) {
        let now = match &define.value.kind {
            crate::check::hir::ExprKind::Constant(literal) => literal_micros(literal),
            _ => None,
        };
        let now = now.and_then(|now| i64::try_from(now).ok()).unwrap_or(0);
        return Ok((Target::Constant, now));
    }
    let full = |id: PartId| crate::backtest::part_name(program, id).name;
    let parts = || (0..program.parts.len()).map(|place| PartId(place as u16));
    let (rule, case) = name.split_once(':').map_or((name, None), |(rule, case)| (rule.trim(), Some(case.trim())));
    if let Some(id) = parts().find(|id| full(*id) == rule) {
        return points(program, id, rule, case);
    }
    let known: Vec<String> = constants().map(|define| define.name.clone()).chain(parts().map(full)).collect();
    let help = did_you_mean(name, known.iter().map(String::as_str)).or_else(|| {
        let names: Vec<&str> = constants().map(|define| define.name.as_str()).collect();
        Some(match names.as_slice() {
            [] => "the policy has no `define` that is a number; rules go by their score's name: `engagement.opens`"
                .to_owned(),
            names => {
                format!("numbers with a name: {}; rules go by their score's name: `engagement.opens`", names.join(", "))
            }
        })
    });
    Err(Failure::new(format!("the policy has no number or rule `{}`", visible(name))).maybe_help(help))
}

/// A number of points of a rule: its only one, or that of a case.
fn points(program: &Program, id: PartId, rule: &str, case: Option<&str>) -> Result<(Target, i64), Failure> {
    let at = match case {
        None => Some(Worth::Whole),
        Some("missing") => Some(Worth::Missing),
        Some("otherwise") => Some(Worth::Otherwise),
        Some(number) => number.parse().ok().and_then(|number: usize| number.checked_sub(1)).map(Worth::Case),
    };
    if let Some((at, points)) = at.and_then(|at| program.points_at(id, at).map(|points| (at, points))) {
        return Ok((Target::Points(id, at), points.saturating_mul(NUMBER_SCALE / POINTS_SCALE)));
    }
    let cases = (0..).take_while(|case| program.points_at(id, Worth::Case(*case)).is_some()).count();
    let (what, help) = match (case, cases) {
        (None, 0) => (
            format!("`{}` is not worth one number of points", visible(rule)),
            "vary the rules in it, or give the number a name, `define NAME: 10`".to_owned(),
        ),
        (None, _) => (
            format!("`{}` has {cases} cases", visible(rule)),
            format!("`{rule}:1` is the first; `{rule}:otherwise` and, of `by`, `{rule}:missing` are the others"),
        ),
        (Some(case), 0) => {
            (format!("`{}` has no case `{}`", visible(rule), visible(case)), format!("`{rule}` alone names its points"))
        }
        (Some(case), _) => (
            format!("`{}` has no case `{}`", visible(rule), visible(case)),
            format!("its cases are `{rule}:1` to `{rule}:{cases}`, `{rule}:otherwise` and, of `by`, `{rule}:missing`"),
        ),
    };
    Err(Failure::new(what).help(help))
}

fn literal_micros(literal: &Literal) -> Option<i128> {
    match literal {
        Literal::Int(value) => Some(i128::from(*value) * i128::from(NUMBER_SCALE)),
        Literal::Number(value) => Some(i128::from(*value)),
        _ => None,
    }
}

/// Every combination, the last name's values changing first.
pub fn settings(varied: &[Vary]) -> Result<Vec<Vec<i64>>, Failure> {
    let count = varied.iter().try_fold(1usize, |count, vary| count.checked_mul(vary.values.len()));
    if count.is_none_or(|count| count > MOST) {
        return Err(Failure::new(format!("that is more than {MOST} settings"))
            .help("give larger steps: `\"mql_line=20..80 step 10\"`"));
    }
    let mut settings: Vec<Vec<i64>> = vec![Vec::new()];
    for vary in varied {
        settings = settings
            .iter()
            .flat_map(|before| vary.values.iter().map(|value| before.iter().copied().chain([*value]).collect()))
            .collect();
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let of = |text: &str| {
            range(text, text)
                .map(|values| values.iter().map(|value| Vary::written(*value)).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(of("20..40 step 5").ok().as_deref(), Some("20 25 30 35 40"));
        assert_eq!(of("20..80").ok().as_deref(), Some("20 25 30 35 40 45 50 55 60 65 70 75 80"));
        assert_eq!(of("0.1..0.3").ok().as_deref(), Some("0.1 0.2 0.3"));
        assert_eq!(of("1k, 2k").ok().as_deref(), Some("1000 2000"));
        assert_eq!(of("-10..10 step 10").ok().as_deref(), Some("-10 0 10"));
        for wrong in ["x..2", "5..1", "1..2 step 0", "0..1000000 step 0.1"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
