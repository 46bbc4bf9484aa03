use super::ScheduleError;

/// The bit that says that a field was written with a star, which counts for days.
const STAR: u64 = 1 << 63;

/// The values of one field, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field {
    bits: u64,
    low: u32,
    high: u32,
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl Field {
    pub(super) fn minute(text: &str) -> Result<Self, ScheduleError> {
        Self::parse(text, 0, 59, &[])
    }

    pub(super) fn hour(text: &str) -> Result<Self, ScheduleError> {
        Self::parse(text, 0, 23, &[])
    }

    pub(super) fn day(text: &str) -> Result<Self, ScheduleError> {
        Self::parse(text, 1, 31, &[])
    }

    pub(super) fn month(text: &str) -> Result<Self, ScheduleError> {
        Self::parse(text, 1, 12, MONTHS)
    }

    pub(super) fn weekday(text: &str) -> Result<Self, ScheduleError> {
        Self::parse(text, 0, 6, DAYS)
    }

    /// Whether it has this value.
    pub(super) fn has(self, value: u32) -> bool {
        value <= self.high && self.bits & (1 << value) != 0
    }

    /// Whether it was written with a star.
    pub(super) fn is_star(self) -> bool {
        self.bits & STAR != 0
    }

    /// Whether it has no value at all.
    pub(super) fn is_none(self) -> bool {
        self.bits & !STAR == 0
    }

    /// Whether it has every value.
    pub(super) fn is_all(self) -> bool {
        (self.low..=self.high).all(|value| self.has(value))
    }

    fn parse(text: &str, low: u32, high: u32, names: &[&str]) -> Result<Self, ScheduleError> {
        let mut field = Self { bits: 0, low, high };
        for range in text.split(',').filter(|range| !range.is_empty()) {
            field.bits |= field.range(range, names)?;
        }
        Ok(field)
    }

    /// `number`, `number-number`, a star or a question mark, each with a step or without.
    fn range(self, text: &str, names: &[&str]) -> Result<u64, ScheduleError> {
        let (range, step) = match text.split_once('/') {
            Some((_, step)) if step.contains('/') => return Err(ScheduleError::Range(text.to_owned())),
            Some((range, step)) => (range, Some(step)),
            None => (text, None),
        };
        let ends: Vec<&str> = range.split('-').collect();
        let first = ends.first().copied().unwrap_or_default();
        let mut star = 0;
        let (from, mut to) = if matches!(first, "*" | "?") {
            star = STAR;
            (self.low, self.high)
        } else {
            let from = self.value(first, names)?;
            match ends.as_slice() {
                [_] => (from, from),
                [_, last] => (from, self.value(last, names)?),
                _ => return Err(ScheduleError::Range(text.to_owned())),
            }
        };
        let step = match step {
            None => 1,
            Some(step) => {
                // `5/10` is `5-59/10`.
                if ends.len() == 1 {
                    to = self.high;
                }
                number(step)?
            }
        };
        if step > 1 {
            star = 0;
        }
        if from < self.low || to > self.high {
            return Err(ScheduleError::Bounds { text: text.to_owned(), low: self.low, high: self.high });
        }
        if from > to {
            return Err(ScheduleError::Backwards(text.to_owned()));
        }
        let Some(step) = usize::try_from(step).ok().filter(|step| *step > 0) else {
            return Err(ScheduleError::Step(text.to_owned()));
        };
        Ok((from..=to).step_by(step).fold(star, |bits, value| bits | 1 << value))
    }

    fn value(self, text: &str, names: &[&str]) -> Result<u32, ScheduleError> {
        match names.iter().zip(self.low..).find(|(name, _)| text.eq_ignore_ascii_case(name)) {
            Some((_, value)) => Ok(value),
            None => number(text),
        }
    }
}

/// A number as Go's `Atoi` reads it; what is too large for any field is as good as the largest.
fn number(text: &str) -> Result<u32, ScheduleError> {
    let number: i64 = text.parse().map_err(|_| ScheduleError::Number(text.to_owned()))?;
    if number < 0 {
        return Err(ScheduleError::Number(text.to_owned()));
    }
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}
