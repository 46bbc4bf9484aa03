use std::{fmt, str::FromStr};

/// How far back peaks look: `1d`, `12h`, `1d12h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    seconds: u32,
}

/// Not a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a period: take 10m to 365d, such as 1d, 12h or 1d12h")]
pub struct PeriodError(pub String);

const UNITS: [(&str, u32); 5] = [("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)];
const SHORTEST: u32 = 600;
const LONGEST: u32 = 365 * 86_400;

impl Period {
    /// A period of whole minutes, ten at least.
    pub fn from_minutes(minutes: u32) -> Option<Self> {
        let seconds = minutes.checked_mul(60)?;
        (SHORTEST..=LONGEST).contains(&seconds).then_some(Self { seconds })
    }

    /// In seconds, whole minutes of them.
    pub fn seconds(self) -> u32 {
        self.seconds
    }
}

/// A day.
impl Default for Period {
    fn default() -> Self {
        Self { seconds: 86_400 }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        parse(text)
            .filter(|seconds| seconds % 60 == 0)
            .and_then(|seconds| Self::from_minutes(seconds / 60))
            .ok_or_else(|| PeriodError(text.to_owned()))
    }
}

/// Seconds of a duration as Prometheus writes it: units from the largest down, each once.
fn parse(text: &str) -> Option<u32> {
    let (mut rest, mut total, mut units) = (text, 0_u32, UNITS.iter());
    if text.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, tail) = rest.split_at_checked(digits)?;
        let number: u32 = number.parse().ok()?;
        // Each unit that is taken, and those larger than it, are gone for what follows.
        let (unit, seconds) = units.find(|(unit, _)| tail.starts_with(unit))?;
        total = total.checked_add(number.checked_mul(*seconds)?)?;
        rest = tail.strip_prefix(unit)?;
    }
    Some(total)
}

/// As Prometheus writes it: `1d12h`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.seconds;
        for (unit, seconds) in UNITS.iter().skip(1) {
            let count = rest / seconds;
            if count > 0 {
                write!(f, "{count}{unit}")?;
            }
            rest %= seconds;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_prometheus_durations_of_whole_minutes() {
        for (text, seconds, shown) in [
            ("1d", 86_400, "1d"),
            ("24h", 86_400, "1d"),
            ("1w", 604_800, "7d"),
            ("1d12h", 129_600, "1d12h"),
            ("90m", 5400, "1h30m"),
            ("600s", 600, "10m"),
            ("365d", 31_536_000, "365d"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!((period.seconds(), period.to_string()), (seconds, shown.to_owned()), "{text}");
        }
        for text in [
            "",
            "1",
            "d",
            "0d",
            "9m",
            "366d",
            "90s",
            "1h1d",
            "1d1d",
            "-1d",
            "1.5d",
            "99999999999w",
            "1ms",
            "1d ",
        ] {
            assert_eq!(text.parse::<Period>(), Err(PeriodError(text.to_owned())), "{text}");
        }
    }
}
