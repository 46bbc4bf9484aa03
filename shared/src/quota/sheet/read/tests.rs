use crate::quota::sheet::{Address, Block, Cell, Csv, Sheet, SheetError, date, read, write_csv, write_xlsx};
use proptest::prelude::*;

fn csv(text: &[u8]) -> Result<Sheet, SheetError> {
    read(text, "q.csv").map(|mut sheets| sheets.remove(0))
}

fn texts(sheet: &Sheet) -> Vec<Vec<&str>> {
    let text = |cell: &'_ Cell| match cell {
        Cell::Text(text) => text.clone().leak() as &str,
        Cell::Empty => "",
        other => panic!("{other:?}"),
    };
    sheet.rows.iter().map(|row| row.iter().map(text).collect()).collect()
}

#[test]
fn csv_files_of_every_kind_are_read() {
    let (gb, _, _) = encoding_rs::GB18030.encode("项目名称,CPU配额\n商店,8");
    let utf16: Vec<u8> =
        "\u{feff}项目名称\tCPU配额\r\n商店\t8\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let expected = [["项目名称", "CPU配额"], ["商店", "8"]];
    for bytes in [
        "项目名称,CPU配额\n商店,8\n".as_bytes(),
        "\u{feff}项目名称,CPU配额\r\n商店,8".as_bytes(),
        "项目名称;CPU配额\r商店;8\r".as_bytes(),
        "\"项目名称\";\"CPU配额\"\n\"商店\";\"8\"\n".as_bytes(),
        &gb,
        &utf16,
    ] {
        assert_eq!(texts(&csv(bytes).unwrap()), expected);
    }
    for (text, rows) in [
        ("a,b\n\n\nc,\"d\"\"e\nf\"\n", vec![vec!["a", "b"], vec![], vec![], vec!["c", "d\"e\nf"]]),
        ("a,,b,\n,,,\n", vec![vec!["a", "", "b"]]),
        ("one\n", vec![vec!["one"]]),
        ("a;b,c;d\n", vec![vec!["a", "b,c", "d"]]),
        ("\"a,b\";c\n", vec![vec!["a,b", "c"]]),
        ("'=a,'a,''=a,-1\n", vec![vec!["=a", "'a", "'=a", "-1"]]),
        (" a , b\n", vec![vec![" a ", " b"]]),
        ("\n \n", vec![]),
    ] {
        assert_eq!(texts(&csv(text.as_bytes()).unwrap()), rows, "{text:?}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (bytes, message) in [
        (&b""[..], "q.csv: the file is empty"),
        (b"a,b\nc,\"d", "q.csv, B2: a quote that is never closed"),
        (b"a,b\nc,\"d\"e", "q.csv, B2: text after the closing quote; a quote inside quotes is written twice"),
        (b"a\nb\0", "q.csv: line 2: a zero byte: the file is no text and no spreadsheet that is read"),
        (b"a\nb\n\xff\xff", "q.csv: line 3: neither UTF-8 nor GB18030 text; save the file as UTF-8"),
        (b"%PDF-1.7", "q.csv: a PDF file, not a spreadsheet"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "q.csv: an old .xls file, or one with a password: save it as .xlsx without a password",
        ),
    ] {
        assert_eq!(csv(bytes).unwrap_err().to_string(), message);
    }
    let sheet = csv(b"a,=1+1\nb, =c\n").unwrap();
    let faults: Vec<String> = sheet.faults("q.csv").iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        [
            "q.csv, B1: a formula, =1+1: its result is not read; put the value there instead",
            "q.csv, B2: a formula, =c: its result is not read; put the value there instead",
        ]
    );
}

/// Any cell that can be written and read back.
fn cell() -> impl Strategy<Value = Cell> {
    let day = (1900_i16..=9999, 1_i8..=12, 1_i8..=31)
        .prop_filter_map("no such day", |(year, month, day)| jiff::civil::Date::new(year, month, day).ok())
        .prop_filter("before spreadsheets count right", |day| *day >= jiff::civil::date(1900, 3, 1));
    prop_oneof![
        2 => Just(Cell::Empty),
        4 => "[ -~\u{4e00}-\u{4e20}\n=+@'\"-]{1,12}".prop_map(Cell::text),
        2 => (-1_000_000_i64..1_000_000, 0_u32..1000).prop_map(|(whole, part)| number(whole, part)),
        1 => any::<bool>().prop_map(Cell::Bool),
        1 => day.prop_map(Cell::Date),
    ]
}

/// Without what means the same twice: `1.50`, `-0`.
fn number(whole: i64, part: u32) -> Cell {
    let text = format!("{whole}.{part:03}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    Cell::Number(text.to_owned())
}

fn rows() -> impl Strategy<Value = Vec<Vec<Cell>>> {
    proptest::collection::vec(proptest::collection::vec(cell(), 0..6), 0..8)
}

/// Without what no file keeps: empty cells at the end of rows, empty rows at the end.
fn trimmed(mut rows: Vec<Vec<Cell>>) -> Vec<Vec<Cell>> {
    for row in &mut rows {
        while row.last().is_some_and(|cell| *cell == Cell::Empty) {
            row.pop();
        }
    }
    while rows.last().is_some_and(Vec::is_empty) {
        rows.pop();
    }
    rows
}

/// What a csv file keeps of a cell: its text.
fn as_text(cell: &Cell) -> Cell {
    match cell.read() {
        crate::quota::sheet::Text::Is(_) => match cell {
            Cell::Text(text) => Cell::Text(text.clone()),
            other => match other.read() {
                crate::quota::sheet::Text::Is(text) => Cell::Text(text.into_owned()),
                _ => Cell::Empty,
            },
        },
        _ => Cell::Empty,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_as_xlsx_is_read(rows in rows(), headings in 0_usize..2) {
        let sheet = Sheet { name: "项目".to_owned(), rows: rows.clone(), headings, ..Sheet::default() };
        let (mut bytes, mut again) = (Vec::new(), Vec::new());
        write_xlsx(std::slice::from_ref(&sheet), &mut bytes).unwrap();
        write_xlsx(&[sheet], &mut again).unwrap();
        prop_assert_eq!(&bytes, &again);
        let found = read(&bytes, "q.xlsx").unwrap();
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0].name, "项目");
        prop_assert_eq!(&found[0].rows, &trimmed(rows));
    }

    #[test]
    fn what_is_written_as_csv_is_read(rows in rows(), mark: bool) {
        // A line of one empty cell is an empty line, and a row of one column has nothing to tell what stands between.
        let sheet = Sheet { rows: rows.clone(), ..Sheet::default() };
        let mut bytes = Vec::new();
        write_csv(&sheet, Csv { mark }, &mut bytes).unwrap();
        prop_assume!(str::from_utf8(&bytes).is_ok_and(|text| !text.trim_start_matches('\u{feff}').is_empty()));
        prop_assume!(rows.first().is_some_and(|row| row.len() > 1));
        let expected = rows.iter().map(|row| row.iter().map(as_text).collect()).collect();
        let found = read(&bytes, "q.csv").unwrap();
        prop_assert_eq!(&found[0].rows, &trimmed(expected));
        // And nothing that a spreadsheet would compute.
        prop_assert!(found[0].faults("q.csv").is_empty());
    }

    #[test]
    fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), zip: bool) {
        let bytes = if zip { [b"PK\x03\x04", &bytes[..]].concat() } else { bytes };
        let _ = read(&bytes, "x");
    }

    #[test]
    fn no_damage_is_a_panic(at in 0.0..1.0_f64, byte: u8, cut: bool) {
        let sheet = Sheet {
            name: "s".to_owned(),
            rows: vec![vec![Cell::text("a"), Cell::Number("1.5".to_owned())], vec![Cell::Bool(true)]],
            merged: vec![Block { first: Address { row: 4, column: 0 }, last: Address { row: 5, column: 1 } }],
            ..Sheet::default()
        };
        let mut bytes = Vec::new();
        write_xlsx(&[sheet], &mut bytes).unwrap();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a small file")]
        let at = (at * bytes.len() as f64) as usize;
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        let _ = read(&bytes, "x.xlsx");
    }

    #[test]
    fn no_damage_inside_is_a_panic(
        part in any::<proptest::sample::Index>(),
        at in any::<proptest::sample::Index>(),
        damage in prop_oneof!["[0-9]{0,20}", "[<>/\"'&;=A-Z ]{0,3}", Just("<c r=\"XFD1048577\">".to_owned())],
        over in 0_usize..12,
        cut: bool,
    ) {
        let bytes = damaged(part, |text| {
            let at = at.index(text.len() + 1);
            let rest = if cut { text.len() } else { text.len().min(at + over) };
            [&text[..at], damage.as_bytes(), &text[rest..]].concat()
        });
        let _ = read(&bytes, "x.xlsx");
    }

    #[test]
    fn dates_are_read_as_they_are_printed(days in -700_000_i32..2_900_000) {
        let day = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days));
        prop_assume!(day.as_ref().is_ok_and(|day| day.year() >= 1000));
        let day = day.unwrap();
        prop_assert_eq!(date(&day.to_string()).unwrap(), day);
    }
}

/// A small file of everything, one part of which is changed before it is packed.
fn damaged(part: proptest::sample::Index, change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};
    let sheet = Sheet {
        name: "s".to_owned(),
        rows: vec![
            vec![Cell::text("a"), Cell::Number("1.5".to_owned()), Cell::Bool(true)],
            vec![Cell::Date(jiff::civil::date(2026, 2, 28)), Cell::text("b & c")],
        ],
        merged: vec![Block { first: Address { row: 4, column: 0 }, last: Address { row: 5, column: 1 } }],
        headings: 1,
        ..Sheet::default()
    };
    let mut bytes = Vec::new();
    write_xlsx(&[sheet], &mut bytes).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let wanted = part.index(archive.len());
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if index == wanted {
            content = change(&content);
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// An ods file with this content.
fn ods(content: &str) -> Vec<u8> {
    use std::io::{Cursor, Write as _};
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    out.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
    out.write_all(content.as_bytes()).unwrap();
    out.finish().unwrap().into_inner()
}

#[test]
fn open_documents_are_read_as_they_are_written() {
    const TABLES: &str = "<d xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
                          xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0'><office:spreadsheet>";
    let cells = "<table:table table:name='s'><table:table-row>\
                 <table:table-cell office:value-type='float' office:value='0.10'/>\
                 <table:table-cell office:value-type='float' office:value='12345678901234567890'/>\
                 <table:table-cell office:value-type='float' office:value='1.5E3'/>\
                 <table:table-cell office:value-type='date' office:date-value='2026-02-30'/>\
                 </table:table-row></table:table></office:spreadsheet></d>";
    let sheets = read(&ods(&format!("{TABLES}{cells}")), "q.ods").unwrap();
    let number = |text: &str| Cell::Number(text.to_owned());
    assert_eq!(sheets[0].rows[0][..3], [number("0.10"), number("12345678901234567890"), number("1500")]);
    assert_eq!(
        sheets[0].faults("q.ods")[0].to_string(),
        "q.ods, sheet \"s\", D1: the cell shows 2026-02-30 as a date, which does not exist; put a value there"
    );
    // Neither a small file of many cells nor one of many levels takes what it likes.
    let many = "<table:table table:name='s'><table:table-row table:number-rows-repeated='1000000'>\
                <table:table-cell table:number-columns-repeated='10000' office:value-type='float' office:value='1'/>\
                </table:table-row></table:table></office:spreadsheet></d>";
    assert_eq!(
        read(&ods(&format!("{TABLES}{many}")), "q.ods").unwrap_err().message,
        "more than 2000000 cells: too large for a spreadsheet of quotas"
    );
    let deep = "<a>".repeat(300_000);
    assert!(read(&ods(&format!("{TABLES}{deep}")), "q.ods").is_err());
    let deep = format!("{TABLES}{deep}{}</office:spreadsheet></d>", "</a>".repeat(300_000));
    let _ = read(&ods(&deep), "q.ods");
    let bomb = "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;'>]><d>&b;</d>";
    assert!(read(&ods(bomb), "q.ods").is_err());
}

#[test]
fn merged_cells_are_read_and_told() {
    let block = Block { first: Address { row: 0, column: 0 }, last: Address { row: 1, column: 2 } };
    let sheet = Sheet {
        name: "s".to_owned(),
        rows: vec![vec![Cell::text("title")]],
        merged: vec![block],
        ..Sheet::default()
    };
    let mut bytes = Vec::new();
    write_xlsx(&[sheet], &mut bytes).unwrap();
    let found = read(&bytes, "q.xlsx").unwrap();
    assert_eq!(found[0].merged, [block]);
    assert_eq!(
        found[0].faults("q.xlsx")[0].to_string(),
        "q.xlsx, sheet \"s\", A1:C2: merged cells: unmerge them, so that every cell has its own value"
    );
}

#[test]
fn limits_are_kept() {
    use super::{Limits, read_with};
    let limits = Limits { bytes: 1 << 20, unpacked: 1 << 14, cells: 100 };
    let wide = ",".repeat(200) + "x\n";
    assert_eq!(
        read_with(wide.as_bytes(), "q.csv", limits).unwrap_err().to_string(),
        "q.csv, GS1: more than 100 cells: too large for a spreadsheet of quotas"
    );
    assert!(read_with("x\n".repeat(60).as_bytes(), "q.csv", limits).is_err(), "a row takes room");
    assert!(read_with("x\n".repeat(50).as_bytes(), "q.csv", limits).is_ok());
    let sheet =
        Sheet { name: "s".to_owned(), rows: vec![vec![Cell::text("a".repeat(30_000))]], ..Sheet::default() };
    let mut bytes = Vec::new();
    write_xlsx(&[sheet], &mut bytes).unwrap();
    assert_eq!(
        read_with(&bytes, "q.xlsx", limits).unwrap_err().to_string(),
        "q.xlsx: more than 0 MiB when unpacked: too large for a spreadsheet"
    );
    assert_eq!(
        read_with(&vec![b'a'; 2 << 20], "q.csv", limits).unwrap_err().to_string(),
        "q.csv: larger than 1 MiB: too large for a spreadsheet"
    );
}
