//! Text for people: control characters neutralised, widths in terminal columns, ages and counts as kubectl writes them.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::model::Time;

/// Shows what would steer a terminal instead of sending it: `^[` for escape, `\r`, `\n`, `\t`, caret notation for
/// other control characters, `\u202e` for characters that reorder or hide text.
///
/// Names and messages come from whoever may write to the cluster; kubectl had to learn that (issue 101695).
pub fn neutral(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control()) {
        return Cow::Borrowed(text);
    }
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            '\u{7f}' => safe.push_str("^?"),
            '\0'..='\u{1f}' => {
                safe.push('^');
                safe.extend(char::from_u32(u32::from(character) + 0x40));
            }
            other if steers(other) => {
                safe.extend(other.escape_unicode().filter(|part| !matches!(part, '{' | '}')));
            }
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

/// Control characters, line separators, and characters that reorder text or take no space. Joiners stay: scripts need them.
pub(crate) fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Terminal columns that a neutral text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text, or as much of its beginning as fits into `columns` with `…` after it.
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    if text.len() <= columns || width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut room = columns.saturating_sub(1);
    let mut end = 0;
    for (at, character) in text.char_indices() {
        let takes = character.width().unwrap_or(0);
        if takes > room {
            break;
        }
        room -= takes;
        end = at + character.len_utf8();
    }
    Cow::Owned(if columns == 0 { String::new() } else { format!("{}…", &text[..end]) })
}

/// The text, or as much of its beginning and of its end as fits into `columns` with `…` between: what tells one pod
/// from another is the end of its name.
pub fn squeeze(text: &str, columns: usize) -> Cow<'_, str> {
    const END: usize = 6;
    if text.len() <= columns || width(text) <= columns || columns < 3 * END {
        return truncate(text, columns);
    }
    let mut start = text.len();
    let mut takes = 0;
    for (at, character) in text.char_indices().rev() {
        takes += character.width().unwrap_or(0);
        if takes > END {
            break;
        }
        start = at;
    }
    let end = &text[start..];
    Cow::Owned(format!("{}{end}", truncate(text, columns - width(end))))
}

/// AGE as kubectl prints it.
pub fn age(created: Time, now: Time) -> String {
    let nanos = |time: Time| i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanos);
    human_duration((nanos(now) - nanos(created)) / 1_000_000_000)
}

/// `duration.HumanDuration` of apimachinery: two or three significant figures of a number of seconds.
pub fn human_duration(seconds: i128) -> String {
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    let days = hours / 24;
    // A machine's clock may be a second behind the server's.
    match seconds {
        ..-1 => "<invalid>".to_owned(),
        -1 => "0s".to_owned(),
        0..120 => format!("{seconds}s"),
        _ if minutes < 10 => pair(minutes, "m", seconds % 60, "s"),
        _ if minutes < 180 => format!("{minutes}m"),
        _ if hours < 8 => pair(hours, "h", minutes % 60, "m"),
        _ if hours < 48 => format!("{hours}h"),
        _ if hours < 192 => pair(days, "d", hours % 24, "h"),
        _ if hours < 24 * 365 * 2 => format!("{days}d"),
        _ if hours < 24 * 365 * 8 => pair(days / 365, "y", days % 365, "d"),
        _ => format!("{}y", days / 365),
    }
}

fn pair(large: i128, large_unit: &str, small: i128, small_unit: &str) -> String {
    if small == 0 {
        format!("{large}{large_unit}")
    } else {
        format!("{large}{large_unit}{small}{small_unit}")
    }
}

/// `1 pod`, `3 pods`, `2 networkpolicies`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {}", if count == 1 { noun.to_owned() } else { plural(noun) })
}

/// The plural of an English noun or of a kind in lower case, by the rule that Kubernetes guesses resource names with.
pub fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if noun == "endpoints" => noun.to_owned(),
        _ if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") => {
            format!("{noun}es")
        }
        _ => format!("{noun}s"),
    }
}

/// An address without the user and the password that may stand before its host.
pub(crate) fn without_password(url: &str) -> String {
    let (scheme, rest) =
        url.split_once("://").map_or(("", url), |(_, rest)| url.split_at(url.len() - rest.len()));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}***{}", &rest[at..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown() {
        for (raw, safe) in [
            ("nginx", "nginx"),
            ("größe-日本", "größe-日本"),
            ("a\u{1b}[31mb", "a^[[31mb"),
            ("a\rb\nc\td", "a\\rb\\nc\\td"),
            ("\0\u{7}\u{7f}", "^@^G^?"),
            ("\u{9b}31m", "\\u9b31m"),
            ("abc\u{202e}cba", "abc\\u202ecba"),
            ("zero\u{200b}width\u{feff}", "zero\\u200bwidth\\ufeff"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
        ] {
            assert_eq!(neutral(raw), safe);
            assert_eq!(neutral(&neutral(raw)), safe, "neutral text stays as it is");
        }
    }

    #[test]
    fn truncation_counts_columns() {
        for (text, columns, short) in [
            ("nginx", 5, "nginx"),
            ("nginx", 4, "ngi…"),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
        ] {
            assert_eq!(truncate(text, columns), short);
            assert!(width(&truncate(text, columns)) <= columns);
        }
    }

    #[test]
    fn squeezing_keeps_the_end() {
        for (text, columns, short) in [
            ("Pod/nginx-7c5ddbdf54-2xkqp", 20, "Pod/nginx-7c5…-2xkqp"),
            ("Pod/nginx-7c5ddbdf54-2xkqp", 26, "Pod/nginx-7c5ddbdf54-2xkqp"),
            ("Pod/nginx-7c5ddbdf54-2xkqp", 10, "Pod/nginx…"),
            ("Pod/日本語日本語日本語日本語", 20, "Pod/日本語日…日本語"),
        ] {
            assert_eq!(squeeze(text, columns), short);
            assert!(width(&squeeze(text, columns)) <= columns);
        }
    }

    /// The cases of apimachinery's duration_test.go.
    #[test]
    fn ages_read_as_kubectl_writes_them() {
        let (minute, hour, day, year) = (60, 3600, 86_400, 86_400 * 365);
        for (seconds, text) in [
            (-2, "<invalid>"),
            (-1, "0s"),
            (0, "0s"),
            (1, "1s"),
            (70, "70s"),
            (119, "119s"),
            (190, "3m10s"),
            (70 * minute, "70m"),
            (3 * minute, "3m"),
            (47 * hour, "47h"),
            (49 * hour, "2d1h"),
            (48 * hour, "2d"),
            (3 * hour + 5 * minute, "3h5m"),
            (3 * hour, "3h"),
            (8 * day + 2 * hour, "8d"),
            (9 * hour, "9h"),
            (367 * day, "367d"),
            (year * 2 + 25 * hour, "2y1d"),
            (year * 2, "2y"),
            (year * 8 + 2 * day, "8y"),
            (10 * minute, "10m"),
            (9 * minute + 59, "9m59s"),
            (i128::from(i64::MAX), "292471208677y"),
        ] {
            assert_eq!(human_duration(seconds), text, "{seconds}");
        }
        let at = |seconds, nanos| Time { seconds, nanos };
        assert_eq!(age(at(100, 0), at(98, 500_000_000)), "0s", "one and a half seconds in the future is now");
        assert_eq!(age(at(100, 0), at(98, 0)), "<invalid>");
        assert_eq!(age(at(0, 0), at(2 * 86_400, 0)), "2d");
    }

    #[test]
    fn nouns_are_counted() {
        for (count, noun, text) in [
            (1, "pod", "1 pod"),
            (3, "pods".strip_suffix('s').unwrap(), "3 pods"),
            (2, "networkpolicy", "2 networkpolicies"),
            (2, "ingress", "2 ingresses"),
            (2, "gateway", "2 gateways"),
            (0, "storageclass", "0 storageclasses"),
            (2, "endpoints", "2 endpoints"),
        ] {
            assert_eq!(counted(count, noun), text);
        }
    }
}
