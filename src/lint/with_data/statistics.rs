//! What real leads look like under a policy.

/// What real leads look like under a policy, gathered in one pass over them.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// How many leads were read.
    pub leads: u64,
}
