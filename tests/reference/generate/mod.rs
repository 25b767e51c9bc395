//! Random policies and leads: the same ones for the same seeds.

mod data;
mod declare;
mod expr;
mod minimise;
mod points;
mod pools;
mod rng;
mod schema;
mod when;

pub use data::lead;
pub use minimise::{minimise, minimise_lead};
pub use rng::Rng;
pub use schema::Schema;

use std::collections::HashMap;

/// A random policy.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Its text.
    pub text: String,
    /// What leads for it are made from, and its as-of.
    pub schema: Schema,
}

impl Generated {
    /// The entries of the lists that come from files, by the list's name.
    pub fn lists(&self) -> HashMap<String, Vec<String>> {
        let from_files = self.schema.lists.iter().filter(|list| list.file.is_some());
        from_files.map(|list| (list.name.clone(), list.entries.clone())).collect()
    }

    /// The files of lists, by their path.
    pub fn files(&self) -> HashMap<String, String> {
        let file = |list: &schema::List| Some((list.file.clone()?, list.entries.join("\n") + "\n"));
        self.schema.lists.iter().filter_map(file).collect()
    }
}

/// What a policy is made with.
pub(crate) struct Gen {
    rng: Rng,
    size: usize,
    schema: Schema,
    /// What was declared so far and can be named, with its type.
    declared: Vec<(String, &'static str)>,
    constants: Vec<String>,
    bands: Vec<(String, Vec<String>)>,
    matrices: Vec<(String, Vec<String>)>,
    reasons: Vec<String>,
    stage_is_ready: bool,
    /// Whether there is a list of numbers, `numbers`.
    has_numbers: bool,
    /// Whether there is a constant `half`.
    has_half: bool,
}

/// A random policy; `size` from 1 (small) up.
pub fn policy(seed: u64, size: usize) -> Generated {
    let mut rng = Rng::new(seed);
    let schema = Schema::new(&mut rng, size);
    let mut made = Gen {
        rng,
        size,
        schema,
        declared: Vec::new(),
        constants: Vec::new(),
        bands: Vec::new(),
        matrices: Vec::new(),
        reasons: Vec::new(),
        stage_is_ready: false,
        has_numbers: false,
        has_half: false,
    };
    let items = made.items();
    Generated { text: items.join("\n\n") + "\n", schema: made.schema }
}
