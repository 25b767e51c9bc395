//! Text on a page: plain words with code, stress and links between them.

/// A piece of [`Text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Plain(String),
    /// Policy text, a name: `country is "US"`.
    Code(String),
    /// What must be seen first.
    Strong(String),
    /// What may be read later.
    Quiet(String),
    /// A link to an anchor of the page.
    Link {
        /// What is read.
        text: String,
        /// The anchor, without `#`.
        to: String,
    },
    /// A new line.
    Break,
}

/// Words on a page. Any text turns into it; nothing in it is markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Its pieces, in order.
    pub spans: Vec<Span>,
}

impl Text {
    /// Plain words.
    pub fn new(words: impl Into<String>) -> Text {
        Text::default().then(words)
    }

    /// Code alone.
    pub fn of_code(code: impl Into<String>) -> Text {
        Text::default().code(code)
    }

    /// A link alone.
    pub fn of_link(text: impl Into<String>, to: impl Into<String>) -> Text {
        Text::default().link(text, to)
    }

    /// And plain words.
    pub fn then(mut self, words: impl Into<String>) -> Text {
        let words = words.into();
        if !words.is_empty() {
            self.spans.push(Span::Plain(words));
        }
        self
    }

    /// And code.
    pub fn code(mut self, code: impl Into<String>) -> Text {
        self.spans.push(Span::Code(code.into()));
        self
    }

    /// And stressed words.
    pub fn strong(mut self, words: impl Into<String>) -> Text {
        self.spans.push(Span::Strong(words.into()));
        self
    }

    /// And words in a low voice.
    pub fn quiet(mut self, words: impl Into<String>) -> Text {
        self.spans.push(Span::Quiet(words.into()));
        self
    }

    /// And a link to an anchor of this page.
    pub fn link(mut self, text: impl Into<String>, to: impl Into<String>) -> Text {
        self.spans.push(Span::Link { text: text.into(), to: to.into() });
        self
    }

    /// And a new line.
    pub fn line(mut self) -> Text {
        self.spans.push(Span::Break);
        self
    }

    /// And other text.
    pub fn and(mut self, other: impl Into<Text>) -> Text {
        self.spans.extend(other.into().spans);
        self
    }

    /// Texts with a separator between them.
    pub fn joined(texts: impl IntoIterator<Item = Text>, separator: &str) -> Text {
        let mut out = Text::default();
        for (place, text) in texts.into_iter().enumerate() {
            if place > 0 {
                out = out.then(separator);
            }
            out = out.and(text);
        }
        out
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The words alone.
    pub fn plain(&self) -> String {
        let words = self.spans.iter().map(|span| match span {
            Span::Plain(text) | Span::Code(text) | Span::Strong(text) | Span::Quiet(text) => text.as_str(),
            Span::Link { text, .. } => text.as_str(),
            Span::Break => " ",
        });
        words.collect()
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Text {
        Text::new(words)
    }
}

impl From<String> for Text {
    fn from(words: String) -> Text {
        Text::new(words)
    }
}

impl From<&String> for Text {
    fn from(words: &String) -> Text {
        Text::new(words.as_str())
    }
}
