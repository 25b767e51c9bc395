//! Text that stays as it is when dbt reads it as a template.

/// Every `{{`, `{%` and `{#` of a text, written so that it comes out as it was.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut next = text.chars().skip(1);
    for c in text.chars() {
        match (c, next.next()) {
            ('{', Some('{' | '%' | '#')) => out.push_str("{{ '{' }}"),
            _ => out.push(c),
        }
    }
    out
}

/// `{{ ref('leads') }}`, or `{{ source('raw', 'leads') }}` for a name with a dot.
pub fn relation(name: &str) -> String {
    format!("{{{{ {} }}}}", input(name))
}

/// `ref('leads')`, or `source('raw', 'leads')`.
pub fn input(name: &str) -> String {
    let text = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    match name.split_once('.') {
        Some((source, table)) => format!("source({}, {})", text(source), text(table)),
        None => format!("ref({})", text(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_opens_a_template_is_changed() {
        assert_eq!(escaped("a { b } c"), "a { b } c");
        assert_eq!(escaped("{{{%"), "{{ '{' }}{{ '{' }}{{ '{' }}%");
        assert_eq!(escaped("{# x #} {"), "{{ '{' }}# x #} {");
    }

    #[test]
    fn dots_name_sources() {
        assert_eq!(relation("leads"), "{{ ref('leads') }}");
        assert_eq!(input("raw.le'ads"), "source('raw', 'le\\'ads')");
    }
}
