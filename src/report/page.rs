//! A page: what stands around the blocks.

use super::{Block, Section, Text, html, markdown};
use crate::base::is_hidden;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

/// A page with a title, sections and what identifies its content.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// What kind of page it is, small above the title.
    pub kind: Option<String>,
    /// What it says in a sentence or two.
    pub intro: Option<Text>,
    /// What stands with the title.
    pub head: Vec<Block>,
    /// Its sections.
    pub sections: Vec<Section>,
    /// Whether it opens with a table of its contents.
    pub contents: bool,
    /// What identifies the content, so that it can be made again: policy, version, digest, as-of, program.
    pub identity: Vec<(String, String)>,
}

impl Page {
    /// An empty page.
    pub fn new(title: impl Into<String>) -> Page {
        Page { title: title.into(), ..Page::default() }
    }

    /// What kind of page it is.
    pub fn kind(mut self, kind: impl Into<String>) -> Page {
        self.kind = Some(kind.into());
        self
    }

    /// What it says.
    pub fn intro(mut self, intro: impl Into<Text>) -> Page {
        self.intro = Some(intro.into());
        self
    }

    /// And a block before the first heading.
    pub fn block(mut self, block: impl Into<Block>) -> Page {
        self.head.push(block.into());
        self
    }

    /// And a section.
    pub fn section(mut self, section: Section) -> Page {
        self.sections.push(section);
        self
    }

    /// With a table of contents.
    pub fn contents(mut self) -> Page {
        self.contents = true;
        self
    }

    /// And something that identifies the content.
    pub fn identity(mut self, name: impl Into<String>, value: impl Into<String>) -> Page {
        self.identity.push((name.into(), value.into()));
        self
    }

    /// The page as one HTML file.
    pub fn html(&self) -> String {
        self.html_with(html! {})
    }

    /// As [`Page::html`], with what blocks cannot say behind the sections. [`maud`] escapes what is spliced into it.
    pub fn html_with(&self, more: Markup) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    // Nothing is loaded and nothing runs, whatever a text may hold.
                    meta http-equiv="Content-Security-Policy"
                        content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
                    meta name="generator" content=(concat!("qualify ", env!("CARGO_PKG_VERSION")));
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) (PreEscaped(super::chart::STYLE)) }
                }
                body class=[self.contents.then_some("with-contents")] {
                    a.skip href="#main" { "Skip to the content" }
                    header {
                        @if let Some(kind) = &self.kind { p.kind { (kind) } }
                        h1 { (self.title) }
                        @if let Some(intro) = &self.intro { p.intro { (html::text(intro)) } }
                        (html::blocks(&self.head, 2))
                    }
                    @if self.contents { (self.table_of_contents()) }
                    main id="main" {
                        @for section in &self.sections { (html::blocks(&[Block::Section(section.clone())], 2)) }
                        (more)
                    }
                    footer {
                        dl { @for (name, value) in &self.identity { div { dt { (name) } dd { (value) } } } }
                    }
                }
            }
        };
        let page = page.into_string();
        if !page.contains(hidden) {
            return page;
        }
        let mut out = String::with_capacity(page.len() + 64);
        for c in page.chars() {
            if hidden(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
        }
        out
    }

    fn table_of_contents(&self) -> Markup {
        html! {
            nav aria-label="Contents" {
                p.quiet { "Contents" }
                ol { @for section in &self.sections {
                    li {
                        a href=(format!("#{}", section.anchor)) { (section.title.plain()) }
                        @let below: Vec<&Section> = subsections(section).collect();
                        @if !below.is_empty() {
                            ol { @for section in below {
                                li { a href=(format!("#{}", section.anchor)) { (section.title.plain()) } }
                            } }
                        }
                    }
                } }
            }
        }
    }

    /// The page as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        out.push_str(&format!("# {}\n\n", markdown::escape(&self.title)));
        if let Some(kind) = &self.kind {
            out.push_str(&format!("*{}*\n\n", markdown::escape(kind)));
        }
        if let Some(intro) = &self.intro {
            out.push_str(&format!("{}\n\n", markdown::text(intro)));
        }
        out.push_str(&markdown::blocks(&self.head, 2));
        if self.contents {
            out.push_str("## Contents\n\n");
            for section in &self.sections {
                out.push_str(&format!("- {}\n", markdown::link(&section.title.plain(), &section.anchor)));
                for section in subsections(section) {
                    out.push_str(&format!("  - {}\n", markdown::link(&section.title.plain(), &section.anchor)));
                }
            }
            out.push('\n');
        }
        for section in &self.sections {
            out.push_str(&markdown::blocks(&[Block::Section(section.clone())], 2));
        }
        if !self.identity.is_empty() {
            out.push_str("---\n\n");
            for (name, value) in &self.identity {
                out.push_str(&format!("- {}: {}\n", markdown::escape(name), markdown::escape(value)));
            }
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }
}

fn subsections(section: &Section) -> impl Iterator<Item = &Section> {
    section.blocks.iter().filter_map(|block| match block {
        Block::Section(section) => Some(section),
        _ => None,
    })
}

/// What markup of ours never holds and no reader shall miss.
fn hidden(c: char) -> bool {
    is_hidden(c) && c != '\n'
}
