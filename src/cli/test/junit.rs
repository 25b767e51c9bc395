//! Test results as JUnit XML.

use super::results::Suite;
use crate::base::visible;
use crate::cli::exit::Failure;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::Result;

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
    let all: Vec<_> = suites.iter().flat_map(|suite| &suite.tests).collect();
    let failed = all.iter().filter(|case| !case.passed).count();
    writer
        .create_element("testsuites")
        .with_attributes([
            ("name", "qualify"),
            ("tests", all.len().to_string().as_str()),
            ("failures", failed.to_string().as_str()),
        ])
        .write_inner_content(|writer| suites.iter().try_for_each(|suite| write_suite(writer, suite)))?;
    Ok(())
}

fn write_suite(writer: &mut Writer<Vec<u8>>, suite: &Suite) -> Result<()> {
    let failed = suite.tests.iter().filter(|case| !case.passed).count();
    writer
        .create_element("testsuite")
        .with_attributes([
            ("name", visible(&suite.file).as_ref()),
            ("tests", suite.tests.len().to_string().as_str()),
            ("failures", failed.to_string().as_str()),
        ])
        .write_inner_content(|writer| {
            for case in &suite.tests {
                let name = visible(&case.name);
                let (class, file, line) = (visible(&suite.file), visible(&case.file), case.line.to_string());
                let attributes = [("name", &*name), ("classname", &*class), ("file", &*file), ("line", line.as_str())];
                let element = writer.create_element("testcase").with_attributes(attributes);
                if case.passed {
                    element.write_empty()?;
                    continue;
                }
                element.write_inner_content(|writer| {
                    for failed in &case.failures {
                        let message = format!("expected {}; it is {}", visible(&failed.expected), failed.truth);
                        let because = failed.because.join("\n");
                        writer
                            .create_element("failure")
                            .with_attributes([("message", message.as_str()), ("type", "expectation")])
                            .write_text_content(BytesText::new(&because))?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
    Ok(())
}
