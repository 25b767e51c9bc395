//! From a checked policy to a tree of SQL.

use super::tree::{From, Item, Query, Select, col};
use super::{Options, layout};
use crate::check::hir::Program;
use crate::diagnostic::Diagnostic;

pub(super) fn lower(program: &Program, options: &Options) -> Result<Query, Vec<Diagnostic>> {
    let mut result = Select::of(From::Table(options.leads.clone()), "l");
    for column in layout(program, options).leads {
        result.items.push(Item::new(col(&column.name), column.name));
    }
    Ok(Query { head: Vec::new(), parts: Vec::new(), result })
}
