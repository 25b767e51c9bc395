//! Whether an explanation that was kept is the one that is made again.

use super::model::Explanation;
use serde_json::Value as Json;

/// How an explanation that was kept compares with the same made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Whether the policy is the same to the letter.
    pub same_policy: bool,
    /// Whether the program is the same version.
    pub same_engine: bool,
    /// Where the two differ: `scores.0.points`, in the order of the form. Names of files, lines of the policy and the
    /// program's version do not count.
    pub differences: Vec<String>,
}

impl Replayed {
    /// Whether all that it says is said again.
    pub fn holds(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Compares an explanation that was kept with the same made again.
pub fn replayed(kept: &Explanation, now: &Explanation) -> Replayed {
    let mut differences = Vec::new();
    // Of sums beyond sixteen digits JSON keeps the nearest that it can: both are compared as it keeps them.
    let as_kept = |explanation: &Explanation| {
        let text = serde_json::to_string(explanation)?;
        serde_json::to_value(serde_json::from_str::<Explanation>(&text)?)
    };
    if let (Ok(kept), Ok(now)) = (serde_json::to_value(kept), as_kept(now)) {
        compare(&kept, &now, &mut Vec::new(), &mut differences);
    }
    Replayed {
        same_policy: kept.policy.digest == now.policy.digest,
        same_engine: kept.engine == now.engine,
        differences,
    }
}

/// What says how and by what, and not what of.
const ABOUT: [&[&str]; 5] =
    [&["engine"], &["policy", "digest"], &["policy", "file"], &["policy", "version"], &["policy", "name"]];

fn compare(kept: &Json, now: &Json, path: &mut Vec<String>, out: &mut Vec<String>) {
    let about = |path: &[String]| ABOUT.iter().any(|about| path.iter().map(String::as_str).eq(about.iter().copied()));
    if kept == now || about(path) || is_place(kept) && is_place(now) {
        return;
    }
    match (kept, now) {
        (Json::Object(a), Json::Object(b)) => {
            for (name, value) in a {
                path.push(name.clone());
                compare(value, b.get(name).unwrap_or(&Json::Null), path, out);
                path.pop();
            }
            for (name, value) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
                path.push(name.clone());
                compare(&Json::Null, value, path, out);
                path.pop();
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            for (place, (a, b)) in a.iter().zip(b).enumerate() {
                path.push(place.to_string());
                compare(a, b, path, out);
                path.pop();
            }
        }
        _ => out.push(path.join(".")),
    }
}

/// A place in the policy's text.
fn is_place(value: &Json) -> bool {
    value
        .as_object()
        .is_some_and(|object| object.len() == 2 && object.contains_key("file") && object.contains_key("line"))
}
