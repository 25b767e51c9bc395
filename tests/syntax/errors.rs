//! Golden cases of errors: source and what is said about it together, in `errors.txt`.

use super::findings;

#[test]
fn what_is_wrong_is_said_in_our_words() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/syntax/errors.txt");
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    let mut actual = String::new();
    for case in golden.split("=== ").skip(1) {
        let (title, rest) = case.split_once('\n').unwrap_or((case, ""));
        let source = rest.split("\n--- says\n").next().unwrap_or(rest).trim_end_matches('\n');
        let said = findings(source);
        assert!(!said.is_empty(), "{title}: no error");
        actual.push_str(&format!("=== {title}\n{source}\n--- says\n{said}\n"));
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &actual).expect("the golden file can be written");
    } else {
        assert_eq!(golden, actual, "run with UPDATE_GOLDEN=1 to accept");
    }
}
