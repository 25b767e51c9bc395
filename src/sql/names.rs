//! Names of columns and parts that are told apart by every engine.

use std::collections::HashSet;

/// The longest name that every engine keeps whole.
const LONGEST: usize = 60;

/// Names that were given out; case does not tell them apart.
#[derive(Debug, Default)]
pub struct Names {
    given: HashSet<String>,
}

impl Names {
    /// This name, or one like it when it is taken or too long.
    pub fn unique(&mut self, wanted: &str) -> String {
        let readable: String =
            wanted.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
        let mut name: String = readable.chars().take(LONGEST - 4).collect();
        if readable.len() <= LONGEST {
            name.clone_from(&readable);
        }
        let base = name.clone();
        let mut number = 1;
        while !self.given.insert(name.to_ascii_lowercase()) {
            number += 1;
            name = format!("{}_{number}", base.chars().take(LONGEST - 6).collect::<String>());
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        let mut names = Names::default();
        assert_eq!(names.unique("a.b"), "a_b");
        assert_eq!(names.unique("A_b"), "A_b_2");
        let long = "x".repeat(100);
        assert!(names.unique(&long).len() <= 60);
        assert!(names.unique(&long).len() <= 60);
    }
}
