//! Pages and charts: sound for whatever text they are given, and all kinds of blocks in both forms.

#[path = "../support/page.rs"]
mod page;

use page::Seen;
use qualify::report::chart::{Bar, Bars, Ladder, Period, Rung, Steps, Tone, days};
use qualify::report::{Block, Check, Fact, Figure, Mark, Page, Row, Section, Signature, Table, Text};

const DAY: i64 = 86_400_000;

/// A page with a block of every kind, made of these words.
fn gallery(words: &str) -> Page {
    let mut points = Table::new(["Rule", "What earns points", "Points"]).number(2).caption(format!("Points {words}"));
    points.row(["Email".into(), Text::new(words), Text::new("0 to 25")]).anchor("group-email").heavy();
    points.row([Text::new(words).line().code("opens"), Text::of_code(words), "+5".into()]).anchor("rule-x").depth(1);
    let mut matrix = Table::new(["", "Cold", words, "Hot"]).grid();
    matrix.row(["Fits", "P3", "P2", words]);
    matrix.row(["Fails", "P4", "P4", "P4"]);
    let check = |mark, label: &str| Check {
        anchor: None,
        mark,
        label: Text::new(label),
        words: Text::new("the country is United States, or ").strong(words).then("."),
        source: Some(format!("country is \"{words}\"")),
    };
    let checks = vec![
        check(Mark::Open, words),
        check(Mark::Yes, "Lives in the US"),
        check(Mark::No, "Owns a dog"),
        check(Mark::Unknown, "Makes $100k a year or more"),
        check(Mark::Bare, words),
    ];
    Page::new(format!("Doggie Delights {words}"))
        .kind("Lead policy")
        .intro(Text::new("Who fits, what behaviour is worth, where the lines are. ").and(words))
        .contents()
        .identity("Policy", format!("Doggie Delights, version 2026.4 {words}"))
        .identity("Digest", "sha256:7f0c")
        .section(
            Section::new("Ideal customer", "fit-icp")
                .named("icp")
                .text("All three must hold.")
                .block(Block::Checks(checks))
                .block(Block::note(Mark::Warning, Text::new("Take care: ").link(words, "score-engagement"))),
        )
        .section(
            Section::new("Engagement", "score-engagement")
                .block(points)
                .block(Section::new(words, "sub").block(Block::fold(words, vec![Block::items([words, "b"])])))
                .block(matrix)
                .block(Block::Facts(vec![Fact::new(words, words).at("fact"), Fact::new("b", Text::of_code("x"))]))
                .block(Block::ordered([words, "second"]))
                .block(Block::Code(format!("policy\n{words}"))),
        )
        .section(charts(words))
        .section(Section::new("Signatures", "signatures").block(Block::Signatures(vec![
            Signature { who: format!("marketing {words}"), on: Some("2026-10-01".to_owned()) },
            Signature { who: "sales".to_owned(), on: None },
        ])))
}

fn charts(words: &str) -> Section {
    let range = Bars::new("Engagement", 0.0, 100.0)
        .bar(
            Bar::new("Engagement", "0 to 85 of 0 to 100", 0.0, 85.0)
                .threshold(20.0, "Warm 20")
                .threshold(30.0, "MQL 30")
                .threshold(50.0, words),
        )
        .chart("between 0 and 85");
    let waterfall = Bars::new("Points", 0.0, 0.0)
        .bar(Bar::new("Reads our emails", "+25", 0.0, 25.0).tone(Tone::Good))
        .bar(Bar::new(words, words, 25.0, 45.0).tone(Tone::Good))
        .bar(Bar::new("Gone quiet", "-15", 45.0, 30.0).tone(Tone::Bad))
        .bar(Bar::new("Lead score", "30", 0.0, 30.0).tone(Tone::Total))
        .connected()
        .chart(words);
    let start = 1_780_000_000_000;
    let mut steps = Steps::new("Score over time", start, start + 200 * DAY)
        .between(0.0, 60.0)
        .threshold(30.0, "MQL 30")
        .threshold(50.0, words)
        .ticks(days(start, start + 200 * DAY, 6))
        .now(start + 150 * DAY, "today");
    for (day, value) in [(0, 0.0), (20, 10.0), (40, 35.0), (41, 52.0), (90, 38.0), (130, 22.0), (170, 12.0)] {
        steps = steps.point(start + day * DAY, value);
    }
    for (rank, (label, from, to)) in [("Lead", 0, 40), ("MQL", 40, 130), (words, 130, 200)].into_iter().enumerate() {
        steps = steps.period(Period { from: start + from * DAY, to: start + to * DAY, label: label.to_owned(), rank });
    }
    let ladder = Ladder::new("Stages")
        .rung(Rung::new("Lead", "everyone"))
        .rung(Rung::new("Marketing qualified lead", "Ideal customer fits, lead score 30 or more").here())
        .rung(Rung::new(words, words).after(1))
        .rung(Rung::new("Sales qualified lead", "a discovery call within 60 days").after(2))
        .chart("four stages");
    Section::new("Charts", "charts")
        .block(Figure::new(range).caption("The range that leads can reach."))
        .block(Figure::new(waterfall).instead(Block::text("a table instead")))
        .block(Figure::new(steps.chart("rises to 52, falls to 12")))
        .block(Figure::new(ladder))
}

const HOSTILE: [&str; 12] = [
    "plain",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "](javascript:alert(1))",
    "| a | b |\n| --- | --- |\n# heading",
    "`code` ``` **bold** _it_ ~~x~~ <!-- comment",
    "\u{202e}reversed\u{202c} \0 \u{1b}[2J \u{200b}",
    "]]> </style></svg></title> &lt;b&gt; &#x3c;",
    "[x]: https://evil.example 'y'",
    "- item\n\n    code\n\n> quote\n\n1. one",
    "",
];

#[test]
fn pages_are_sound_whatever_they_say() {
    for words in HOSTILE {
        let page = gallery(words).html();
        Seen::of(&page).sound();
    }
    if let Ok(path) = std::env::var("REPORT_GALLERY") {
        std::fs::write(path, gallery("Dog owners").html()).expect("a file");
    }
}

#[test]
fn a_page_shows_what_it_was_given() {
    let words = "<b>&amp; \"quoted\" |x| `y`";
    let seen = Seen::of(&gallery(words).html());
    assert!(seen.text.matches(words).count() >= 12, "{}", seen.text);
}

#[test]
fn charts_stand_alone() {
    for words in HOSTILE {
        let section = charts(words);
        for block in &section.blocks {
            let Block::Figure(figure) = block else { continue };
            let mut reader = quick_xml::Reader::from_str(Box::leak(figure.chart.file().into_boxed_str()));
            reader.config_mut().check_comments = true;
            let mut texts = 0;
            loop {
                match reader.read_event().expect("XML") {
                    quick_xml::events::Event::Eof => break,
                    quick_xml::events::Event::Text(_) => texts += 1,
                    _ => {}
                }
            }
            assert!(texts > 2);
        }
    }
}

/// In Markdown, what a text says is seen as it is: markers, links and tags in it are escaped.
#[test]
fn markdown_holds_no_markup_of_its_texts() {
    let plain: Vec<String> = page::of_markdown(&gallery("plain").markdown()).elements;
    for words in HOSTILE {
        let markdown = gallery(words).markdown();
        let seen = page::of_markdown(&markdown);
        seen.inert();
        if !words.is_empty() {
            assert_eq!(seen.elements, plain, "{words:?} in\n{markdown}");
        }
    }
    let words = "<b>&amp; \"quoted\" |x| `y` *z* [l](m)";
    let seen = page::of_markdown(&gallery(words).markdown());
    assert!(seen.text.matches(words).count() >= 12, "{}", seen.text);
}

#[test]
fn a_row_fits_its_table() {
    let mut table = Table::new(["a", "b"]);
    let row: &mut Row = table.row(["1", "2", "3"]);
    assert_eq!(row.cells.len(), 2);
    assert_eq!(table.row(["1"]).cells.len(), 2);
}
