//! Blocks as HTML.

use super::{Align, Block, Check, Fact, Figure, Mark, Row, Section, Signature, Span, Table, Text};
use maud::{Markup, PreEscaped, html};

/// Text as HTML.
pub fn text(text: &Text) -> Markup {
    html! {
        @for span in &text.spans {
            @match span {
                Span::Plain(words) => (words),
                Span::Code(code) => code { (code) },
                Span::Strong(words) => strong { (words) },
                Span::Quiet(words) => span.quiet { (words) },
                Span::Link { text, to } => a href=(format!("#{to}")) { (text) },
                Span::Break => br;,
            }
        }
    }
}

/// Blocks as HTML. The headings of sections begin at this level (2 below a page's title).
pub fn blocks(blocks: &[Block], level: u8) -> Markup {
    html! { @for block in blocks { (self::block(block, level)) } }
}

fn block(block: &Block, level: u8) -> Markup {
    match block {
        Block::Section(section) => self::section(section, level),
        Block::Paragraph(words) => html! { p { (text(words)) } },
        Block::Note(mark, words) => html! {
            div.note.(mark.class()) { (self::mark(*mark)) p { (text(words)) } }
        },
        Block::Items { ordered, items } => {
            let entries = html! { @for item in items { li { (text(item)) } } };
            if *ordered {
                html! { ol { (entries) } }
            } else {
                html! { ul { (entries) } }
            }
        }
        Block::Checks(checks) => html! { ul.checks { @for check in checks { (self::check(check)) } } },
        Block::Table(table) => self::table(table),
        Block::Facts(facts) => html! { dl { @for fact in facts { (self::fact(fact)) } } },
        Block::Code(code) => html! { pre tabindex="0" { code { (code) } } },
        Block::Fold { summary, blocks } => html! {
            details { summary { (text(summary)) } div { (self::blocks(blocks, level)) } }
        },
        Block::Figure(figure) => self::figure(figure),
        Block::Signatures(signatures) => html! {
            div.signatures { @for signature in signatures { (self::signature(signature)) } }
        },
    }
}

fn section(section: &Section, level: u8) -> Markup {
    let title = html! {
        (text(&section.title))
        @if let Some(name) = &section.name { " " code.name { (name) } }
    };
    let heading = match level {
        0..=2 => html! { h2 { (title) } },
        3 => html! { h3 { (title) } },
        4 => html! { h4 { (title) } },
        _ => html! { h5 { (title) } },
    };
    html! {
        section id=(section.anchor) { (heading) (blocks(&section.blocks, level.max(2) + 1)) }
    }
}

/// A mark: a sign for the eye, a word for the ear.
fn mark(mark: Mark) -> Markup {
    html! { span.mark.(mark.class()) role="img" aria-label=(mark.word()) { (mark.sign()) } }
}

fn check(check: &Check) -> Markup {
    html! {
        li class=[(check.mark == Mark::Bare).then_some("bare")] id=[check.anchor.as_ref()] {
            @if check.mark != Mark::Bare { (mark(check.mark)) }
            div {
                p.label { (text(&check.label)) }
                @if !check.words.is_empty() { p { (text(&check.words)) } }
                @if let Some(source) = &check.source { p.source { code { (source) } } }
            }
        }
    }
}

fn table(table: &Table) -> Markup {
    let align = |place: usize| match table.align.get(place) {
        Some(Align::Right) => Some("number"),
        Some(Align::Center) => Some("center"),
        _ => None,
    };
    html! {
        div.(if table.grid { "grid" } else { "cards" }) role="region" tabindex="0"
            aria-label=(table.caption.as_deref().unwrap_or("table")) {
            table {
                @if let Some(caption) = &table.caption { caption { (caption) } }
                thead { tr {
                    @for (place, column) in table.columns.iter().enumerate() {
                        @if column.is_empty() { td {} } @else { th scope="col" class=[align(place)] { (column) } }
                    }
                } }
                tbody { @for row in &table.rows { (self::row(table, row, &align)) } }
            }
        }
    }
}

fn row(table: &Table, row: &Row, align: &dyn Fn(usize) -> Option<&'static str>) -> Markup {
    html! {
        tr id=[row.anchor.as_ref()] class=[row.heavy.then_some("heavy")] {
            @for (place, cell) in row.cells.iter().enumerate() {
                @let depth = (place == 0 && row.depth > 0).then(|| format!("depth-{}", row.depth.min(4)));
                @if place == 0 && table.row_heads {
                    th scope="row" { (text(cell)) }
                } @else {
                    td class=[depth.as_deref().or(align(place))] data-label=[table.columns.get(place)] {
                        // A card is a grid of two: all that a cell holds is one of them.
                        div { (text(cell)) }
                    }
                }
            }
        }
    }
}

fn fact(fact: &Fact) -> Markup {
    html! { div id=[fact.anchor.as_ref()] { dt { (text(&fact.name)) } dd { (text(&fact.value)) } } }
}

fn figure(figure: &Figure) -> Markup {
    html! {
        figure {
            // The chart was written by a library that escapes its texts.
            (PreEscaped(figure.chart.svg()))
            @if let Some(caption) = &figure.caption { figcaption { (text(caption)) } }
        }
    }
}

fn signature(signature: &Signature) -> Markup {
    html! {
        div.signature {
            p.who { (signature.who) }
            @match &signature.on {
                Some(on) => p.agreed { (mark(Mark::Yes)) " agreed on " time datetime=(on) { (on) } },
                None => { p.line { span { "Name and signature" } } p.line.short { span { "Date" } } },
            }
        }
    }
}
