//! Reading a page that the program made as strictly as a browser's tokenizer can.
#![allow(dead_code, reason = "each suite uses a part of it")]

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, EndTag, StartTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// What stands on a page.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Elements, in the order of their start tags.
    pub elements: Vec<String>,
    /// Every attribute: element, name, value.
    pub attributes: Vec<(String, String, String)>,
    /// All text but that of styles, with a blank for each tag.
    pub text: String,
    /// What a browser would mend, and elements that are not closed in their order.
    pub errors: Vec<String>,
    open: Vec<String>,
    line: u64,
}

/// Reads Markdown as GitHub would show it.
pub fn of_markdown(markdown: &str) -> Seen {
    use pulldown_cmark::Options;
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(markdown, options));
    Seen::of(&html)
}

const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

impl Seen {
    /// Reads a whole page.
    pub fn of(page: &str) -> Seen {
        let tokenizer =
            Tokenizer::new(Sink::default(), TokenizerOpts { exact_errors: true, ..TokenizerOpts::default() });
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(page));
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        let mut seen = tokenizer.sink.0.into_inner();
        let open = std::mem::take(&mut seen.open);
        seen.errors.extend(open.into_iter().map(|name| format!("<{name}> is not closed")));
        seen
    }

    /// The values of an attribute.
    pub fn values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.attributes.iter().filter(move |(_, attribute, _)| attribute == name).map(|(_, _, value)| value.as_str())
    }

    /// Panics unless the page is well formed, stands alone, runs nothing, and every link leads to one place on it.
    pub fn sound(&self) {
        assert!(self.errors.is_empty(), "{:#?}", self.errors);
        let mut ids = BTreeSet::new();
        for id in self.values("id") {
            assert!(ids.insert(id), "the anchor {id} stands twice");
            assert!(!id.contains(char::is_whitespace) && !id.is_empty(), "the anchor {id:?}");
        }
        for link in self.values("href") {
            let to = link.strip_prefix('#').unwrap_or_else(|| panic!("{link} leads off the page"));
            assert!(ids.contains(to), "{link} leads nowhere");
        }
        for (element, name, value) in &self.attributes {
            assert!(!name.starts_with("on"), "{element} has {name}={value:?}");
            assert!(
                !["src", "srcset", "action", "formaction", "data", "xlink:href"].contains(&name.as_str()),
                "{name}"
            );
        }
        for banned in ["script", "iframe", "object", "embed", "link", "base", "form", "foreignObject", "foreignobject"]
        {
            assert!(!self.elements.iter().any(|element| element == banned), "<{banned}> on the page");
        }
        assert_eq!(self.elements.iter().filter(|element| *element == "h1").count(), 1, "one title");
        assert_eq!(self.elements.iter().filter(|element| *element == "main").count(), 1, "one main part");
        let hidden: Vec<char> = self.text.chars().filter(|c| qualify::base::is_hidden(*c) && *c != '\n').collect();
        assert!(hidden.is_empty(), "hidden characters {hidden:?}");
        self.headings();
    }

    /// Panics unless Markdown that was read holds what our own blocks make of text, and nothing else.
    pub fn inert(&self) {
        let ours = [
            "a",
            "blockquote",
            "br",
            "code",
            "details",
            "em",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "input",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "summary",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ];
        for element in &self.elements {
            assert!(ours.contains(&element.as_str()), "<{element}>");
        }
        let ids: BTreeSet<&str> = self.values("id").collect();
        for (element, name, value) in &self.attributes {
            let good = match (element.as_str(), name.as_str()) {
                ("a", "id") => true,
                ("a", "href") => {
                    value.strip_prefix('#').is_some_and(|to| ids.contains(to) || ids.contains(&*decoded(to)))
                }
                ("input", "type" | "disabled" | "checked") | ("td" | "th", "style") => true,
                ("code", "class") | ("ol", "start") => true,
                _ => false,
            };
            assert!(good, "<{element} {name}={value:?}>");
        }
        assert!(!self.text.contains(|c| qualify::base::is_hidden(c) && c != '\n'));
    }

    /// No level of headings is left out.
    fn headings(&self) {
        let mut last = 0;
        for element in &self.elements {
            let level = match element.as_str() {
                "h1" => 1,
                "h2" => 2,
                "h3" => 3,
                "h4" => 4,
                "h5" => 5,
                _ => continue,
            };
            assert!(level <= last + 1, "h{level} after h{last}");
            last = level;
        }
    }
}

#[derive(Default)]
struct Sink(RefCell<Seen>);

impl Sink {
    fn tag(&self, tag: Tag) -> TokenSinkResult<()> {
        let mut seen = self.0.borrow_mut();
        seen.text.push(' ');
        let name = tag.name.to_string();
        if tag.kind == EndTag {
            let open = seen.open.pop();
            if open.as_deref() != Some(name.as_str()) {
                let line = seen.line;
                seen.errors.push(format!("line {line}: </{name}> closes {open:?}"));
            }
            return TokenSinkResult::Continue;
        }
        if tag.had_duplicate_attributes {
            seen.errors.push(format!("<{name}> has an attribute twice"));
        }
        for attribute in &tag.attrs {
            let value = (name.clone(), attribute.name.local.to_string(), attribute.value.to_string());
            seen.attributes.push(value);
        }
        seen.elements.push(name.clone());
        let in_chart = seen.open.iter().any(|open| open == "svg");
        if !VOID.contains(&name.as_str()) && !(tag.self_closing && (in_chart || name == "svg")) {
            seen.open.push(name.clone());
        }
        match (tag.kind == StartTag && !in_chart, name.as_str()) {
            (true, "style") => TokenSinkResult::RawData(RawKind::Rawtext),
            (true, "title") => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        self.0.borrow_mut().line = line;
        match token {
            Token::TagToken(tag) => return self.tag(tag),
            Token::CharacterTokens(text) => {
                let mut seen = self.0.borrow_mut();
                if seen.open.last().is_none_or(|open| open != "style") {
                    seen.text.push_str(&text);
                }
            }
            Token::NullCharacterToken => self.0.borrow_mut().errors.push("a null".to_owned()),
            Token::ParseError(error) => self.0.borrow_mut().errors.push(format!("line {line}: {error}")),
            Token::CommentToken(_) | Token::DoctypeToken(_) | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}

/// A link's percent signs read back.
fn decoded(link: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = link.bytes();
    while let Some(byte) = rest.next() {
        let mut hex = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        match byte {
            b'%' => bytes.push((hex().unwrap_or(0) * 16 + hex().unwrap_or(0)) as u8),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
