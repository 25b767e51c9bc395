//! Making a failing policy or lead smaller while it still fails.

use serde_json::Value as Json;

/// Leaves out declarations, rules, lines of blocks as long as `fails` still says so of what is left.
///
/// Works on text whose blocks open at the end of a line and close at the start of one, as random policies and formatted
/// ones do. `fails` is false for text that is no policy any more.
pub fn minimise(text: &str, fails: &dyn Fn(&str) -> bool) -> String {
    let mut lines: Vec<String> = text.lines().filter(|line| !line.trim().is_empty()).map(str::to_string).collect();
    loop {
        let before = lines.len();
        let mut at = 0;
        while at < lines.len() {
            let end = end_of_block(&lines, at);
            let mut fewer = lines.clone();
            fewer.drain(at..end);
            if fails(&joined(&fewer)) {
                lines = fewer;
            } else {
                at += 1;
            }
        }
        if lines.len() == before {
            return joined(&lines);
        }
    }
}

fn joined(lines: &[String]) -> String {
    lines.join("\n") + "\n"
}

/// Behind the last line of the block that begins at a line; behind the line itself when it begins none.
fn end_of_block(lines: &[String], start: usize) -> usize {
    let mut depth = 0;
    for (at, line) in lines.iter().enumerate().skip(start) {
        depth += depth_change(line);
        if depth <= 0 {
            return at + 1;
        }
    }
    lines.len()
}

/// How many braces a line leaves open; braces in text do not count.
fn depth_change(line: &str) -> i64 {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for c in line.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '#' if !quoted => break,
            '{' if !quoted => depth += 1,
            '}' if !quoted => depth -= 1,
            _ => {}
        }
    }
    depth
}

/// Leaves out keys and entries of a lead as long as `fails` still says so of what is left.
pub fn minimise_lead(lead: &Json, fails: &dyn Fn(&Json) -> bool) -> Json {
    let mut small = lead.clone();
    loop {
        let candidates = smaller(&small);
        match candidates.into_iter().find(|candidate| fails(candidate)) {
            Some(candidate) => small = candidate,
            None => return small,
        }
    }
}

/// Every value that lacks one key or entry, at any depth.
fn smaller(json: &Json) -> Vec<Json> {
    let mut all = Vec::new();
    match json {
        Json::Object(object) => {
            for (key, value) in object {
                let mut without = object.clone();
                without.remove(key);
                all.push(Json::Object(without));
                for inner in smaller(value) {
                    let mut with = object.clone();
                    with.insert(key.clone(), inner);
                    all.push(Json::Object(with));
                }
            }
        }
        Json::Array(entries) => {
            for (at, entry) in entries.iter().enumerate() {
                let mut without = entries.clone();
                without.remove(at);
                all.push(Json::Array(without));
                for inner in smaller(entry) {
                    let mut with = entries.clone();
                    with[at] = inner;
                    all.push(Json::Array(with));
                }
            }
        }
        _ => {}
    }
    all
}
