//! The spreadsheet of rates.

use passmuster::{
    quota::sheet::{Csv, date, read, write_csv, write_xlsx},
    report::rates::{Lang, Layout, rates},
};

use super::{Office, fleet};

#[test]
fn a_spreadsheet_program_shows_rates_of_every_day() {
    let days: Vec<_> =
        ["2026-03-01", "2026-02-28"].map(|day| (date(day).expect("a day"), fleet())).into_iter().collect();
    let office = Office::new();
    let mut bytes = Vec::new();
    let sheets = rates(&days, Lang::Chinese, Layout::Sheets);
    write_xlsx(&sheets, &mut bytes).expect("a vector takes it");
    let file = office.put("rates.xlsx", &bytes);
    office.shown(&file);
    let rows = office.csv("rates-2026-02-28.csv");
    assert_eq!(rows[0], ["集群", "项目", "命名空间", "日期", "CPU使用率", "内存使用率"]);
    assert_eq!(rows[1], ["prod-a", "shop", "api", "2026-02-28", "0.2500000000", ""]);
    assert_eq!(rows[2], ["prod-a", "shop", "web", "2026-02-28", "0.8125000000", "0.9687500000"]);
    assert_eq!(rows[3], ["prod-c", "", "kube-system", "2026-02-28", "", ""]);
    assert_eq!(rows[4], ["prod-c", "bank", "core", "2026-02-28", "0.6666666667", "0.0000000000"]);
    assert_eq!(office.csv("rates-2026-03-01.csv")[1][3], "2026-03-01");
    assert_eq!(office.csv("rates-错误.csv")[1], ["2026-02-28", "prod-b", "connection refused"]);

    // The same days in one sheet, as csv that a spreadsheet knows for UTF-8.
    let sheets = rates(&days, Lang::Chinese, Layout::Rows);
    let mut csv = Vec::new();
    write_csv(&sheets[0], Csv { mark: true }, &mut csv).expect("a vector takes it");
    let file = office.put("days.csv", &csv);
    office.convert_csv("xlsx", &[&file]);
    let theirs = read(&office.get("days.xlsx"), "days.xlsx").expect("LibreOffice's");
    assert_eq!(theirs[0].rows.len(), 9);
    assert_eq!(theirs[0].rows[0][3].read(), sheets[0].rows[0][3].read());
    assert_eq!(theirs[0].rows[1], read_back(&sheets[0].rows[1]));
}

/// Numbers as a spreadsheet keeps them: without zeros at their ends.
fn read_back(row: &[passmuster::quota::sheet::Cell]) -> Vec<passmuster::quota::sheet::Cell> {
    use passmuster::quota::sheet::Cell;
    let mut cells: Vec<Cell> = row
        .iter()
        .map(|cell| match cell {
            Cell::Number(text) => Cell::Number(text.trim_end_matches('0').trim_end_matches('.').to_owned()),
            other => other.clone(),
        })
        .collect();
    while cells.last() == Some(&Cell::Empty) {
        cells.pop();
    }
    cells
}
