//! What a policy says in plain English: values, conditions and questions about events as people read them aloud.

mod conditions;
mod events;
mod names;
mod source;
mod values;

pub use names::{Words, anchor_of};
pub use source::source;
pub use values::{
    amount, bare_choice, clock, duration, factor, grouped, number, period, plural, show_value, unit, window,
};

use crate::report::Text;

/// A text as a sentence of its own: it begins with a capital letter and ends with a full stop.
pub fn sentence(text: Text) -> Text {
    use crate::report::Span;
    let mut text = text;
    if let Some(Span::Plain(first)) = text.spans.first_mut()
        && let Some(letter) = first.chars().next().filter(|letter| letter.is_lowercase())
    {
        let rest: String = first.chars().skip(1).collect();
        *first = letter.to_uppercase().chain(rest.chars()).collect();
    }
    if text.is_empty() || text.plain().ends_with(['.', '!', '?', '…']) { text } else { text.then(".") }
}
