//! Project quotas through spreadsheets and back.

use std::path::{Path, PathBuf};

use passmuster::quota::sheet::{Cell, Sheet, write_xlsx};
use passmuster_tests::{ControlPlane, Options, Plugin, plugin::Run};
use serde_json::{Value, json};

use crate::world::{QUOTAS, plane};

fn run(plane: &ControlPlane, args: &[&str]) -> Run {
    Plugin::new("kubectl-quota-usage").on(plane).args(args).run()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Writes a sheet as a file of the control plane's directory.
fn xlsx(plane: &ControlPlane, name: &str, rows: &[&[&str]]) -> PathBuf {
    let rows = rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|text| match text.parse::<f64>() {
                    Ok(_) => Cell::Number((*text).to_owned()),
                    Err(_) => Cell::text(*text),
                })
                .collect()
        })
        .collect();
    let mut bytes = Vec::new();
    write_xlsx(&[Sheet { name: "项目".into(), rows, ..Sheet::default() }], &mut bytes).unwrap();
    let path = plane.dir().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn specs(plane: &ControlPlane) -> Vec<(String, Value)> {
    let list = plane.api().get(QUOTAS).unwrap();
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| (item["metadata"]["name"].as_str().unwrap().to_owned(), item["spec"].clone())).collect()
}

#[test]
fn what_is_imported_is_exported_and_imported_to_no_change() {
    let plane = plane();
    let file = xlsx(
        &plane,
        "quotas.xlsx",
        &[
            &["云序号", "项目名称", "CPU配额", "内存配额", "pods", "命名空间", "备注"],
            &["1", "支付平台", "16", "64", "100", "pay, pay-test", "x"],
            &["2", "支付平台", "8.5", "32.25", "-", "", ""],
            &["", "shop", "500m", "512Mi", "10", "", ""],
        ],
    );
    let shown = run(&plane, &["import", text(&file), "--exit-code"]).exits(3);
    assert!(shown.stderr.ends_with("2 added. Nothing is written yet: --apply does.\n"), "{shown}");
    assert_eq!(specs(&plane), []);
    let pretended = run(&plane, &["import", text(&file), "--apply", "--dry-run=server"]).success();
    assert!(
        pretended.stdout.ends_with("projectquota.passmuster.dev/shop created (server dry run)\n"),
        "{pretended}"
    );
    assert_eq!(specs(&plane), []);
    let written = run(&plane, &["import", text(&file), "--apply"]).success();
    assert_eq!(written.stdout.lines().count(), 2, "{written}");
    let stored = specs(&plane);
    let pay = stored.iter().find(|(name, _)| name.starts_with("project-")).unwrap().1.clone();
    assert_eq!(
        pay,
        json!({
            "displayName": "支付平台", "model": "usage", "namespaces": ["pay", "pay-test"],
            "hard": {"requests.cpu": "24500m", "requests.memory": "98560Mi", "pods": "100"},
            "clusters": [
                {"name": "1", "hard": {"requests.cpu": "16", "requests.memory": "64Gi", "pods": "100"}},
                {"name": "2", "hard": {"requests.cpu": "8500m", "requests.memory": "33024Mi"}}],
        })
    );

    // Every format, there and back.
    for (name, more) in [
        ("a.xlsx", ["--lang", "zh"]),
        ("a.csv", ["--lang", "en"]),
        ("a.yaml", ["-o", "yaml"]),
        ("a.json", ["-o", "json"]),
    ] {
        let exported = plane.dir().join(name);
        run(&plane, &["export", "--output-file", text(&exported), more[0], more[1]]).success();
        let again = run(&plane, &["import", text(&exported), "--prune", "--exit-code"]).success();
        assert!(again.stderr.ends_with("2 unchanged: nothing to change.\n"), "{name}: {again}");
        let piped = std::fs::read(&exported).unwrap();
        let again = Plugin::new("kubectl-quota-usage").on(&plane).stdin(piped);
        again.args(["import", "-", "--exit-code"]).run().success();
        // Nothing is there, and the same comes of it.
        for (object, _) in &stored {
            plane.api().delete(&format!("{QUOTAS}/{object}")).unwrap();
        }
        run(&plane, &["import", text(&exported), "--apply"]).success();
        assert_eq!(specs(&plane), stored, "{name}");
    }
    let csv = run(&plane, &["export"]).success().stdout;
    assert!(csv.starts_with("Cluster,Project,CPU (cores),Memory (GiB),"), "{csv}");
    assert!(csv.contains("\r\n1,") && csv.contains(",8.5,32.25,"), "{csv}");
    // What kubectl writes of them is no harder to read.
    let objects = Plugin::through_kubectl("get").on(&plane).args(["pq", "-o", "yaml"]).run().success().stdout;
    let again = Plugin::new("kubectl-quota-usage")
        .on(&plane)
        .stdin(objects)
        .args(["import", "-", "--exit-code"])
        .run();
    assert!(again.success().stderr.contains("2 unchanged"));
}

#[test]
fn a_change_is_shown_as_what_it_was_and_becomes() {
    let plane = plane();
    let spec =
        json!({"namespaces": ["shop"], "hard": {"requests.cpu": "5", "secrets": "9"}, "externalId": "7"});
    for name in ["shop", "web"] {
        plane
            .create(&json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "ProjectQuota", "metadata": {"name": name}, "spec": spec}))
            .unwrap();
    }
    let file = plane.dir().join("q.csv");
    std::fs::write(&file, "Project,CPU,pods\nshop,10,3\n").unwrap();
    let shown = run(&plane, &["import", text(&file)]).success();
    let lines: Vec<Vec<&str>> = shown.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        lines,
        [
            ["PROJECT", "ACTION", "FIELD", "OLD", "NEW"],
            ["shop", "changed", "hard[pods]", "-", "3"],
            ["shop", "changed", "hard[requests.cpu]", "5", "10"],
        ]
    );
    let applied = run(&plane, &["import", text(&file), "--apply", "--force-conflicts"]).success();
    assert_eq!(applied.stdout, "projectquota.passmuster.dev/shop configured\n");
    assert_eq!(specs(&plane)[0].1["hard"], json!({"requests.cpu": "10", "pods": "3", "secrets": "9"}));
    assert_eq!(specs(&plane)[0].1["externalId"], "7");
    // What others own is theirs until it is taken over.
    std::fs::write(&file, "Project,secrets\nshop,-\n").unwrap();
    let stays = run(&plane, &["import", text(&file), "--apply"]).exits(1);
    assert!(stays.stderr.contains("hard[secrets] stays 9"), "{stays}");
    assert_eq!(specs(&plane)[0].1["hard"]["secrets"], "9");
    std::fs::write(&file, "Project,CPU\nweb,6\n").unwrap();
    let conflict = run(&plane, &["import", text(&file), "--apply"]).exits(1);
    assert!(
        conflict.stderr.contains("conflict") && conflict.stderr.contains("nothing was written"),
        "{conflict}"
    );
    let pruned = run(&plane, &["import", text(&file), "--apply", "--prune", "--force-conflicts"]).exits(1);
    assert!(pruned.stderr.contains("hard[secrets] stays 9"), "{pruned}");
}

#[test]
fn whatever_is_wrong_is_told_by_its_cell_and_nothing_is_written() {
    let plane = plane();
    let file = xlsx(
        &plane,
        "wrong.xlsx",
        &[
            &["项目名称", "CPU配额", "内存配额"],
            &["good", "1", "1"],
            &["bad", "two", ""],
            &["good", "1", "1"],
        ],
    );
    let refused = run(&plane, &["import", text(&file), "--apply"]).exits(1);
    for cell in [
        "B3: \"two\" is no amount of CPU",
        "C3: the cell is empty",
        "A4: what good may have altogether is said in A2",
    ] {
        assert!(refused.stderr.contains(&format!("wrong.xlsx, sheet \"项目\", {cell}")), "{cell}: {refused}");
    }
    assert_eq!(refused.stderr.lines().count(), 3, "{refused}");
    // What only the sum shows, and what only the server knows.
    let file =
        xlsx(&plane, "sum.xlsx", &[&["Cluster", "Project", "CPU"], &["", "a", "1"], &["east", "a", "2"]]);
    let refused = run(&plane, &["import", text(&file), "--apply"]).exits(1);
    assert!(
        refused.stderr.contains("sum.xlsx, sheet \"项目\", B2: project a: its clusters' parts"),
        "{refused}"
    );
    let long = "n".repeat(254);
    let file =
        xlsx(&plane, "long.xlsx", &[&["Project", "CPU", "External id"], &["a", "1", &long], &["b", "1", ""]]);
    let refused = run(&plane, &["import", text(&file), "--apply"]).exits(1);
    assert!(refused.stderr.contains("spec.externalId: Too long"), "{refused}");
    assert!(
        refused.stderr.contains("nothing was written: the server would not take 1 of 2 changes"),
        "{refused}"
    );
    assert_eq!(specs(&plane), []);

    for (file, content, message) in [
        ("no.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n", "a Pod (v1), no ProjectQuota"),
        (
            "typo.yaml",
            "apiVersion: passmuster.dev/v1alpha1\nkind: ProjectQuota\nmetadata: {name: x}\nspec: {hard: {pods: 1}, namespace: [a]}\n",
            "document 1, line 1: spec.namespace: no such field",
        ),
        ("no.csv", "a,b\n1,2\n", "no row of headings"),
        ("no.xlsx", "", "the file is empty"),
    ] {
        let path = plane.dir().join(file);
        std::fs::write(&path, content).unwrap();
        let refused = run(&plane, &["import", text(&path)]).exits(1);
        assert!(refused.stderr.contains(message) && refused.stderr.contains(file), "{refused}");
    }
    let many = plane.dir().join("many.csv");
    std::fs::write(&many, format!("Project,CPU\n{}", "x,\n".repeat(300))).unwrap();
    let refused = run(&plane, &["import", text(&many)]).exits(1);
    assert_eq!(refused.stderr.lines().count(), 101, "{refused}");
    assert!(refused.stderr.contains("more like these"), "{refused}");
    let pretends = run(&plane, &["import", text(&many), "--dry-run=server"]).exits(1);
    assert!(pretends.stderr.contains("--dry-run says how --apply is done"), "{pretends}");
    let nowhere = run(&plane, &["import", "/nowhere.xlsx"]).exits(1);
    assert!(nowhere.stderr.contains("/nowhere.xlsx"), "{nowhere}");
    let unknown = run(&plane, &["import", "--from", "acme"]).exits(1);
    assert!(unknown.stderr.contains("alauda, capsule, hnc, karmada, openshift, rancher"), "{unknown}");
}

#[test]
fn objects_and_templates_need_no_cluster_and_the_definition_comes_with_the_program() {
    let nowhere = |args: &[&str]| Plugin::new("kubectl-quota-usage").args(args).run();
    let plane = ControlPlane::start(Options::bare()).unwrap();
    let template = plane.dir().join("t.csv");
    nowhere(&["import", "--template", text(&template)]).success();
    let mut filled = std::fs::read_to_string(&template).unwrap();
    assert!(filled.contains("CPU (cores)") && filled.contains("Memory (GiB)"), "{filled}");
    filled.push_str(",shop,2,4,,,shop,,\r\n");
    std::fs::write(&template, filled).unwrap();
    let objects = nowhere(&["import", text(&template), "-o", "yaml"]).success().stdout;
    let xlsx = plane.dir().join("t.xlsx");
    nowhere(&["import", "--template", text(&xlsx), "--lang", "zh"]).success();
    let empty = nowhere(&["import", text(&xlsx), "-o", "json"]).success();
    assert_eq!(empty.json()["items"], json!([]));
    nowhere(&["import", "--template", "t.doc"]).exits(1);

    // Without the definition it is said how to come by it; with it, kubectl takes the objects.
    let lacks = run(&plane, &["import", text(&template), "--apply"]).exits(1);
    assert!(lacks.stderr.contains("kubectl quota-usage import --definition | kubectl apply -f -"), "{lacks}");
    let shown = run(&plane, &["import", text(&template)]).success();
    assert!(shown.stdout.contains("added") && shown.stderr.contains("--definition"), "{shown}");
    let definition = nowhere(&["import", "--definition"]).success().stdout;
    let apply = |input: String| {
        Plugin::through_kubectl("apply").on(&plane).args(["-f", "-"]).stdin(input).run().success()
    };
    apply(definition);
    Plugin::through_kubectl("wait")
        .on(&plane)
        .args(["--for=condition=established", "crd/projectquotas.passmuster.dev"])
        .run()
        .success();
    apply(objects);
    assert_eq!(specs(&plane)[0].1["hard"], json!({"requests.cpu": "2", "requests.memory": "4Gi"}));
}
