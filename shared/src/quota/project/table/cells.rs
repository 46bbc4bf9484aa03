//! What stands in a cell, as what its column is about.

use crate::{
    quantity::Quantity,
    quota::{Rate, project::keys},
};

use super::Column;

/// What is written for nothing.
pub(super) const NONE: &str = "-";

/// Less of it than this can't be meant: a number of GiB stands where bytes should.
const FEW_BYTES: i64 = 1 << 20;

/// An amount in a column; `None` for no limit.
pub(super) fn amount(column: &Column, text: &str) -> Result<Option<Quantity>, String> {
    if text == NONE {
        return Ok(None);
    }
    let plain = text.parse::<Quantity>().is_ok() && text.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    let quantity = match column {
        Column::Memory if plain => format!("{text}Gi"),
        Column::Memory if text.ends_with("GB") || text.ends_with("MB") => {
            let (number, unit) = text.split_at(text.len() - 2);
            let short = unit.trim_end_matches('B');
            return Err(format!(
                "{text:?} may be either {number}{short}i or {number}{short}: write the one that is meant"
            ));
        }
        Column::Memory => {
            text.strip_suffix('B').filter(|text| text.ends_with('i')).unwrap_or(text).to_owned()
        }
        Column::Cpu => text.strip_suffix('核').unwrap_or(text).trim().to_owned(),
        _ => text.to_owned(),
    };
    let quantity: Quantity = quantity.parse().map_err(|_| match column {
        Column::Cpu => format!("{text:?} is no amount of CPU: a number of cores such as 2.5, or 2500m"),
        Column::Memory => {
            format!("{text:?} is no amount of memory: a number of GiB such as 16, or 16Gi, 512Mi")
        }
        _ => format!("{text:?} is no quantity: such as 500m, 2, 16Gi are"),
    })?;
    if quantity.is_negative() {
        return Err(format!("{text} is less than nothing"));
    }
    let Column::Key(key) = column else { return Ok(Some(quantity)) };
    if keys::is_whole(key) && Quantity::parse(&quantity.ceil().to_string()).ok() != Some(quantity) {
        return Err(format!("{text} of {key}: only whole numbers make sense"));
    }
    if plain && is_too_little(key, quantity) {
        return Err(format!("{text} bytes of {key} can't be meant: write {text}Gi or {text}Mi"));
    }
    Ok(Some(quantity))
}

/// Whether a number of bytes is so small that whoever wrote it thought of another unit.
fn is_too_little(key: &str, amount: Quantity) -> bool {
    keys::is_bytes(key) && !amount.is_zero() && amount < Quantity::from_bytes(FEW_BYTES)
}

/// How an amount is written in a column: a number where one says it exactly, else text.
pub(super) fn number(column: &Column, amount: Quantity) -> Option<String> {
    let (unit, suffix) = match column {
        Column::Cpu => (Quantity::from(1), ""),
        Column::Memory => (Quantity::from_bytes(1 << 30), "Gi"),
        Column::Key(key) if !keys::is_bytes(key) => (Quantity::from(1), ""),
        _ => return None,
    };
    let decimal = Rate::of(amount, unit)?.decimal();
    let decimal = decimal.trim_end_matches('0').trim_end_matches('.');
    let exact = format!("{decimal}{suffix}").parse::<Quantity>().is_ok_and(|read| read == amount);
    // A spreadsheet keeps fifteen digits.
    let kept = decimal.chars().filter(char::is_ascii_digit).count() <= 15;
    (exact && kept).then(|| decimal.to_owned())
}

/// An amount as text that its column reads as the same amount: never a plain number where that has another unit.
pub(super) fn text(column: &Column, amount: Quantity) -> String {
    let text = amount.to_string();
    let plain = text.ends_with(|c: char| c.is_ascii_digit());
    let is_misread = match column {
        Column::Memory => true,
        Column::Key(key) => is_too_little(key, amount),
        _ => false,
    };
    // Bytes, and no GiB: a thousand thousandths.
    if plain && is_misread { format!("{text}000m") } else { text }
}

/// Several in one cell.
pub(super) fn several(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '；' | '、'));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Whether a namespace, or a project, may be called so.
pub(super) fn is_name(text: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (1..=63).contains(&text.len())
        && text.starts_with(edge)
        && text.ends_with(edge)
        && text.chars().all(|c| edge(c) || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_unit_of_their_column() {
        let key = |key: &str| Column::Key(key.to_owned());
        for (column, text, amount_of) in [
            (Column::Cpu, "2.5", "2500m"),
            (Column::Cpu, "500m", "500m"),
            (Column::Cpu, "16核", "16"),
            (Column::Memory, "1.5", "1536Mi"),
            (Column::Memory, "64Gi", "64Gi"),
            (Column::Memory, "64GiB", "64Gi"),
            (Column::Memory, "64G", "64G"),
            (key("pods"), "10", "10"),
            (key("requests.memory"), "0", "0"),
            (key("requests.memory"), "16Gi", "16Gi"),
        ] {
            assert_eq!(amount(&column, text), Ok(Some(amount_of.parse().unwrap())), "{column:?} {text}");
        }
        assert_eq!(amount(&Column::Cpu, "-"), Ok(None));
        for (column, few) in [(Column::Memory, "403"), (key("requests.storage"), "403"), (key("pods"), "403")]
        {
            let few = few.parse().unwrap();
            assert_eq!(amount(&column, &super::text(&column, few)), Ok(Some(few)), "{column:?}");
        }
        for (column, text) in [
            (Column::Cpu, "two"),
            (Column::Cpu, "-1"),
            (Column::Memory, "32GB"),
            (Column::Memory, "1,024"),
            (key("pods"), "1.5"),
            (key("requests.memory"), "64"),
        ] {
            assert!(amount(&column, text).is_err(), "{column:?} {text}");
        }
    }

    #[test]
    fn what_is_written_reads_as_the_same() {
        let columns =
            [Column::Cpu, Column::Memory, Column::Key("requests.storage".into()), Column::Key("pods".into())];
        for column in &columns {
            for text in
                ["0", "1", "2500m", "1n", "64Gi", "100", "1536Mi", "107374182400m", "1048577", "1E", "9Ei"]
            {
                let quantity: Quantity = text.parse().unwrap();
                let written = number(column, quantity).unwrap_or_else(|| super::text(column, quantity));
                match amount(column, &written) {
                    Ok(read) => assert_eq!(read, Some(quantity), "{column:?} {text} {written}"),
                    Err(error) => assert!(matches!(column, Column::Key(_)), "{error}"),
                }
            }
        }
    }
}
