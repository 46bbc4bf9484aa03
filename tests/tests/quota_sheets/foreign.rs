//! Spreadsheets that people make, of everything that a cell can be.

use passmuster::quota::sheet::{Address, Block, Cell, Sheet, date, read};

use super::Office;

/// A spreadsheet as LibreOffice writes it flat; it makes the others of it.
const FLAT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" xmlns:dc="http://purl.org/dc/elements/1.1/"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
 <number:date-style style:name="D"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>
 <number:boolean-style style:name="B"><number:boolean/></number:boolean-style>
 <style:style style:name="truth" style:family="table-cell" style:data-style-name="B"/>
 <style:style style:name="day" style:family="table-cell" style:data-style-name="D"/>
</office:automatic-styles>
<office:body><office:spreadsheet>
<table:table table:name="项目配额">
 <table:table-row>
  <table:table-cell office:value-type="string"><text:p>云序号</text:p></table:table-cell>
  <table:table-cell office:value-type="string"><text:p>项目名称</text:p></table:table-cell>
  <table:table-cell office:value-type="string"><text:p>CPU配额</text:p></table:table-cell>
  <table:table-cell office:value-type="string"><text:p>内存配额</text:p></table:table-cell>
 </table:table-row>
 <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="4"/></table:table-row>
 <table:table-row>
  <table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>
  <table:table-cell office:value-type="string"><office:annotation><dc:creator>me</dc:creator><text:p>a note</text:p></office:annotation><text:p>shop<text:s text:c="2"/>x</text:p><text:p>y</text:p></table:table-cell>
  <table:table-cell office:value-type="float" office:value="0.1"><text:p>0.1</text:p></table:table-cell>
  <table:table-cell office:value-type="percentage" office:value="0.8125"><text:p>81%</text:p></table:table-cell>
  <table:table-cell table:style-name="day" office:value-type="date" office:date-value="2026-02-28"><text:p>2026-02-28</text:p></table:table-cell>
  <table:table-cell table:style-name="truth" office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell>
 </table:table-row>
 <table:table-row>
  <table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>
  <table:table-cell table:formula="of:=[.A5]*2" office:value-type="float" office:value="14"><text:p>14</text:p></table:table-cell>
  <table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""><text:p>#DIV/0!</text:p></table:table-cell>
 </table:table-row>
 <table:table-row>
  <table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2" office:value-type="string"><text:p>merged</text:p></table:table-cell>
  <table:covered-table-cell/>
 </table:table-row>
 <table:table-row><table:covered-table-cell table:number-columns-repeated="2"/></table:table-row>
</table:table>
<table:table table:name="empty"><table:table-row><table:table-cell/></table:table-row></table:table>
</office:spreadsheet></office:body></office:document>
"#;

fn text(text: &str) -> Cell {
    Cell::text(text)
}

fn number(text: &str) -> Cell {
    Cell::Number(text.to_owned())
}

#[test]
fn what_people_save_is_read_cell_by_cell() {
    let office = Office::new();
    let flat = office.put("quotas.fods", FLAT);
    office.convert("xlsx", &[&flat]);
    office.convert("ods", &[&flat]);
    let values = vec![
        number("1"),
        text("shop  x\ny"),
        number("0.1"),
        number("0.8125"),
        Cell::Date(date("2026-02-28").expect("a day")),
        Cell::Bool(true),
    ];
    for name in ["quotas.xlsx", "quotas.ods"] {
        let sheets = read(&office.get(name), name).unwrap_or_else(|error| panic!("{error}"));
        let [sheet, empty]: &[Sheet; 2] = sheets.as_slice().try_into().expect("two sheets");
        assert_eq!(sheet.name, "项目配额");
        assert_eq!(sheet.rows[0], ["云序号", "项目名称", "CPU配额", "内存配额"].map(text));
        assert_eq!(sheet.rows[1..3], [vec![], vec![]], "{name}");
        assert_eq!(sheet.rows[3], values, "{name}");
        assert_eq!(sheet.rows[4][..2], [number("7"), number("7")], "{name}");
        assert!(matches!(&sheet.rows[4][2], Cell::Formula(formula) if formula.starts_with('=')), "{name}");
        let corner = |row, column| Address { row, column };
        assert_eq!(sheet.merged, [Block { first: corner(5, 0), last: corner(6, 1) }], "{name}");
        let faults: Vec<String> = sheet.faults(name).iter().map(ToString::to_string).collect();
        assert_eq!(faults.len(), 3, "{faults:#?}");
        assert_eq!(
            faults[0],
            format!(
                "{name}, sheet \"项目配额\", A6:B7: merged cells: unmerge them, so that every cell has its own value"
            )
        );
        assert!(
            faults[1].starts_with(&format!("{name}, sheet \"项目配额\", C5: a formula, =")),
            "{faults:#?}"
        );
        assert!(
            faults[2].starts_with(&format!("{name}, sheet \"项目配额\", D5: a formula, =")),
            "{faults:#?}"
        );
        assert_eq!(empty.rows, Vec::<Vec<Cell>>::new());
    }
}

/// Csv as spreadsheet programs write it in China and in Germany.
#[test]
fn csv_of_other_countries_is_read() {
    let office = Office::new();
    let csv = office.put("quotas.csv", "云序号,项目名称,CPU配额\n1,商店,8\n2,\"a,b\",16\n");
    let token = |between: u32, charset: u32| {
        format!("csv:Text - txt - csv (StarCalc):{between},34,{charset},1,,0,false,true,false")
    };
    office.convert_csv("ods", &[&csv]);
    let book = office.path("quotas.ods");
    // GB18030 is 85 in the list of LibreOffice's character sets, UTF-16 is 65535 and Windows-1252 has no Chinese.
    for (between, charset) in [(44, 76), (59, 76), (9, 76), (44, 85), (59, 85)] {
        office.convert(&token(between, charset), &[&book]);
        let bytes = office.get("quotas.csv");
        assert_eq!(charset == 76, str::from_utf8(&bytes).is_ok(), "{charset}");
        let sheets = read(&bytes, "quotas.csv").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(sheets[0].rows[0], ["云序号", "项目名称", "CPU配额"].map(text), "{between} {charset}");
        assert_eq!(sheets[0].rows[2], ["2", "a,b", "16"].map(text), "{between} {charset}");
    }
}
