//! The rows as a spreadsheet.

use passmuster::quota::sheet::{Cell, read};

use super::{Office, fleet, fleet::NAMES, hostile, printed};

/// The column of a heading.
fn column(rows: &[Vec<String>], heading: &str) -> usize {
    let headings = rows.first().expect("headings");
    headings.iter().position(|cell| cell == heading).unwrap_or_else(|| panic!("no {heading} in {headings:?}"))
}

#[test]
fn a_spreadsheet_program_sees_numbers_percents_and_chinese() {
    let office = Office::new();
    let file = office.put("usage.xlsx", printed(&fleet(), "xlsx"));
    office.raw(&file);
    let rows = office.csv("usage-Usage.csv");
    let cell = |row: usize, heading: &str| rows[row][column(&rows, heading)].clone();
    assert_eq!(rows.len(), 8);
    assert_eq!([cell(1, "cluster"), cell(1, "project"), cell(1, "display_name")], ["prod-a", "shop", "商店"]);
    assert_eq!(
        [cell(1, "unit"), cell(1, "hard"), cell(1, "used"), cell(1, "rate")],
        ["cores", "8", "6.5", "81.25%"]
    );
    assert_eq!([cell(2, "unit"), cell(2, "hard"), cell(2, "used")], ["bytes", "34359738368", "33285996544"]);
    assert_eq!([cell(4, "unit"), cell(4, "hard"), cell(4, "used")], ["objects", "20", "3"]);
    assert_eq!(cell(5, "rate"), "66.66666667%");
    assert_eq!(cell(6, "hard").parse::<f64>().ok(), Some(562_949_953_421_312.0));
    assert_eq!([cell(7, "project"), cell(7, "hard"), cell(7, "requested")], ["", "", "0.85"]);
    let totals = office.csv("usage-Totals.csv");
    assert_eq!(totals[1][column(&totals, "hard")], "15");
    let errors = office.csv("usage-Errors.csv");
    assert_eq!(errors[1][..3], ["prod-a", "a", "metrics.k8s.io"].map(str::to_owned));
    assert_eq!(errors[2][column(&errors, "message")], "connection refused");

    // As a person sees it.
    office.shown(&file);
    let rows = office.csv("usage-Usage.csv");
    let cell = |row: usize, heading: &str| rows[row][column(&rows, heading)].clone();
    assert_eq!([cell(1, "hard"), cell(1, "used"), cell(1, "rate")], ["8", "6.5", "81.3%"]);
    assert_eq!([cell(2, "hard"), cell(2, "rate")], ["34.36 G", "96.9%"]);
    assert_eq!(cell(7, "requested"), "0.85");
}

#[test]
fn what_a_spreadsheet_program_saves_again_is_the_same() {
    let office = Office::new();
    let bytes = printed(&fleet(), "xlsx");
    assert_eq!(bytes, printed(&fleet(), "xlsx"), "the same answer, the same bytes");
    let file = office.put("usage.xlsx", &bytes);
    office.convert("ods", &[&file]);
    let ours = read(&bytes, "usage.xlsx").expect("our own");
    let theirs = read(&office.get("usage.ods"), "usage.ods").expect("LibreOffice's");
    assert_eq!(theirs.len(), ours.len());
    for (theirs, ours) in theirs.iter().zip(&ours) {
        assert_eq!(theirs.name, ours.name);
        assert_eq!(theirs.rows, ours.rows);
    }
}

/// Nothing that somebody wrote into a cluster is computed by a spreadsheet.
#[test]
fn no_name_is_a_formula() {
    let office = Office::new();
    let csv = office.put("hostile.csv", printed(&hostile(), "csv"));
    let xlsx = office.put("book.xlsx", printed(&hostile(), "xlsx"));
    // What a double click does: every cell that looks like a formula or a number becomes one.
    office.convert_csv("ods", &[&csv]);
    office.convert("ods", &[&xlsx]);
    for name in ["hostile.ods", "book.ods"] {
        for sheet in read(&office.get(name), name).expect("LibreOffice's") {
            assert_eq!(sheet.faults(name), [], "{name}");
            assert!(!sheet.rows.iter().flatten().any(|cell| matches!(cell, Cell::Formula(_))));
        }
    }
    // And the names come back whole.
    let ours = read(&printed(&hostile(), "csv"), "hostile.csv").expect("our own");
    let names: Vec<&Cell> = ours[0].rows.iter().skip(1).map(|row| &row[0]).collect();
    let expected: Vec<Cell> = NAMES.iter().map(|name| Cell::text(*name)).collect();
    assert_eq!(names, expected.iter().collect::<Vec<_>>());
}
