//! What all pages share: blocks of text that become Markdown or one self-contained HTML page, and charts.
//!
//! A page is built as plain data and rendered last. Text is escaped by construction: what a caller hands over is text,
//! never markup, in both forms; characters that hide or reorder text are shown as `\u{202e}`. An HTML page needs no
//! script and nothing from elsewhere, follows light and dark, prints well and reads at 360 pixels.
//!
//! ```
//! use qualify::report::{Block, Mark, Page, Section, Table, Text};
//!
//! let mut table = Table::new(["Rule", "Points"]).number(1);
//! table.row(["Reads <our> emails", "35"]).anchor("rule-engagement-opens");
//!
//! let page = Page::new("Why Todd is an MQL")
//!     .intro("All that the policy says of one lead.")
//!     .identity("policy", "Doggie Delights 2026.4")
//!     .section(
//!         Section::new("Points", "points")
//!             .text(Text::new("The nets add up to ").strong("35").then("."))
//!             .block(table)
//!             .block(Block::note(Mark::Unknown, "Ask for `country`.")),
//!     );
//!
//! let html = page.html();
//! assert!(html.contains("<tr id=\"rule-engagement-opens\">") && html.contains("Reads &lt;our&gt; emails"));
//! let markdown = page.markdown();
//! assert!(markdown.contains("Reads \\<our\\> emails | 35 |"));
//! ```
//!
//! Pages that these blocks cannot say are written with [`maud`], which escapes as well, and put into the same shell:
//! [`Page::html_with`].

pub mod chart;

mod anchor;
mod block;
mod html;
mod markdown;
mod page;
mod text;

pub use anchor::{Anchors, anchor, slug};
pub use block::{Align, Block, Check, Fact, Figure, Mark, Row, Section, Signature, Table};
pub use html::{blocks as html_blocks, text as html_text};
pub use markdown::{blocks as markdown_blocks, code as markdown_code, escape as markdown_escape};
pub use page::Page;
pub use text::{Span, Text};
