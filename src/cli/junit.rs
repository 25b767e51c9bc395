//! JUnit XML, for CI: suites of cases, each passed or with what is wrong.

use super::exit::Failure;
use crate::base::visible;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::Result;

/// Cases that belong together: of one policy.
#[derive(Debug)]
pub struct Suite {
    /// The policy's file.
    pub name: String,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// A case; without problems it passed.
#[derive(Debug)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The file that it stands in.
    pub file: String,
    /// Its line there, from 1.
    pub line: usize,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Something that is wrong.
#[derive(Debug)]
pub struct Problem {
    /// In one line.
    pub message: String,
    /// Of what kind it is.
    pub kind: String,
    /// More about it.
    pub text: String,
}

/// The report of all suites.
pub fn report(suites: &[Suite]) -> std::result::Result<String, Failure> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut writer, suites)?;
    let mut text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    text.push('\n');
    Ok(text)
}

fn write(writer: &mut Writer<Vec<u8>>, suites: &[Suite]) -> Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all: Vec<_> = suites.iter().flat_map(|suite| &suite.cases).collect();
    writer
        .create_element("testsuites")
        .with_attributes([
            ("name", "qualify"),
            ("tests", all.len().to_string().as_str()),
            ("failures", failed(&all).to_string().as_str()),
        ])
        .write_inner_content(|writer| suites.iter().try_for_each(|suite| write_suite(writer, suite)))?;
    Ok(())
}

fn failed(cases: &[&Case]) -> usize {
    cases.iter().filter(|case| !case.problems.is_empty()).count()
}

fn write_suite(writer: &mut Writer<Vec<u8>>, suite: &Suite) -> Result<()> {
    let failed = failed(&suite.cases.iter().collect::<Vec<_>>());
    writer
        .create_element("testsuite")
        .with_attributes([
            ("name", visible(&suite.name).as_ref()),
            ("tests", suite.cases.len().to_string().as_str()),
            ("failures", failed.to_string().as_str()),
        ])
        .write_inner_content(|writer| suite.cases.iter().try_for_each(|case| write_case(writer, suite, case)))?;
    Ok(())
}

fn write_case(writer: &mut Writer<Vec<u8>>, suite: &Suite, case: &Case) -> Result<()> {
    let name = visible(&case.name);
    let (class, file, line) = (visible(&suite.name), visible(&case.file), case.line.to_string());
    let attributes = [("name", &*name), ("classname", &*class), ("file", &*file), ("line", line.as_str())];
    let element = writer.create_element("testcase").with_attributes(attributes);
    if case.problems.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|writer| {
        for problem in &case.problems {
            let text: Vec<_> = problem.text.lines().map(visible).collect();
            writer
                .create_element("failure")
                .with_attributes([("message", &*visible(&problem.message)), ("type", problem.kind.as_str())])
                .write_text_content(BytesText::new(&text.join("\n")))?;
        }
        Ok(())
    })?;
    Ok(())
}
