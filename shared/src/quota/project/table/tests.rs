//! Sheets as people fill them in, right and wrong, and the way there and back.

use proptest::prelude::*;

use super::{Charged, Column, Language, Wants, read, template, write};
use crate::quota::{
    Amounts,
    project::{
        Action, ClusterSlice, Merging, Model, ProjectQuota, ProjectQuotaSpec, Wanted, name, plan, text,
    },
    sheet::{self, Cell, Sheet},
};

fn merging() -> Merging {
    Merging { prune: false, label: "passmuster.dev/project".into() }
}

fn sheet(rows: &[&[&str]]) -> Sheet {
    let rows = rows.iter().map(|row| row.iter().map(|text| Cell::text(*text)).collect()).collect();
    Sheet { name: "S".into(), rows, ..Sheet::default() }
}

fn good(rows: &[&[&str]]) -> Vec<Wanted> {
    let read = read("f.xlsx", &[sheet(rows)], &Wants::default());
    read.unwrap_or_else(|errors| panic!("{errors:?}"))
        .projects
        .into_iter()
        .map(|(wanted, _)| wanted)
        .collect()
}

fn errors(sheets: &[Sheet]) -> Vec<String> {
    let errors = read("f.xlsx", sheets, &Wants::default()).expect_err("something is wrong");
    errors.iter().map(ToString::to_string).collect()
}

fn amounts(pairs: &[(&str, &str)]) -> Amounts {
    pairs.iter().map(|(key, amount)| ((*key).to_owned(), amount.parse().unwrap())).collect()
}

#[test]
fn the_seeds_columns_make_projects_of_clusters() {
    let wanted = good(&[
        &["2026 年度配额"],
        &["云序号", "项目名称", "CPU配额", "内存配额"],
        &["1", "支付平台", "16", "64"],
        &["2", "支付平台", "8.5", "32Gi"],
        &["1", "shop", "500m", "0.5"],
    ]);
    let changes = plan(&wanted, &[], &merging());
    let pay = &changes[0];
    assert_eq!((pay.action, pay.name.as_str()), (Action::Added, name::of_text("支付平台").unwrap().as_str()));
    let spec = &pay.object.spec;
    assert_eq!(spec.display_name.as_deref(), Some("支付平台"));
    assert_eq!(spec.hard, amounts(&[("requests.cpu", "24500m"), ("requests.memory", "96Gi")]));
    assert_eq!(spec.clusters.iter().map(|slice| slice.name.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(spec.clusters[1].hard, amounts(&[("requests.cpu", "8500m"), ("requests.memory", "32Gi")]));
    assert_eq!(
        text::selector(spec.namespace_selector.as_ref().unwrap()),
        format!("passmuster.dev/project={}", pay.name)
    );
    let shop = &changes[1].object.spec;
    assert_eq!(
        (shop.display_name.clone(), shop.hard.clone()),
        (None, amounts(&[("requests.cpu", "0.5"), ("requests.memory", "512Mi")]))
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_by_its_cell() {
    let mut wrong = sheet(&[
        &["项目名称", "CPU配额", "内存配额", "reqests.cpu", "pods", "命名空间", "Selector", "Model", "CPU"],
        &["shop", "two", "", "1", "1.5", "a_b", "x y z", "both", ""],
        &["", "1", "1", "1", "1", "", "", "", ""],
        &["shop", "1", "1GB", "1", "-1", "", "", "", ""],
        &["web", "1", "1", "", "1", "", "", "", ""],
    ]);
    wrong.rows[4][1] = Cell::Formula("=SUM(B2:B4)".into());
    wrong.rows[4][2] = Cell::Error("#REF!".into());
    let found = errors(&[wrong]);
    let at: Vec<&str> = found.iter().map(|line| line.split(": ").next().unwrap()).collect();
    let expected: Vec<String> =
        ["D1", "I1", "B2", "C2", "E2", "F2", "G2", "H2", "A3", "A4", "C4", "E4", "B5", "C5"]
            .map(|cell| format!("f.xlsx, sheet \"S\", {cell}"))
            .into();
    assert_eq!(at, expected, "{found:#?}");
    assert!(found[9].ends_with("what shop may have altogether is said in A2 already"), "{found:#?}");
    assert!(found[3].ends_with("the cell is empty: write an amount, or - for no limit"), "{found:#?}");
}

#[test]
fn a_merged_cell_is_told_of_once() {
    let mut merged = sheet(&[&["Project", "CPU"], &["a", "1"], &["b", ""]]);
    let at = |row, column| sheet::Address { row, column };
    merged.merged.push(sheet::Block { first: at(1, 1), last: at(2, 1) });
    let found = errors(&[merged]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("f.xlsx, sheet \"S\", B2:B3: merged cells"), "{found:?}");
}

#[test]
fn sheets_without_projects_are_left_out_and_named() {
    let notes = Sheet { name: "Other".into(), ..sheet(&[&["what", "ever"]]) };
    let quotas = sheet(&[&["Project", "CPU"], &["a", "1"]]);
    let found = read("f", &[notes.clone(), quotas, Sheet::default()], &Wants::default()).unwrap();
    assert_eq!((found.projects.len(), found.left_out), (1, vec!["Other".to_owned()]));
    assert!(errors(std::slice::from_ref(&notes))[0].starts_with("f.xlsx: no row of headings"));
    let other = Wants { sheet: Some("Nowhere".into()), ..Wants::default() };
    let found = read("f", &[notes], &other).unwrap_err();
    assert_eq!(found[0].to_string(), "f: there is no sheet \"Nowhere\"");
    assert!(errors(&[sheet(&[&["Project", "Note"], &["a", "x"]])])[0].contains("no column of amounts"));
}

#[test]
fn a_filled_template_is_read_and_an_empty_one_says_nothing() {
    for language in [Language::English, Language::Chinese] {
        let [mut form, notes] = template(language);
        let empty = read("t", &[form.clone(), notes.clone()], &Wants::default()).unwrap();
        assert_eq!((empty.projects.len(), empty.left_out), (0, vec![notes.name.clone()]));
        form.rows.push(["", "shop", "2", "4", "", "", "a, b", "", ""].map(Cell::text).into());
        let found = read("t", &[form, notes], &Wants::default()).unwrap();
        let changes = plan(&[found.projects[0].0.clone()], &[], &merging());
        assert_eq!(changes[0].object.spec.namespaces, ["a", "b"]);
    }
}

#[test]
fn what_is_not_said_stays_unless_pruned() {
    let before = ProjectQuota::new(
        "shop",
        ProjectQuotaSpec {
            display_name: Some("The shop".into()),
            external_id: Some("7".into()),
            namespaces: vec!["shop".into()],
            hard: amounts(&[("requests.cpu", "3"), ("pods", "10")]),
            model: Model::Allocation,
            clusters: vec![
                ClusterSlice { name: "east".into(), hard: amounts(&[("requests.cpu", "1")]) },
                ClusterSlice { name: "west".into(), hard: amounts(&[("requests.cpu", "2")]) },
            ],
            ..ProjectQuotaSpec::default()
        },
    );
    let other = ProjectQuota::new("web", ProjectQuotaSpec::default());
    let wanted = good(&[&["Cluster", "Project", "CPU", "Display name"], &["east", "shop", "4", "-"]]);
    let all = [before.clone(), other];
    let changes = plan(&wanted, &all, &merging());
    assert_eq!(changes.len(), 1);
    let lines: Vec<String> = changes[0]
        .fields
        .iter()
        .map(|change| format!("{} {:?} {:?}", change.field, change.old, change.new))
        .collect();
    assert_eq!(
        lines,
        [
            r#"clusters[east].hard[requests.cpu] Some("1") Some("4")"#,
            r#"displayName Some("The shop") None"#,
            r#"hard[requests.cpu] Some("3") Some("6")"#,
        ]
    );
    assert_eq!(changes[0].object.spec.problems(), [""; 0]);
    let pruned = plan(&wanted, &all, &Merging { prune: true, ..merging() });
    assert_eq!(
        pruned.iter().map(|change| change.action).collect::<Vec<_>>(),
        [Action::Changed, Action::Removed]
    );
    let spec = &pruned[0].object.spec;
    assert_eq!((spec.clusters.len(), &spec.hard), (1, &amounts(&[("requests.cpu", "4")])));

    // Who wanted less than the sum of the parts keeps it, and is told.
    let mut tight = before;
    tight.spec.hard.set("requests.cpu", "5".parse().unwrap());
    let wanted = good(&[&["Cluster", "Project", "CPU"], &["east", "shop", "4"]]);
    let changes = plan(&wanted, &[tight], &merging());
    assert_eq!(
        changes[0].object.spec.problems(),
        ["its clusters' parts of requests.cpu add up to 6, and it has 5 altogether"]
    );
}

#[test]
fn amounts_written_otherwise_are_no_change() {
    let before = ProjectQuota::new(
        "shop",
        ProjectQuotaSpec {
            namespaces: vec!["b".into(), "a".into()],
            hard: amounts(&[("requests.cpu", "1000m"), ("requests.memory", "1024Mi")]),
            ..ProjectQuotaSpec::default()
        },
    );
    let wanted = good(&[&["Project", "CPU", "Memory", "Namespaces"], &["shop", "1", "1", "a b"]]);
    assert_eq!(plan(&wanted, &[before], &merging())[0].action, Action::Unchanged);
}

fn some_amounts() -> impl Strategy<Value = Amounts> {
    let keys = [
        "requests.cpu",
        "limits.cpu",
        "requests.memory",
        "limits.memory",
        "pods",
        "count/jobs.batch",
        "requests.storage",
        "requests.nvidia.com/gpu",
    ];
    let whole = |key: &str| crate::quota::project::keys::is_whole(key);
    let one = (0..keys.len(), 0..1_000_000_i64, 0..6_usize).prop_map(move |(key, n, unit)| {
        let key = keys[key];
        let units = if whole(key) { ["", "k", "M", "", "k", "M"] } else { ["m", "", "Mi", "Gi", "G", "n"] };
        let unit = if crate::quota::project::keys::is_bytes(key) && unit == 1 { "Ki" } else { units[unit] };
        (key.to_owned(), format!("{n}{unit}").parse().unwrap())
    });
    prop::collection::vec(one, 1..5).prop_map(|pairs| pairs.into_iter().collect())
}

fn some_project() -> impl Strategy<Value = ProjectQuota> {
    let text = prop::option::of("[a-zA-Z支付 ,;\"'=]{1,8}".prop_filter("is said", |text| {
        !text.trim().is_empty() && text.trim() == text && text != "-" && !text.starts_with('=')
    }));
    let selectors = ["*", "team=shop", "!canary,env in (a,b),zone notin (x)"];
    (
        ("[a-z]{1,3}", text.clone(), text, prop::collection::btree_set("[a-z]{1,4}", 0..3)),
        (prop::option::of(0..selectors.len()), some_amounts(), any::<bool>(), any::<bool>()),
        prop::collection::btree_map("[a-z0-9]{1,3}", some_amounts(), 0..3),
    )
        .prop_map(
            move |(
                (name, display_name, external_id, namespaces),
                (selector, hard, allocation, scoped),
                clusters,
            )| {
                let selector = selector.map(|at| selectors[at]);
                let selector = if namespaces.is_empty() { selector.or(Some("*")) } else { selector };
                let spec = ProjectQuotaSpec {
                    display_name,
                    external_id,
                    namespaces: namespaces.into_iter().collect(),
                    namespace_selector: selector.map(|selector| text::parse_selector(selector).unwrap()),
                    hard,
                    scopes: if scoped { vec!["BestEffort".into()] } else { Vec::new() },
                    scope_selector: scoped
                        .then(|| text::parse_scopes("PriorityClass in (high,low)").unwrap()),
                    model: if allocation { Model::Allocation } else { Model::Usage },
                    enforcement: None,
                    clusters: clusters.into_iter().map(|(name, hard)| ClusterSlice { name, hard }).collect(),
                };
                ProjectQuota::new(name, spec)
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]
    #[test]
    fn what_is_written_is_read_to_no_change(
        projects in prop::collection::btree_map("[a-z]{1,3}", some_project(), 0..5),
        limits in any::<bool>(),
        chinese in any::<bool>(),
    ) {
        let projects: Vec<ProjectQuota> =
            projects.into_iter().map(|(name, project)| ProjectQuota::new(name, project.spec)).collect();
        let charged = if limits { Charged::Limits } else { Charged::Requests };
        let language = if chinese { Language::Chinese } else { Language::English };
        let wants = Wants { charged, ..Wants::default() };
        let written = write(&projects, charged, language);
        let (mut bytes, mut csv) = (Vec::new(), Vec::new());
        sheet::write_xlsx(std::slice::from_ref(&written), &mut bytes).unwrap();
        sheet::write_csv(&written, sheet::Csv::default(), &mut csv).unwrap();
        for (bytes, file) in [(bytes, "a.xlsx"), (csv, "a.csv")] {
            let sheets = sheet::read(&bytes, file).unwrap();
            let found = read(file, &sheets, &wants).unwrap();
            let wanted: Vec<Wanted> = found.projects.into_iter().map(|(wanted, _)| wanted).collect();
            prop_assert_eq!(wanted.len(), projects.len());
            for prune in [false, true] {
                let changes = plan(&wanted, &projects, &Merging { prune, ..merging() });
                for change in &changes {
                    prop_assert_eq!(change.action, Action::Unchanged, "{}: {:?}", file, change);
                }
            }
            // Elsewhere the same comes of it.
            for (change, project) in plan(&wanted, &[], &merging()).iter().zip(&projects) {
                let again = plan(&wanted, std::slice::from_ref(&change.object), &merging());
                let same = again.iter().find(|again| again.name == change.name).unwrap();
                prop_assert_eq!(same.action, Action::Unchanged);
                prop_assert_eq!(&change.object.spec.hard, &project.spec.hard);
                prop_assert_eq!(&change.object.spec.clusters, &project.spec.clusters);
            }
        }
    }
}

#[test]
fn columns_are_named_in_the_order_of_the_seed() {
    let written = write(&[], Charged::Requests, Language::Chinese);
    let headings: Vec<_> = written.rows[0].iter().map(|cell| format!("{cell:?}")).collect();
    assert!(headings[0].contains("云序号") && headings[1].contains("项目名称"), "{headings:?}");
    assert_eq!(Column::of("内存配额（GiB）"), Some(Column::Memory));
}
