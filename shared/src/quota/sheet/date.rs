use jiff::civil::Date;

/// A text looks like a date, and no day is called so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a date that exists, such as 2026-02-28")]
pub struct NoDate(pub String);

/// A day as people write it in spreadsheets, the year first: `2026-02-28`, `2026/2/28`, `2026.2.28`, `20260228`,
/// `2026年2月28日`.
pub fn date(text: &str) -> Result<Date, NoDate> {
    let refused = || NoDate(text.to_owned());
    let trimmed = text.trim();
    let digits = |part: &str, most: usize| {
        let fits = !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<i16>().ok()).flatten()
    };
    let parts: Vec<&str> = match trimmed.strip_suffix('日') {
        Some(chinese) => chinese.split(['年', '月']).collect(),
        None if trimmed.len() == 8 && trimmed.bytes().all(|byte| byte.is_ascii_digit()) => {
            vec![&trimmed[..4], &trimmed[4..6], &trimmed[6..]]
        }
        None => ['-', '/', '.']
            .into_iter()
            .find(|mark| trimmed.contains(*mark))
            .map(|mark| trimmed.split(mark).collect())
            .unwrap_or_default(),
    };
    let [year, month, day] = parts[..] else { return Err(refused()) };
    let year = digits(year, 4).filter(|_| year.len() == 4).ok_or_else(refused)?;
    let (month, day) = digits(month, 2).zip(digits(day, 2)).ok_or_else(refused)?;
    let narrow = |number: i16| i8::try_from(number).map_err(|_| refused());
    Date::new(year, narrow(month)?, narrow(day)?).map_err(|_| refused())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_ways_people_write_them() {
        for text in ["2026-02-28", "2026/2/28", "2026.02.28", "20260228", "2026年2月28日", " 2026年02月28日 "]
        {
            assert_eq!(date(text).unwrap().to_string(), "2026-02-28", "{text}");
        }
        assert_eq!(date("2024-2-29").unwrap().to_string(), "2024-02-29");
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "2026-02-29",
            "2026-02-30",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "20260230",
            "2026年2月30日",
            "",
            "-",
            "1-2-3",
            "26-02-28",
            "2026-02",
            "2026-02-28-1",
            "2026-02-128",
            "２０２６-02-28",
            "28.2.2026",
            "9999999999",
        ] {
            let error = date(text).unwrap_err();
            assert_eq!(error, NoDate(text.to_owned()));
        }
        assert_eq!(
            date("2026-02-30").unwrap_err().to_string(),
            "\"2026-02-30\" is not a date that exists, such as 2026-02-28"
        );
    }
}
