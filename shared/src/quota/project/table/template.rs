//! An empty spreadsheet that says how it is filled in.

use super::{Column, Language};
use crate::quota::sheet::{Cell, Sheet};

const COLUMNS: &[Column] = &[
    Column::Cluster,
    Column::Project,
    Column::Cpu,
    Column::Memory,
    Column::DisplayName,
    Column::ExternalId,
    Column::Namespaces,
    Column::Selector,
    Column::Model,
];

/// The sheet to be filled in, and one that says how. A csv file has the first only; its headings tell the units.
pub fn template(language: Language) -> [Sheet; 2] {
    let headings = COLUMNS.iter().map(|column| Cell::text(column.heading(language))).collect();
    let (name, notes, lines) = match language {
        Language::English => ("Projects", "Notes", ENGLISH),
        Language::Chinese => ("项目配额", "填写说明", CHINESE),
    };
    let lines = lines.iter().map(|(heading, text)| vec![Cell::text(*heading), Cell::text(*text)]).collect();
    let width = |width| crate::quota::sheet::Column { width, ..Default::default() };
    [
        Sheet {
            name: name.to_owned(),
            rows: vec![headings],
            columns: vec![width(18); COLUMNS.len()],
            headings: 1,
            ..Sheet::default()
        },
        Sheet {
            name: notes.to_owned(),
            rows: lines,
            columns: vec![width(24), width(100)],
            ..Sheet::default()
        },
    ]
}

const ENGLISH: &[(&str, &str)] = &[
    ("Column:", "What to write"),
    ("Cluster:", "The cluster whose part of the project's quota the row is. Empty: the project altogether."),
    ("Project:", "The project's name. What can't be the name of an object becomes its display name."),
    (
        "CPU:",
        "Cores, such as 16 or 2.5; or with a suffix, 2500m. It limits requests.cpu unless import is told otherwise.",
    ),
    (
        "Memory:",
        "GiB, such as 64; or with a suffix, 512Mi. It limits requests.memory unless import is told otherwise.",
    ),
    ("Display name:", "What people call the project."),
    ("External id:", "What another system calls the project."),
    ("Namespaces:", "Namespaces of the project by name, with commas between them."),
    ("Selector:", "Namespaces of the project by label, as kubectl get -l takes it: team=shop,env in (a,b)"),
    (
        "Model:",
        "usage: what runs is charged. allocation: what the namespaces' ResourceQuotas allow is charged.",
    ),
    (
        "Any key of a quota:",
        "A further column is headed by the key: limits.memory, pods, requests.nvidia.com/gpu…",
    ),
    ("Note:", "A column that is only for people."),
    (
        "-",
        "None: no limit, no name. Other text that is left empty stays as it is; amounts can't be left empty.",
    ),
];

const CHINESE: &[(&str, &str)] = &[
    ("列：", "填写方法"),
    ("云序号：", "该行配额所属的集群；留空表示项目的总配额。"),
    ("项目名称：", "项目的名称；不能作为对象名称的文字将作为显示名称。"),
    ("CPU配额：", "单位为核，如 16 或 2.5；也可带后缀，如 2500m。默认限制 requests.cpu。"),
    ("内存配额：", "单位为 GiB，如 64；也可带后缀，如 512Mi。默认限制 requests.memory。"),
    ("显示名称：", "项目的显示名称。"),
    ("外部标识：", "其他系统中的项目标识。"),
    ("命名空间：", "属于该项目的命名空间，以逗号分隔。"),
    ("命名空间选择器：", "按标签选择命名空间，写法同 kubectl get -l：team=shop,env in (a,b)"),
    ("计量方式：", "usage：按实际占用计量；allocation：按命名空间 ResourceQuota 之和计量。"),
    ("配额的键：", "其他列以配额的键为标题：limits.memory、pods、requests.nvidia.com/gpu…"),
    ("备注：", "仅供阅读的列。"),
    ("-", "表示没有：不限制，或无名称。其他文字留空则保持原样；配额不能留空。"),
];
