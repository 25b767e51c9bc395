//! The index of a folder of explanations.

use crate::report::{Page, markdown_escape};
use maud::html;

/// An index as Markdown: of each lead its key, its file, its stage and its scores.
pub fn markdown_index(leads: &[[&str; 4]]) -> String {
    let mut out = "# Explanations\n\n| Lead | Stage | Score |\n| --- | --- | --- |\n".to_owned();
    for [key, file, stage, scores] in leads {
        let [key, stage, scores] = [key, stage, scores].map(|text| markdown_escape(text));
        out.push_str(&format!("| [{key}]({file}) | {stage} | {scores} |\n"));
    }
    out
}

/// An index as a page, with a link to each file.
pub fn html_index(leads: &[[&str; 4]]) -> String {
    let table = html! {
        div.cards role="region" tabindex="0" aria-label="Leads" {
            table {
                thead { tr { @for head in ["Lead", "Stage", "Score"] { th scope="col" { (head) } } } }
                tbody { @for [key, file, stage, scores] in leads {
                    tr {
                        td data-label="Lead" { div { a href=(file) { (key) } } }
                        td data-label="Stage" { div { (stage) } }
                        td data-label="Score" { div { (scores) } }
                    }
                } }
            }
        }
    };
    Page::new("Explanations").html_with(table)
}
