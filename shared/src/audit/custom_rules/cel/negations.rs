//! What the parser gets wrong: `!!x` and `--x` are one `!` and one sign to it.

/// Whether two `!` or two signs stand one after the other: the parser takes an even number of them for one.
pub(super) fn twice_negated(text: &str) -> bool {
    // Ends with something that `-` can take from.
    let mut operand = false;
    let mut run = (' ', 0);
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let mut taken = next.len_utf8();
        match next {
            '/' if rest.starts_with("//") => taken = rest.find('\n').unwrap_or(rest.len()),
            '\'' | '"' => {
                taken = string_length(rest);
                (operand, run) = (true, (' ', 0));
            }
            '!' | '-' => {
                // After an operand a sign takes from it, and `!=` compares.
                let unary = !(operand || (next == '!' && rest.starts_with("!=")));
                run = if unary { (next, if run.0 == next { run.1 + 1 } else { 1 }) } else { (' ', 0) };
                operand = false;
                if run.1 > 1 {
                    return true;
                }
            }
            _ if next.is_whitespace() => {}
            _ => {
                operand = next.is_alphanumeric() || matches!(next, '_' | ')' | ']' | '}');
                run = (' ', 0);
            }
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    false
}

/// How long the string is that a text begins with, in bytes. Whether it is raw does not matter but for `\\` at its end,
/// where the parser sees to it.
fn string_length(text: &str) -> usize {
    let quote = text.get(..1).unwrap_or_default();
    let triple = quote.repeat(3);
    let close = if text.starts_with(&triple) { triple.as_str() } else { quote };
    let mut at = close.len();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(close) {
            return at + close.len();
        }
        let escaped = usize::from(rest.starts_with('\\'));
        at += rest.chars().take(1 + escaped).map(char::len_utf8).sum::<usize>();
    }
    text.len()
}
