//! The head of the document, and where it is signed.

use super::Doc;
use crate::check::hir::Meta;
use crate::model::time::{Length, from_days};
use crate::report::{Block, Fact, Mark, Page, Section, Signature, Text};
use crate::syntax::ast::Unit;
use jiff::civil::Date;

impl Doc<'_> {
    /// Title, what it is, who owns it, whether it is signed.
    pub(super) fn head(&self) -> Page {
        let meta = &self.program.meta;
        let digest = self.program.digest();
        let mut facts = vec![Fact::new("Version", meta.version.as_deref().unwrap_or("none is named"))];
        match meta.owners.as_slice() {
            [] => facts.push(Fact::new("Owner", "nobody is named")),
            owners => facts.push(Fact::new("Owner", owners.join(", "))),
        }
        facts.push(Fact::new("Agreed by", agreed(meta)));
        facts.push(Fact::new("Review", review(meta)));
        facts.push(Fact::new("Days and months", format!("in the time zone {}", self.program.zone.name())));
        let overridden = self.program.overridden();
        let mut page = Page::new(&meta.label)
            .kind("Lead qualification policy")
            .intro(
                "Who is a good customer, what people do and what that is worth, and when a lead moves on. Made from the \
                 policy itself: what is read here is what happens to every lead.",
            )
            .block(Block::Facts(facts));
        if !overridden.is_empty() {
            let list = overridden.iter().map(Text::of_code);
            let changed = Text::new("This document was made with other values than the policy holds: ")
                .and(Text::joined(list, ", "))
                .then(".");
            page = page.block(Block::note(Mark::Warning, changed));
        }
        let missing: Vec<String> =
            signers(meta).into_iter().filter(|signer| signer.on.is_none()).map(|signer| signer.who).collect();
        if !missing.is_empty() {
            let text = Text::new("Not signed yet by ").strong(missing.join(", ")).then(". There is room to sign ");
            page = page.block(Block::note(Mark::Info, text.link("on this page", "signatures").then(".")));
        }
        let version = meta.version.as_ref().map_or_else(String::new, |version| format!(", version {version}"));
        page = page.identity("Policy", format!("{}{version}", meta.label)).identity("Digest", digest.to_string());
        if !overridden.is_empty() {
            page = page.identity("Changed values", overridden.join(", "));
        }
        page.identity("Made by", concat!("qualify ", env!("CARGO_PKG_VERSION")))
    }

    /// Who agreed, and lines for who has not.
    pub(super) fn signatures(&self) -> Section {
        let digest = self.program.digest().short();
        let meta = &self.program.meta;
        let version = meta.version.as_ref().map_or_else(String::new, |version| format!(" version {version}"));
        Section::new("Signatures", "signatures")
            .text(
                Text::new("Who signs agrees to ")
                    .strong(format!("{}{version}", meta.label))
                    .then(" as it stands here, digest ")
                    .code(digest)
                    .then(". Another digest is another policy."),
            )
            .block(Block::Signatures(signers(meta)))
    }
}

/// Everybody who agreed, every owner who has not, and marketing and sales when nobody speaks for them.
fn signers(meta: &Meta) -> Vec<Signature> {
    let mut out: Vec<Signature> = Vec::new();
    for (who, on) in &meta.agreed {
        out.push(Signature { who: who.clone(), on: Some(from_days(*on).to_string()) });
    }
    let known = |out: &[Signature], who: &str| out.iter().any(|signer| signer.who.eq_ignore_ascii_case(who));
    let teams: &[&str] = if meta.agreed.len() < 2 { &["marketing", "sales"] } else { &[] };
    let owners = meta.owners.iter().map(String::as_str).filter(|_| meta.agreed.is_empty());
    for who in owners.chain(teams.iter().copied()) {
        if !known(&out, who) {
            out.push(Signature { who: who.to_owned(), on: None });
        }
    }
    out
}

fn agreed(meta: &Meta) -> String {
    let agreed: Vec<String> = meta.agreed.iter().map(|(who, on)| format!("{who} on {}", from_days(*on))).collect();
    if agreed.is_empty() { "nobody yet".to_owned() } else { agreed.join(", ") }
}

fn review(meta: &Meta) -> String {
    let Some((every, last)) = &meta.review else { return "no date is set".to_owned() };
    match last {
        Some(last) => {
            let last = from_days(*last);
            let due = due(last, *every).map_or_else(String::new, |due| format!(", due by {due}"));
            format!("every {every}, last on {last}{due}")
        }
        None => format!("every {every}"),
    }
}

/// The day of the next review.
fn due(last: Date, every: Length) -> Option<Date> {
    let count = i64::from(every.count);
    let span = match every.unit {
        Unit::Year => jiff::Span::new().try_years(count),
        Unit::Month => jiff::Span::new().try_months(count),
        Unit::Week => jiff::Span::new().try_weeks(count),
        Unit::Day => jiff::Span::new().try_days(count),
        Unit::Hour | Unit::Minute => return None,
    };
    last.checked_add(span.ok()?).ok()
}
