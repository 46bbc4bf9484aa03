//! Sheets in, what they say of projects out; or everything that is wrong with them, cell by cell.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Charged, Column,
    cells::NONE,
    row::Row,
    said::{combine, texts},
};
use crate::quota::{
    project::{Said, SaidAmounts, Wanted, name},
    sheet::{Address, Place, Sheet, SheetError, Text},
};

/// Rows before the headings that may say something else: a title, a date.
const FIRST: usize = 10;

/// How sheets are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wants {
    /// Only the sheet of this name.
    pub sheet: Option<String>,
    /// Which keys the columns CPU and Memory are.
    pub charged: Charged,
}

/// What sheets say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Read {
    /// What they say of projects, and where each is first named; sorted by name.
    pub projects: Vec<(Wanted, Place)>,
    /// Sheets that are not about projects.
    pub left_out: Vec<String>,
}

/// Reads what sheets say of projects. When anything is wrong, all that is wrong, sorted by place, and nothing else.
pub fn read(file: &str, sheets: &[Sheet], wants: &Wants) -> Result<Read, Vec<SheetError>> {
    let mut reader = Reader::new(file, wants);
    let mut left_out = Vec::new();
    let mut any = false;
    for sheet in sheets.iter().filter(|sheet| wants.sheet.as_ref().is_none_or(|name| *name == sheet.name)) {
        match headings(sheet) {
            Some((row, columns)) => {
                any = true;
                reader.sheet(sheet, row, &columns);
            }
            None if wants.sheet.is_some() => {
                let place = Place { sheet: sheet.name.clone(), ..Place::file(file) };
                reader.errors.push(SheetError::new(place, no_headings()));
            }
            None => left_out.push(sheet.name.clone()),
        }
    }
    if !any && reader.errors.is_empty() {
        let message = match &wants.sheet {
            Some(name) => format!("there is no sheet {name:?}"),
            None => no_headings(),
        };
        reader.errors.push(SheetError::new(Place::file(file), message));
    }
    left_out.retain(|name| sheets.iter().any(|sheet| sheet.name == *name && !sheet.rows.is_empty()));
    reader.finish(left_out)
}

fn no_headings() -> String {
    format!(
        "no row of headings: one of the first {FIRST} must have a column Project (项目名称); known are {}",
        Column::known()
    )
}

/// The row of headings, and its texts: the first row with a column for projects.
fn headings(sheet: &Sheet) -> Option<(usize, Vec<(u32, String)>)> {
    sheet.rows.iter().take(FIRST).enumerate().find_map(|(row, cells)| {
        let columns: Vec<(u32, String)> = (0..)
            .zip(cells)
            .filter_map(|(column, cell)| match cell.read() {
                Text::Is(text) => Some((column, text.into_owned())),
                _ => None,
            })
            .collect();
        let about = columns.iter().any(|(_, heading)| Column::of(heading) == Some(Column::Project));
        about.then_some((row, columns))
    })
}

struct Reader<'a> {
    file: &'a str,
    wants: &'a Wants,
    errors: Vec<SheetError>,
    projects: BTreeMap<String, (Wanted, Place)>,
    /// Where each project and cluster was said.
    rows: BTreeMap<(String, Option<String>), Place>,
}

impl<'a> Reader<'a> {
    fn new(file: &'a str, wants: &'a Wants) -> Self {
        Self { file, wants, errors: Vec::new(), projects: BTreeMap::new(), rows: BTreeMap::new() }
    }

    fn sheet(&mut self, sheet: &Sheet, heading: usize, headings: &[(u32, String)]) {
        self.errors.extend(sheet.faults(self.file));
        let columns = self.columns(sheet, heading, headings);
        if !columns.iter().any(|(_, column)| column.is_amount()) {
            let place = Place { sheet: sheet.name.clone(), ..Place::file(self.file) };
            self.errors.push(SheetError::new(
                place,
                "no column of amounts: CPU, Memory, or a key of a quota such as pods",
            ));
        }
        for (row, cells) in (0..).zip(&sheet.rows).skip(heading + 1) {
            if cells.iter().any(|cell| !cell.is_empty()) {
                self.row(&Row { sheet, file: self.file, number: row, columns: &columns });
            }
        }
    }

    fn columns(&mut self, sheet: &Sheet, row: usize, headings: &[(u32, String)]) -> Vec<(u32, Column)> {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        let mut columns: Vec<(u32, Column)> = Vec::new();
        let mut keys = BTreeSet::new();
        for (at, heading) in headings {
            let place = sheet.place(self.file, Address { row, column: *at });
            let Some(column) = Column::of(heading) else {
                let message = format!(
                    "no column is called {heading:?}: known are {}, and keys of quotas such as requests.cpu; a column \
                     that is only for people is called Note",
                    Column::known()
                );
                self.errors.push(SheetError::new(place, message));
                continue;
            };
            let twice = match self.keys(&column) {
                none if none.is_empty() => {
                    column != Column::Note && columns.iter().any(|(_, other)| *other == column)
                }
                these => !these.into_iter().all(|key| keys.insert(key)),
            };
            if twice {
                self.errors.push(SheetError::new(
                    place,
                    format!("{heading:?} says what another column says already"),
                ));
            } else {
                columns.push((*at, column));
            }
        }
        columns
    }

    /// The keys of the quota that a column is.
    fn keys(&self, column: &Column) -> Vec<String> {
        match column {
            Column::Cpu => self.wants.charged.keys("cpu"),
            Column::Memory => self.wants.charged.keys("memory"),
            Column::Key(key) => vec![key.clone()],
            _ => Vec::new(),
        }
    }

    fn row(&mut self, row: &Row<'_>) {
        let Some((said, project)) = self.project(row) else { return };
        let cluster = row.text(&Column::Cluster).map(|(_, text)| text).filter(|text| text != NONE);
        let mut amounts = SaidAmounts::new();
        for (at, column) in row.columns.iter().filter(|(_, column)| column.is_amount()) {
            match row.amount(*at, column) {
                Ok(Some(amount)) => {
                    amounts.extend(self.keys(column).into_iter().map(|key| (key, amount)));
                }
                // What is no value is told of already.
                Ok(None) => {}
                Err(error) => self.errors.push(error),
            }
        }
        let wanted = texts(row, said, &project, &mut self.errors);
        let place = row.first();
        let key = (project.clone(), cluster.clone());
        if let Some(before) = self.rows.get(&key) {
            let cell = before.block.map_or_else(String::new, |block| block.to_string());
            let whose =
                cluster.map_or_else(|| "altogether".to_owned(), |cluster| format!("in cluster {cluster}"));
            let message = format!(
                "what {project} may have {whose} is said in {}{cell} already",
                other_sheet(before, &place)
            );
            self.errors.push(SheetError::new(place, message));
            return;
        }
        self.rows.insert(key, place.clone());
        match self.projects.get_mut(&project) {
            None => {
                let mut wanted = wanted;
                add(&mut wanted, cluster, amounts);
                self.projects.insert(project, (wanted, place));
            }
            Some((before, first)) => {
                let contrary = combine(before, wanted);
                add(before, cluster, amounts);
                let first = first.block.map_or_else(String::new, |block| block.to_string());
                self.errors.extend(contrary.into_iter().map(|column| {
                    let place = row.place_of(&column).unwrap_or_else(|| place.clone());
                    SheetError::new(place, format!("of {project}, {first} says something else here"))
                }));
            }
        }
    }

    /// What a row says of its project's name, and the name that an object of it can have.
    fn project(&mut self, row: &Row<'_>) -> Option<(Said<String>, String)> {
        let Some((at, text)) = row.text(&Column::Project) else {
            // A fault is told of already.
            if !row.is_faulty(&Column::Project) {
                let place = row.first();
                self.errors.push(SheetError::new(place, "no project: a row must say whose it is"));
            }
            return None;
        };
        match name::of_text(&text) {
            Some(name) if name == text => Some((Said::Nothing, name)),
            Some(name) => Some((Said::Is(text), name)),
            None => {
                self.errors
                    .push(SheetError::new(at, format!("{text:?} is longer than a project's name can be")));
                None
            }
        }
    }

    fn finish(mut self, left_out: Vec<String>) -> Result<Read, Vec<SheetError>> {
        if self.errors.is_empty() {
            return Ok(Read { projects: self.projects.into_values().collect(), left_out });
        }
        self.errors.sort();
        self.errors.dedup();
        Err(self.errors)
    }
}

fn other_sheet(one: &Place, other: &Place) -> String {
    if one.sheet == other.sheet { String::new() } else { format!("sheet {:?}, ", one.sheet) }
}

fn add(wanted: &mut Wanted, cluster: Option<String>, amounts: SaidAmounts) {
    match cluster {
        None => wanted.hard = Some(amounts),
        Some(cluster) => drop(wanted.clusters.insert(cluster, amounts)),
    }
}
