//! How full projects or namespaces were, day by day: the spreadsheet that people send around.

use std::{collections::BTreeMap, str::FromStr};

use jiff::civil::Date;

use crate::quota::{
    QuotaUsage, Rate, Row,
    sheet::{Cell, Column, Format, Sheet},
};

/// The language of headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English: `en`.
    #[default]
    English,
    /// Chinese: `zh`.
    Chinese,
}

/// How several days are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// One sheet, the days one below the other: `rows`.
    #[default]
    Rows,
    /// A sheet for each day: `sheets`.
    Sheets,
}

/// No language or layout is called so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is none of {allowed}")]
pub struct NotOneOf {
    given: String,
    allowed: &'static str,
}

impl FromStr for Lang {
    type Err = NotOneOf;

    fn from_str(text: &str) -> Result<Self, NotOneOf> {
        match text {
            "en" => Ok(Self::English),
            "zh" => Ok(Self::Chinese),
            _ => Err(NotOneOf { given: text.to_owned(), allowed: "en, zh" }),
        }
    }
}

impl FromStr for Layout {
    type Err = NotOneOf;

    fn from_str(text: &str) -> Result<Self, NotOneOf> {
        match text {
            "rows" => Ok(Self::Rows),
            "sheets" => Ok(Self::Sheets),
            _ => Err(NotOneOf { given: text.to_owned(), allowed: "rows, sheets" }),
        }
    }
}

/// The sheets: of each day each group's names, the day, and how full its CPU and its memory were at their peak, with
/// ten decimal places; where no peaks are known, how much of the quota was charged. What has no quota has no rate.
///
/// Where several quotas count, that which is fullest says how full the group is.
pub fn rates(days: &[(Date, QuotaUsage)], lang: Lang, layout: Layout) -> Vec<Sheet> {
    let by = days.first().map(|(_, usage)| usage.by.as_slice()).unwrap_or_default();
    let names: Vec<String> = by.iter().map(|by| heading(by, lang)).collect();
    let mut days: Vec<&(Date, QuotaUsage)> = days.iter().collect();
    days.sort_by_key(|(date, _)| *date);
    let mut sheets = Vec::new();
    match layout {
        Layout::Rows => {
            let mut sheet = empty(sheet_name(lang), &names, lang);
            sheet.rows.extend(days.iter().flat_map(|(date, usage)| lines(*date, usage, by)));
            sheets.push(sheet);
        }
        Layout::Sheets => {
            for (date, usage) in &days {
                let mut sheet = empty(date.to_string(), &names, lang);
                sheet.rows.extend(lines(*date, usage, by));
                sheets.push(sheet);
            }
        }
    }
    sheets.extend(unread(&days, lang));
    sheets
}

fn empty(name: String, names: &[String], lang: Lang) -> Sheet {
    let told = match lang {
        Lang::English => ["Date", "CPU rate", "Memory rate"],
        Lang::Chinese => ["日期", "CPU使用率", "内存使用率"],
    };
    let headings = names.iter().map(String::as_str).chain(told).map(Cell::from).collect();
    let mut columns = vec![Column::default(); names.len() + 1];
    columns.extend([Column { width: 16, format: Format::Rate }; 2]);
    Sheet { name, rows: vec![headings], columns, headings: 1, ..Sheet::default() }
}

fn sheet_name(lang: Lang) -> String {
    match lang {
        Lang::English => "Rates",
        Lang::Chinese => "使用率",
    }
    .to_owned()
}

fn heading(by: &str, lang: Lang) -> String {
    match (by, lang) {
        ("cluster", Lang::English) => "Cluster",
        ("project", Lang::English) => "Project",
        ("namespace", Lang::English) => "Namespace",
        ("node", Lang::English) => "Node",
        ("owner", Lang::English) => "Workload",
        ("pod", Lang::English) => "Pod",
        ("cluster", Lang::Chinese) => "集群",
        ("project", Lang::Chinese) => "项目",
        ("namespace", Lang::Chinese) => "命名空间",
        ("node", Lang::Chinese) => "节点",
        ("owner", Lang::Chinese) => "工作负载",
        ("pod", Lang::Chinese) => "容器组",
        (other, _) => other.strip_prefix("label=").unwrap_or(other),
    }
    .to_owned()
}

/// The fullest of a group's quotas, of each key.
#[derive(Default)]
struct Fullest<'a>(BTreeMap<&'a str, Rate>);

impl<'a> Fullest<'a> {
    fn add(&mut self, row: &'a Row) {
        // A row without a quota is of the cluster, not of the group's own share.
        let of_quota = row.rate.filter(|_| row.hard.is_some());
        if let Some(rate) = row.peak_rate.or(of_quota) {
            let fullest = self.0.entry(&row.resource).or_insert(rate);
            *fullest = (*fullest).max(rate);
        }
    }

    /// What was asked for counts before what is the most that may be.
    fn of(&self, resource: &str) -> Cell {
        let keys = [format!("requests.{resource}"), resource.to_owned(), format!("limits.{resource}")];
        let rate = keys.iter().find_map(|key| self.0.get(key.as_str()));
        rate.map_or(Cell::Empty, |rate| Cell::Number(rate.decimal()))
    }
}

fn lines(date: Date, usage: &QuotaUsage, by: &[String]) -> Vec<Vec<Cell>> {
    let mut groups: BTreeMap<Vec<&str>, Fullest<'_>> = BTreeMap::new();
    for row in &usage.rows {
        groups.entry(names(row, by)).or_default().add(row);
    }
    let line = |(names, fullest): (Vec<&str>, Fullest<'_>)| {
        let mut cells: Vec<Cell> = names.into_iter().map(Cell::from).collect();
        cells.extend([Cell::Date(date), fullest.of("cpu"), fullest.of("memory")]);
        cells
    };
    groups.into_iter().map(line).collect()
}

fn names<'a>(row: &'a Row, by: &[String]) -> Vec<&'a str> {
    let mut labels = row.labels.iter();
    let name = |by: &String| match by.as_str() {
        "cluster" => row.cluster.as_deref(),
        "project" => row.project.as_deref(),
        "namespace" => row.namespace.as_deref(),
        "node" => row.node.as_deref(),
        "owner" => row.owner.as_deref(),
        "pod" => row.pod.as_deref(),
        _ => labels.next().map(String::as_str),
    };
    by.iter().map(name).map(Option::unwrap_or_default).collect()
}

/// The clusters of which nothing could be read: their projects are not in the other sheets.
fn unread(days: &[&(Date, QuotaUsage)], lang: Lang) -> Option<Sheet> {
    let (name, headings) = match lang {
        Lang::English => ("Errors", ["Date", "Cluster", "Error"]),
        Lang::Chinese => ("错误", ["日期", "集群", "错误"]),
    };
    let mut rows = vec![headings.map(Cell::from).to_vec()];
    for (date, usage) in days {
        for cluster in &usage.clusters {
            if let Some(error) = &cluster.error {
                rows.push(vec![Cell::Date(*date), Cell::text(&cluster.name), Cell::text(error)]);
            }
        }
    }
    (rows.len() > 1).then(|| Sheet { name: name.to_owned(), rows, headings: 1, ..Sheet::default() })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        quota::sheet::{Csv, write_csv},
        report::usage::sample::sample,
    };

    fn days() -> Vec<(Date, QuotaUsage)> {
        let second = sample("project", "project=shop quota=q resource=requests.cpu hard=3 used=3 peak=1");
        let first = sample(
            "project",
            "failed b no route to host
             project=shop quota=q resource=requests.cpu hard=8 used=8 peak=2
             project=shop quota=tight resource=requests.cpu hard=3 used=3 peak=2
             project=shop quota=q resource=limits.cpu hard=2 used=2 peak=2
             project=shop quota=q resource=limits.memory hard=4Gi used=3Gi
             project=bank resource=cpu requested=3 allocatable=4",
        );
        vec![(date(2026, 3, 1), second), (date(2026, 2, 28), first)]
    }

    fn csv(sheet: &Sheet) -> String {
        let mut out = Vec::new();
        write_csv(sheet, Csv::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn days_stand_below_each_other() {
        let sheets = rates(&days(), Lang::Chinese, Layout::Rows);
        assert_eq!(sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["使用率", "错误"]);
        assert_eq!(
            csv(&sheets[0]),
            "项目,日期,CPU使用率,内存使用率\r\n\
             bank,2026-02-28,,\r\n\
             shop,2026-02-28,0.6666666667,0.7500000000\r\n\
             shop,2026-03-01,0.3333333333,\r\n"
        );
        assert_eq!(csv(&sheets[1]), "日期,集群,错误\r\n2026-02-28,b,no route to host\r\n");
    }

    #[test]
    fn days_have_sheets() {
        let sheets = rates(&days(), Lang::English, Layout::Sheets);
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(names, ["2026-02-28", "2026-03-01", "Errors"]);
        assert_eq!(csv(&sheets[1]), "Project,Date,CPU rate,Memory rate\r\nshop,2026-03-01,0.3333333333,\r\n");
    }

    #[test]
    fn nothing_is_headings() {
        assert_eq!(csv(&rates(&[], Lang::English, Layout::Rows)[0]), "Date,CPU rate,Memory rate\r\n");
        assert!(rates(&[], Lang::English, Layout::Sheets).is_empty());
        assert!("de".parse::<Lang>().is_err() && "zh".parse::<Lang>().is_ok());
        assert_eq!("wide".parse::<Layout>().unwrap_err().to_string(), "\"wide\" is none of rows, sheets");
    }
}
