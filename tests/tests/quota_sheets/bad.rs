//! Spreadsheets that are none: each is an error that names the file, and the cell where there is one.

use passmuster::quota::sheet::read;

use super::{Office, fleet, printed};

fn refused(bytes: &[u8], name: &str) -> String {
    match read(bytes, name) {
        Ok(sheets) => panic!("{name} was read: {sheets:?}"),
        Err(error) => {
            assert_eq!(error.place.file, name);
            error.to_string()
        }
    }
}

#[test]
fn what_is_no_spreadsheet_is_refused() {
    for (bytes, message) in [
        (&b""[..], "q.xlsx: the file is empty"),
        (b"PK\x03\x04 but nothing more", "q.xlsx: the file is damaged or not whole: "),
        (
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            "q.xlsx: a zip file, but neither an xlsx nor an ods spreadsheet",
        ),
        (b"%PDF-1.7\n", "q.xlsx: a PDF file, not a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "q.xlsx: line "),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "q.xlsx: an old .xls file, or one with a password"),
    ] {
        let told = refused(bytes, "q.xlsx");
        assert!(told.starts_with(message), "{told}");
    }
}

/// A file that was cut off is an error wherever it was cut, and so is one with a wrong byte, or it is read.
#[test]
fn damaged_files_are_refused_wherever_they_are_damaged() {
    let office = Office::new();
    let whole = printed(&fleet(), "xlsx");
    let file = office.put("q.xlsx", &whole);
    office.convert("ods", &[&file]);
    for (name, bytes) in [("q.xlsx", whole), ("q.ods", office.get("q.ods"))] {
        // Of less than four bytes nobody can tell what they were.
        for at in (4..bytes.len()).step_by(97) {
            let told = refused(&bytes[..at], name);
            assert!(told.starts_with(name), "{told}");
            let mut wrong = bytes.clone();
            wrong[at] ^= 0xff;
            if let Err(error) = read(&wrong, name) {
                assert_eq!(error.place.file, name);
            }
        }
    }
}

/// Old and encrypted files as LibreOffice writes them.
#[test]
fn old_files_are_refused() {
    let office = Office::new();
    let file = office.put("q.xlsx", printed(&fleet(), "xlsx"));
    office.convert("xls", &[&file]);
    let told = refused(&office.get("q.xls"), "q.xls");
    assert_eq!(told, "q.xls: an old .xls file, or one with a password: save it as .xlsx without a password");
}

/// A zip file of a few kilobytes that holds as much as a disk.
#[test]
fn bombs_are_refused() {
    use passmuster::quota::sheet::{Cell, Limits, Sheet, read_with, write_xlsx};

    let rows = (0..300).map(|number| vec![Cell::Text(format!("{number}{}", "a".repeat(30_000)))]).collect();
    let mut bytes = Vec::new();
    write_xlsx(&[Sheet { name: "s".to_owned(), rows, ..Sheet::default() }], &mut bytes)
        .expect("a vector takes it");
    assert!(bytes.len() < 1 << 19, "{}", bytes.len());
    let limits = Limits { unpacked: 4 << 20, ..Limits::default() };
    let error = read_with(&bytes, "bomb.xlsx", limits).expect_err("too large");
    assert_eq!(error.to_string(), "bomb.xlsx: more than 4 MiB when unpacked: too large for a spreadsheet");
}
