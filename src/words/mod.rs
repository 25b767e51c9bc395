//! What a policy says in plain English: values, conditions and questions about events as people read them aloud.

mod conditions;
mod events;
mod names;
mod source;
mod spoken;
mod values;

pub use names::{Words, anchor_of, field_words};
pub use source::source;
pub use spoken::Spoken;
pub use values::{
    amount, bare_choice, clock, duration, factor, grouped, minute, number, period, plural, show_value, spoken_value,
    thousands, unit, window,
};

use crate::report::Text;

/// A text as a sentence of its own: it begins with a capital letter and ends with a full stop.
pub fn sentence(text: Text) -> Text {
    use crate::report::Span;
    let mut text = text;
    for span in &mut text.spans {
        let Span::Plain(words) = span else { break };
        let (open, rest) = words.split_at(words.len() - words.trim_start_matches('(').len());
        if let Some(letter) = rest.chars().next() {
            *words = open.chars().chain(letter.to_uppercase()).chain(rest.chars().skip(1)).collect();
            break;
        }
    }
    if text.is_empty() || text.plain().ends_with(['.', '!', '?', '…']) { text } else { text.then(".") }
}
