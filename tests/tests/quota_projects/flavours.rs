//! Other products' objects, on a server that has their definitions.

use std::{collections::BTreeMap, sync::OnceLock};

use passmuster::{
    model::ObjectMeta,
    quota::project::{Membership, Model, Project, flavours},
};
use passmuster_tests::{ControlPlane, Options, Plugin};
use serde_json::json;

use crate::{
    products,
    world::{QUOTAS, definition, plane, projects, text},
};

/// A server with every product's definition and an object of each.
fn crowded() -> &'static ControlPlane {
    static PLANE: OnceLock<ControlPlane> = OnceLock::new();
    PLANE.get_or_init(|| {
        let plane = ControlPlane::start(Options::bare()).unwrap();
        for definition in products::definitions() {
            plane.serve(&definition).unwrap();
        }
        plane.serve(&definition()).unwrap();
        for namespace in products::namespaces() {
            plane.create(&namespace).unwrap();
        }
        for object in products::objects() {
            plane.create(&object).unwrap_or_else(|error| panic!("{object}: {error}"));
        }
        plane
    })
}

fn found<'a>(projects: &'a [Project], source: &str) -> &'a Project {
    let of_object = |project: &&Project| project.source.to_string() == source && !project.is_scoped();
    let found: Vec<&Project> = projects.iter().filter(of_object).collect();
    assert_eq!(found.len(), 1, "{source}: {projects:#?}");
    found[0]
}

fn hard(project: &Project) -> String {
    let all: Vec<String> = project.hard.iter().map(|(key, amount)| format!("{key}={amount}")).collect();
    all.join(",")
}

#[test]
fn every_product_is_read_and_its_namespaces_known() {
    let (all, skipped) = projects(crowded());
    assert_eq!(skipped, []);
    let mut read: Vec<&str> = all.iter().map(|project| project.flavour).collect();
    // Other tests import objects of ours meanwhile.
    read.retain(|name| *name != "passmuster");
    read.sort_unstable();
    read.dedup();
    let mut known: Vec<&str> = flavours().map(|flavour| flavour.name).collect();
    known.retain(|name| *name != "passmuster");
    assert_eq!(read, known);

    for (source, name, model, amounts) in [
        ("ProjectQuota.auth.alauda.io/pay", "pay", Model::Allocation, "limits.cpu=4,pods=30"),
        ("Project.auth.alauda.io/pay", "pay", Model::Allocation, "limits.cpu=6,pods=30"),
        ("ClusterResourceQuota.quota.openshift.io/for-joe", "for-joe", Model::Usage, "pods=10,secrets=20"),
        ("HierarchicalResourceQuota.hnc.x-k8s.io/p-acme/all", "p-acme", Model::Usage, "secrets=4"),
        ("Tenant.capsule.clastix.io/oil", "oil", Model::Usage, "limits.cpu=8,limits.memory=16Gi"),
        ("GlobalResourceQuota.capsule.clastix.io/gas", "gas", Model::Usage, "pods=100"),
        ("ResourcePool.capsule.clastix.io/pool", "pool", Model::Allocation, "requests.cpu=20"),
        (
            "Project.management.cattle.io/c-m-abc/p-xyz12",
            "p-xyz12",
            Model::Allocation,
            "limits.cpu=2,requests.nvidia.com/gpu=1",
        ),
        ("FederatedResourceQuota.policy.karmada.io/p-fed/q", "p-fed", Model::Usage, "requests.cpu=10"),
    ] {
        let project = found(&all, source);
        assert_eq!(
            (project.name.as_str(), project.model, hard(project).as_str()),
            (name, model, amounts),
            "{source}"
        );
        assert!(
            project.used.is_some() || source.starts_with("Tenant") || source.starts_with("Project.auth"),
            "{source}"
        );
    }
    let karmada = found(&all, "FederatedResourceQuota.policy.karmada.io/p-fed/q");
    assert_eq!(
        karmada.hard_in(&["m1"]).map(|hard| hard.of("requests.cpu").to_string()).as_deref(),
        Some("4")
    );

    let membership = Membership::new(&all);
    let of: BTreeMap<String, String> = products::namespaces()
        .into_iter()
        .map(|namespace| {
            let metadata: ObjectMeta = serde_json::from_value(namespace["metadata"].clone()).unwrap();
            let member = membership.project_of(&metadata);
            assert!(member.as_ref().is_none_or(|member| member.conflict.is_none()), "{member:?}");
            (
                text(&namespace["metadata"]["name"]).to_owned(),
                member.map(|member| member.project.to_owned()).unwrap_or_default(),
            )
        })
        .collect();
    let expected = [
        ("c-m-abc", ""),
        ("p-acme", "p-acme"),
        ("p-acme-team", "p-acme"),
        ("p-fed", "p-fed"),
        ("p-gas", "gas"),
        ("p-joe", "for-joe"),
        ("p-nobody", ""),
        ("p-oil", "oil"),
        ("p-pay", "pay"),
        ("p-pool", "pool"),
        ("p-rancher", "p-xyz12"),
    ];
    assert_eq!(of, expected.map(|(namespace, project)| (namespace.to_owned(), project.to_owned())).into());
}

#[test]
fn every_product_becomes_ours_and_then_nothing_is_to_be_done() {
    for (product, wanted) in [
        ("alauda", "projectquota.passmuster.dev/pay created\n"),
        (
            "capsule",
            "gas created\nprojectquota.passmuster.dev/oil created\nprojectquota.passmuster.dev/pool created\n",
        ),
        ("hnc", "p-acme created\n"),
        ("karmada", "p-fed created\n"),
        ("openshift", "for-joe created\n"),
        ("rancher", "p-xyz12 created\n"),
    ] {
        let import = |more: &[&str]| {
            let plugin = Plugin::new("kubectl-quota-usage").on(crowded());
            plugin.args(["import", "--from", product]).args(more).run()
        };
        let shown = import(&["--exit-code"]).exits(3);
        assert!(shown.stdout.contains("added") && shown.stderr.contains("Nothing is written yet"), "{shown}");
        let written = import(&["--apply"]).success();
        assert!(written.stdout.ends_with(wanted), "{written}");
        let again = import(&["--exit-code"]).success();
        assert!(again.stderr.contains("nothing to change"), "{again}");
    }
    let object = |name: &str| {
        crowded().api().get(&format!("/apis/passmuster.dev/v1alpha1/projectquotas/{name}")).unwrap()["spec"]
            .clone()
    };
    let pay = object("pay");
    assert_eq!(pay["displayName"], "支付");
    assert_eq!(
        pay["clusters"],
        json!([{"name": "east", "hard": {"limits.cpu": "4", "pods": "30"}},
        {"name": "west", "hard": {"limits.cpu": "2"}}])
    );
    // What was chosen by annotation is named one by one.
    assert_eq!(object("for-joe")["namespaces"], json!(["p-joe"]));
    assert_eq!(object("p-xyz12")["externalId"], "c-m-abc:p-xyz12");
    // Now they are ours, and of one name with where they come from.
    let (all, _) = projects(crowded());
    let membership = Membership::new(&all);
    let joe = ObjectMeta { name: "p-joe".into(), ..ObjectMeta::default() };
    let member = membership.project_of(&joe).unwrap();
    assert_eq!((member.project, member.quota.unwrap().flavour), ("for-joe", "passmuster"));
}

#[test]
fn a_definition_of_another_shape_is_told_of_and_the_rest_goes_on() {
    let plane = ControlPlane::start(Options::bare()).unwrap();
    let anything = [
        ("ClusterResourceQuota", "v1", "quota.openshift.io", "clusterresourcequotas", false),
        ("HierarchicalResourceQuota", "v1alpha2", "hnc.x-k8s.io", "hierarchicalresourcequotas", true),
        ("Tenant", "v1beta2", "capsule.clastix.io", "tenants", false),
        ("Project", "v1", "auth.alauda.io", "projects", false),
    ];
    for (kind, version, group, plural, namespaced) in anything {
        plane.define(kind, &[version], group, plural, namespaced).unwrap();
    }
    for object in [
        json!({"apiVersion": "quota.openshift.io/v1", "kind": "ClusterResourceQuota", "metadata": {"name": "odd"},
            "spec": {"quota": {"hard": {"pods": ["10"]}}}}),
        json!({"apiVersion": "quota.openshift.io/v1", "kind": "ClusterResourceQuota", "metadata": {"name": "good"},
            "spec": {"quota": {"hard": {"pods": 10}}, "selector": {"labels": {"matchLabels": {"a": "b"}}}}}),
        json!({"apiVersion": "hnc.x-k8s.io/v1alpha2", "kind": "HierarchicalResourceQuota",
            "metadata": {"name": "odd", "namespace": "default"}, "spec": {"hard": "much"}}),
        json!({"apiVersion": "capsule.clastix.io/v1beta2", "kind": "Tenant", "metadata": {"name": "odd"},
            "spec": {"resourceQuotas": [1]}}),
        json!({"apiVersion": "auth.alauda.io/v1", "kind": "Project", "metadata": {"name": "odd"},
            "spec": {"clusters": {"east": {}}}}),
    ] {
        plane.create(&object).unwrap();
    }
    let (all, skipped) = projects(&plane);
    assert_eq!(all.iter().map(|project| project.name.as_str()).collect::<Vec<_>>(), ["good"]);
    let lines: Vec<String> =
        skipped.iter().map(|skipped| format!("{} {}", skipped.reason, skipped.message)).collect();
    assert_eq!(
        lines,
        [
            r#"Invalid clusterresourcequotas.quota.openshift.io "odd" is not what it should be: spec.quota.hard[pods]: a list where a quantity should be"#,
            r#"Invalid hierarchicalresourcequotas.hnc.x-k8s.io "odd" is not what it should be: spec.hard: text where an object should be"#,
            r#"Invalid projects.auth.alauda.io "odd" is not what it should be: spec.clusters: an object where a list should be"#,
            r#"Invalid tenants.capsule.clastix.io "odd" is not what it should be: spec.resourceQuotas: a list where an object should be"#,
        ]
    );
    assert_eq!(skipped[1].namespace.as_deref(), Some("default"));

    // An import says so, takes the good ones, and never deletes for what it could not read.
    plane.serve(&definition()).unwrap();
    let import = |more: &[&str]| {
        let plugin = Plugin::new("kubectl-quota-usage").on(&plane);
        plugin.args(["import", "--from", "openshift", "--apply"]).args(more).run()
    };
    let refused = import(&["--prune"]).exits(1);
    assert!(refused.stderr.contains("--prune could delete"), "{refused}");
    let run = import(&["--strict"]).exits(4);
    assert_eq!(run.stdout, "projectquota.passmuster.dev/good created\n", "{run}");
    assert!(
        run.stderr.contains("clusterresourcequotas.quota.openshift.io") && run.stderr.contains("hard[pods]"),
        "{run}"
    );
    let none =
        Plugin::new("kubectl-quota-usage").on(&plane).args(["import", "--from", "karmada"]).run().exits(1);
    assert!(none.stderr.contains("FederatedResourceQuota.policy.karmada.io"), "{none}");
}

#[test]
fn where_a_products_objects_are_elsewhere_its_marks_on_namespaces_tell() {
    let plane = plane();
    for (name, annotations, labels) in [
        (
            "down-a",
            json!({"field.cattle.io/projectId": "c-1:p-down", "field.cattle.io/resourceQuota": "{\"limit\":{\"limitsCpu\":\"1500m\"}}"}),
            json!({}),
        ),
        ("down-b", json!({"field.cattle.io/projectId": "c-1:p-down"}), json!({})),
        (
            "down-c",
            json!({"field.cattle.io/projectId": "c-1:p-down", "field.cattle.io/resourceQuota": "{"}),
            json!({}),
        ),
        ("down-d", json!({}), json!({"cpaas.io/project": "pay"})),
    ] {
        let metadata = json!({"name": name, "annotations": annotations, "labels": labels});
        plane.create(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})).unwrap();
    }
    for (namespace, scopes) in
        [("down-b", json!([])), ("down-d", json!([])), ("down-d", json!(["BestEffort"]))]
    {
        let name = if scopes == json!([]) { "all" } else { "some" };
        plane
            .create(&json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name, "namespace": namespace},
                "spec": {"hard": {"pods": "5"}, "scopes": scopes}}))
            .unwrap();
    }
    let import = |product: &str| {
        let plugin = Plugin::new("kubectl-quota-usage").on(&plane);
        plugin.args(["import", "--from", product, "--apply"]).run().success()
    };
    let rancher = import("rancher");
    assert_eq!(rancher.stdout, "projectquota.passmuster.dev/p-down created\n");
    assert!(
        rancher.stderr.contains("namespace \"down-c\": metadata.annotations[field.cattle.io/resourceQuota]"),
        "{rancher}"
    );
    import("alauda");
    let spec = |name: &str| plane.api().get(&format!("{QUOTAS}/{name}")).unwrap()["spec"].clone();
    assert_eq!(spec("p-down")["hard"], json!({"limits.cpu": "1500m", "pods": "5"}));
    assert_eq!(spec("p-down")["namespaces"], json!(["down-a", "down-b", "down-c"]));
    assert_eq!(spec("pay")["hard"], json!({"pods": "5"}));
    assert_eq!(spec("pay")["namespaceSelector"], json!({"matchLabels": {"cpaas.io/project": "pay"}}));
}
