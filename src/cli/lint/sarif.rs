//! Findings as SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use super::report::{Found, Linted};
use crate::base::{SourceMap, Span};
use crate::diagnostic::{Fix, Severity};
use crate::lint::{Lint, all, docs};
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Fix as SarifFix, Location, LogicalLocation, Message,
    MultiformatMessageString, PhysicalLocation, Region, Replacement, ReportingConfiguration, ReportingDescriptor,
    Result as SarifResult, ResultLevel, Run, Sarif, Tool, ToolComponent,
};
use std::collections::BTreeMap;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log of a run.
pub fn log(linted: &[Linted]) -> Sarif {
    let mut rules: Vec<ReportingDescriptor> = all().map(rule).collect();
    for found in linted.iter().flat_map(|policy| &policy.found) {
        let code = found.diagnostic.code;
        if !rules.iter().any(|rule| rule.id == code) {
            rules.push(ReportingDescriptor::builder().id(code).build());
        }
    }
    let places: BTreeMap<String, i64> = rules.iter().zip(0..).map(|(rule, place)| (rule.id.clone(), place)).collect();
    let results = linted.iter().flat_map(|policy| policy.found.iter().map(|found| result(found, policy, &places)));
    let driver =
        ToolComponent::builder().name("qualify").semantic_version(env!("CARGO_PKG_VERSION")).rules(rules).build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind(json!("unicodeCodePoints"))
        .results(results.collect::<Vec<_>>())
        .build();
    Sarif::builder().schema(SCHEMA).version(json!("2.1.0")).runs(vec![run]).build()
}

fn rule(lint: &Lint) -> ReportingDescriptor {
    let text = |text: &str| MultiformatMessageString::builder().text(plain(text)).markdown(text).build();
    let level = ReportingConfiguration::builder().level(level(lint.level)).build();
    let help = docs::explanation(lint);
    ReportingDescriptor::builder()
        .id(lint.name)
        .short_description(text(lint.what))
        .full_description(text(lint.why))
        .help(MultiformatMessageString::builder().text(plain(&help)).markdown(help).build())
        .default_configuration(level)
        .build()
}

/// Markdown as plain text.
fn plain(markdown: &str) -> String {
    markdown.replace("**", "").replace("### ", "")
}

fn level(severity: Severity) -> Value {
    json!(match severity {
        Severity::Error => ResultLevel::Error,
        Severity::Warning => ResultLevel::Warning,
        Severity::Note => ResultLevel::Note,
    })
}

fn result(found: &Found, policy: &Linted, places: &BTreeMap<String, i64>) -> SarifResult {
    let finding = &found.diagnostic;
    let help = finding.help.as_ref().map_or_else(String::new, |help| format!("\n{help}"));
    let mut result =
        SarifResult::builder().rule_id(finding.code).message(message(&format!("{}{help}", finding.message))).build();
    result.rule_index = places.get(finding.code).copied();
    result.level = Some(match finding.severity {
        Severity::Error => ResultLevel::Error,
        Severity::Warning => ResultLevel::Warning,
        Severity::Note => ResultLevel::Note,
    });
    let mut labels = finding.labels.iter();
    result.locations = labels.next().map(|label| {
        let mut location = location(label.span, &label.message, &policy.sources);
        if !found.declaration.is_empty() {
            let declaration = LogicalLocation::builder().fully_qualified_name(found.declaration.as_str()).build();
            location.logical_locations = Some(vec![declaration]);
        }
        vec![location]
    });
    let related: Vec<Location> = labels.map(|label| location(label.span, &label.message, &policy.sources)).collect();
    result.related_locations = (!related.is_empty()).then_some(related);
    result.partial_fingerprints = Some(BTreeMap::from([("qualify/v1".to_owned(), found.fingerprint())]));
    result.fixes = finding.fix.as_ref().map(|fix| vec![sarif_fix(fix, &policy.sources)]);
    result
}

fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}

fn location(span: Span, words: &str, sources: &SourceMap) -> Location {
    let place = PhysicalLocation {
        artifact_location: Some(artifact(span, sources)),
        region: Some(region(span, sources)),
        ..PhysicalLocation::default()
    };
    let message = (!words.is_empty()).then(|| message(words));
    Location { physical_location: Some(place), message, ..Location::default() }
}

fn artifact(span: Span, sources: &SourceMap) -> ArtifactLocation {
    let name = sources.get(span.file).map_or("", |source| source.name.as_str());
    ArtifactLocation::builder().uri(uri(name)).build()
}

fn region(span: Span, sources: &SourceMap) -> Region {
    let mut region = Region::default();
    if let Some(source) = sources.get(span.file) {
        let (start, end) = (source.location(span.start), source.location(span.end));
        region.start_line = Some(start.line as i64);
        region.start_column = Some(start.column as i64);
        region.end_line = Some(end.line as i64);
        region.end_column = Some(end.column as i64);
    }
    region
}

/// A file's name as a relative URI: what a URI cannot hold is written as `%20`.
fn uri(name: &str) -> String {
    let mut uri = String::new();
    for byte in name.trim_start_matches("./").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            b'\\' => uri.push('/'),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

fn sarif_fix(fix: &Fix, sources: &SourceMap) -> SarifFix {
    let changes = fix.edits.iter().map(|edit| {
        let inserted = ArtifactContent::builder().text(edit.replacement.as_str()).build();
        let replacement = Replacement::builder().deleted_region(region(edit.span, sources)).inserted_content(inserted);
        ArtifactChange::builder()
            .artifact_location(artifact(edit.span, sources))
            .replacements(vec![replacement.build()])
            .build()
    });
    SarifFix::builder().description(message(&fix.message)).artifact_changes(changes.collect::<Vec<_>>()).build()
}
