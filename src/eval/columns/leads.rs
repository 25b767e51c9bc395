//! The leads of a block, which need not be there before one is asked for.

use crate::model::Lead;
use bumpalo::Bump;
use std::cell::OnceCell;
use std::fmt;

/// Some leads: those that are there already, or those that are made once something asks for one.
#[derive(Clone, Copy)]
pub struct Leads<'a> {
    count: usize,
    from: From<'a>,
}

#[derive(Clone, Copy)]
enum From<'a> {
    Made(&'a [Lead<'a>]),
    Later(&'a Later<'a>),
}

struct Later<'a> {
    made: OnceCell<&'a [Lead<'a>]>,
    make: &'a dyn Fn() -> &'a [Lead<'a>],
}

impl<'a> Leads<'a> {
    /// Leads that are made when the first is asked for. So many of them `make` has to give.
    pub fn later(count: usize, arena: &'a Bump, make: impl Fn() -> &'a [Lead<'a>] + 'a) -> Leads<'a> {
        let later = Later { made: OnceCell::new(), make: arena.alloc(make) };
        Leads { count, from: From::Later(arena.alloc(later)) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The leads themselves.
    pub fn all(&self) -> &'a [Lead<'a>] {
        match self.from {
            From::Made(leads) => leads,
            From::Later(later) => later.made.get_or_init(later.make),
        }
    }
}

impl<'a> std::convert::From<&'a [Lead<'a>]> for Leads<'a> {
    fn from(leads: &'a [Lead<'a>]) -> Leads<'a> {
        Leads { count: leads.len(), from: From::Made(leads) }
    }
}

impl fmt::Debug for Leads<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.from {
            From::Made(leads) => leads.fmt(f),
            From::Later(_) => write!(f, "{} leads", self.count),
        }
    }
}
