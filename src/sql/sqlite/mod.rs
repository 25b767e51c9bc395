//! What SQLite does not know by itself, said in SQL.

pub mod clock;
pub mod domain;
pub mod letters;
pub mod numbers;
pub mod zone_changes;

use super::tree::{Sql, raw};

/// An expression that a template names more than once, worked out once.
pub fn bound(value: Sql, name: &str, template: &str) -> Sql {
    if value.is_simple() {
        let times = template.matches(name).count();
        return raw(&template.replace(name, "{}"), std::iter::repeat_n(value, times));
    }
    raw(&format!("(SELECT {template} FROM (SELECT {{}} AS {name}))"), [value])
}
