//! The parser that pest makes from `grammar/qualify.pest`.

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/qualify.pest"]
pub(super) struct Grammar;

#[cfg(test)]
mod tests {
    use super::{Grammar, Rule};
    use pest::Parser;

    /// Each rule of the grammar with the example over it.
    fn examples() -> Vec<(String, Option<String>, bool)> {
        let text = include_str!("../../../grammar/qualify.pest");
        let lines: Vec<&str> = text.lines().collect();
        let mut found = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let Some((name, rest)) = line.split_once(" = ") else { continue };
            let is_rule = name.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
                && ["{", "_{", "@{", "${"].iter().any(|opener| rest.starts_with(opener));
            if is_rule {
                let example = index.checked_sub(1).and_then(|above| lines[above].strip_prefix("/// "));
                let example = example.map(|example| example.trim_matches('`').to_string());
                found.push((name.to_string(), example, rest.starts_with("_{")));
            }
        }
        found
    }

    #[test]
    fn every_rule_accepts_the_example_over_it() {
        let examples = examples();
        let mut wrong = Vec::new();
        for rule in Rule::all_rules() {
            let name = format!("{rule:?}");
            if name == "EOI" {
                continue;
            }
            match examples.iter().find(|(rule, ..)| *rule == name) {
                Some((_, Some(example), silent)) => match Grammar::parse(*rule, example) {
                    Ok(pairs) => {
                        // A silent rule leaves no node that says how far it came.
                        let end = pairs.last().map(|pair| pair.as_span().end());
                        if !silent && end != Some(example.len()) {
                            wrong.push(format!("{name}: only a part of `{example}`"));
                        }
                    }
                    Err(error) => wrong.push(format!("{name}: {error}")),
                },
                _ => wrong.push(format!("{name}: no example over it")),
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn the_policy_of_the_language_document_parses_whole() {
        let text = include_str!("../../../tests/policies/doggie.qual");
        let file = Grammar::parse(Rule::file, text).unwrap_or_else(|error| panic!("{error}"));
        let junk: Vec<String> = file
            .flatten()
            .filter(|pair| format!("{:?}", pair.as_rule()).starts_with("junk"))
            .map(|pair| pair.as_str().to_string())
            .collect();
        assert!(junk.is_empty(), "{junk:#?}");
    }
}
