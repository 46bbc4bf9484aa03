//! Templates of manifests: no YAML before a tool has filled them in.

/// What each template language puts around what is to be filled in: Go's and Jinja's values, Jinja's statements.
const MARKS: &[(&str, &str)] = &[("{{", "}}"), ("{%", "%}")];

/// Why a text that can't be parsed most likely can't be; nothing where it is no template.
pub(super) fn hint(text: &[u8]) -> Option<&'static str> {
    let is_template = MARKS.iter().any(|(start, end)| {
        let after = find(text, start).and_then(|at| text.get(at + start.len()..));
        after.is_some_and(|rest| find(rest, end).is_some())
    });
    is_template.then_some("the document is a template: render it and pass the result")
}

fn find(text: &[u8], mark: &str) -> Option<usize> {
    text.windows(mark.len()).position(|window| window == mark.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_around_something() {
        for text in ["{{- if .Values.a }}", "a: {{ x }}", "{% if x %}", "\u{e9} {% raw %}"] {
            assert!(hint(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["", "{", "{{", "{{ x", "}} {{", "{ {x} }", "a: {b: c}", "%} {%"] {
            assert_eq!(hint(text.as_bytes()), None, "{text}");
        }
    }
}
