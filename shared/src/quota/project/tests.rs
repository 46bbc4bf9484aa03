//! Objects of every product, as their users write them, and who then belongs to whom.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    MarkOn, Members, Membership, Model, Project, Said, flavour, flavours, marked, read, reader, wanted,
};
use crate::{model::ObjectMeta, quota::Amounts};

fn projects(object: &Value) -> Result<Vec<Project>, String> {
    let (group, _) = object["apiVersion"].as_str().unwrap().split_once('/').unwrap();
    let (flavour, reader) = reader(group, object["kind"].as_str().unwrap()).unwrap();
    read(flavour, reader, object).map_err(|error| error.to_string())
}

/// The one project of an object.
fn project(object: &Value) -> Project {
    let projects = projects(object).unwrap();
    assert_eq!(projects.len(), 1, "{projects:?}");
    projects.into_iter().next().unwrap()
}

fn amounts(pairs: &[(&str, &str)]) -> Amounts {
    pairs.iter().map(|(key, amount)| ((*key).to_owned(), amount.parse().unwrap())).collect()
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn namespace(name: &str, labels: &[(&str, &str)], annotations: &[(&str, &str)]) -> ObjectMeta {
    ObjectMeta {
        name: name.into(),
        labels: map(labels),
        annotations: map(annotations),
        ..ObjectMeta::default()
    }
}

/// The project that a namespace belongs to, and whether others claim it.
fn of(projects: &[Project], namespace: &ObjectMeta) -> (String, bool) {
    let membership = Membership::new(projects);
    let member = membership.project_of(namespace);
    let conflict = member.as_ref().is_some_and(|member| member.conflict.is_some());
    (member.map(|member| member.project.to_owned()).unwrap_or_default(), conflict)
}

fn own(name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "ProjectQuota", "metadata": {"name": name}, "spec": spec})
}

#[test]
fn no_kind_is_read_twice_and_names_are_sorted() {
    let mut kinds: Vec<_> =
        flavours().flat_map(|flavour| flavour.readers).map(|reader| reader.kind).collect();
    let all = kinds.len();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds.len(), all);
    let names: Vec<_> = flavours().map(|flavour| flavour.name).collect();
    assert_eq!(names, ["passmuster", "alauda", "capsule", "hnc", "karmada", "openshift", "rancher"]);
}

#[test]
fn ours_takes_names_and_labels() {
    let shop = project(&own(
        "shop",
        &json!({
            "displayName": "The shop", "externalId": "7", "model": "allocation",
            "namespaces": ["shop", "till"], "namespaceSelector": {"matchLabels": {"team": "shop"}},
            "hard": {"requests.cpu": 3, "pods": "10"}, "scopes": ["NotTerminating"],
            "scopeSelector": {"matchExpressions": [{"scopeName": "PriorityClass", "operator": "In", "values": ["low"]}]},
            "clusters": [{"name": "east", "hard": {"requests.cpu": "1"}}],
        }),
    ));
    assert_eq!((shop.model, shop.quota().as_str()), (Model::Allocation, "ProjectQuota/shop"));
    assert_eq!(shop.hard, amounts(&[("requests.cpu", "3"), ("pods", "10")]));
    assert_eq!(shop.hard_in(&["x", "east"]), Some(&amounts(&[("requests.cpu", "1")])));
    assert_eq!(shop.hard_in(&["west"]), None);
    assert!(shop.everywhere && shop.is_scoped());
    let all = [shop];
    assert_eq!(of(&all, &namespace("till", &[], &[])).0, "shop");
    assert_eq!(of(&all, &namespace("web", &[("team", "shop")], &[])).0, "shop");
    assert_eq!(of(&all, &namespace("web", &[("team", "ops")], &[])).0, "");
}

#[test]
fn openshift_wants_labels_and_annotations_both() {
    let object = |selector: Value| {
        json!({
            "apiVersion": "quota.openshift.io/v1", "kind": "ClusterResourceQuota", "metadata": {"name": "big"},
            "spec": {"quota": {"hard": {"pods": "10"}, "scopes": ["BestEffort"]}, "selector": selector},
            "status": {"total": {"hard": {"pods": "10"}, "used": {"pods": "9"}}, "namespaces": null},
        })
    };
    let big =
        project(&object(json!({"labels": {"matchLabels": {"team": "a"}}, "annotations": {"who": "joe"}})));
    assert_eq!(big.used, Some(amounts(&[("pods", "9")])));
    assert!(big.is_scoped());
    let all = [big];
    assert_eq!(of(&all, &namespace("x", &[("team", "a")], &[("who", "joe")])).0, "big");
    assert_eq!(of(&all, &namespace("x", &[("team", "a")], &[])).0, "");
    assert_eq!(of(&all, &namespace("x", &[], &[("who", "joe")])).0, "");
    let keys = Membership::new(&all).keys();
    assert!(keys.labels.contains("team") && keys.annotations.contains("who"), "{keys:?}");

    let by_annotation = project(&object(json!({"labels": null, "annotations": {"who": "joe"}})));
    assert_eq!(of(&[by_annotation], &namespace("x", &[], &[("who", "joe")])).0, "big");
    assert_eq!(project(&object(json!({"labels": null, "annotations": null}))).members, Members::default());
    let everything = project(&object(json!({"labels": {}})));
    assert_eq!(of(&[everything], &namespace("any", &[], &[])).0, "big");
}

#[test]
fn a_tree_counts_to_the_nearest_and_is_no_conflict() {
    let object = |namespace: &str, name: &str| {
        json!({
            "apiVersion": "hnc.x-k8s.io/v1alpha2", "kind": "HierarchicalResourceQuota",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"hard": {"pods": "5"}}, "status": {"hard": {"pods": "5"}, "used": {"pods": "1"}},
        })
    };
    let all = [project(&object("acme", "a")), project(&object("acme", "b")), project(&object("team", "t"))];
    let depth = |name: &str| format!("{name}.tree.hnc.x-k8s.io/depth");
    let (acme, team) = (depth("acme"), depth("team"));
    let leaf = namespace("leaf", &[(&acme, "2"), (&team, "1"), (&depth("leaf"), "0")], &[]);
    assert_eq!(of(&all, &leaf), ("team".into(), false));
    assert_eq!(of(&all, &namespace("acme", &[(&acme, "0")], &[])), ("acme".into(), false));
    assert_eq!(Membership::new(&all).claims(&leaf).len(), 3);
    // The label that the controller has not yet set is not needed at the root.
    assert_eq!(of(&all, &namespace("team", &[], &[])).0, "team");
}

#[test]
fn alauda_tells_of_each_cluster() {
    let global = project(&json!({
        "apiVersion": "auth.alauda.io/v1", "kind": "Project",
        "metadata": {"name": "pay", "uid": "u-1", "annotations": {"cpaas.io/display-name": "支付"}},
        "spec": {"clusters": [
            {"name": "c1", "type": "", "quota": {"limits.cpu": "4", "pods": 10}},
            {"name": "c2", "quota": {"limits.cpu": "500m"}}, {"name": "global", "quota": {}}]},
    }));
    assert_eq!(global.display_name.as_deref(), Some("支付"));
    assert_eq!(global.hard, amounts(&[("limits.cpu", "4500m"), ("pods", "10")]));
    assert_eq!(global.hard_in(&["c2"]), Some(&amounts(&[("limits.cpu", "500m")])));
    let local = project(&json!({
        "apiVersion": "auth.alauda.io/v1", "kind": "ProjectQuota", "metadata": {"name": "pay"},
        "spec": {"hard": {"limits.cpu": "4"}}, "status": {"used": {"limits.cpu": "1"}},
    }));
    let all = [global, local];
    let member = namespace("pay-test", &[("cpaas.io/project", "pay"), ("cpaas.io/cluster", "c1")], &[]);
    assert_eq!(of(&all, &member), ("pay".into(), false));
    // Where its types are not served, the label says it still.
    assert_eq!(of(&[], &member), ("pay".into(), false));
    assert!(Membership::new(&[]).keys().labels.contains("cpaas.io/project"));
}

#[test]
fn capsule_has_tenants_global_quotas_and_pools() {
    let capsule = |kind: &str, spec: Value, status: Value| {
        json!({
            "apiVersion": "capsule.clastix.io/v1beta2", "kind": kind, "metadata": {"name": "oil"},
            "spec": spec, "status": status,
        })
    };
    let items = json!([{"hard": {"limits.cpu": "8"}}, {"hard": {"pods": "10"}, "scopes": ["Terminating"]}]);
    let tenant = |scope: &str| {
        projects(&capsule("Tenant", json!({"resourceQuotas": {"scope": scope, "items": items}}), json!({})))
            .unwrap()
    };
    let of_tenant = tenant("Tenant");
    assert_eq!(of_tenant.len(), 2);
    assert_eq!(
        of(&of_tenant, &namespace("oil-dev", &[("capsule.clastix.io/tenant", "oil")], &[])),
        ("oil".into(), false)
    );
    let of_each = tenant("Namespace");
    assert!(of_each.len() == 1 && of_each[0].hard.is_empty());

    let selectors = json!([{"matchLabels": {"a": "1"}, "tenant": true}, {"matchExpressions": [
        {"key": "b", "operator": "In", "values": ["2", "3"]}]}]);
    let quota = json!({"hard": {"pods": "7"}});
    let older = capsule(
        "GlobalResourceQuota",
        json!({"quotas": {"all": quota}, "selectors": selectors}),
        json!({"quotas": {"all": {"used": {"pods": "3"}}}}),
    );
    let newer = capsule(
        "GlobalResourceQuota",
        json!({"quota": quota, "namespaceSelectors": selectors}),
        json!({"total": {"used": {"pods": "3"}}}),
    );
    assert_eq!(project(&older), project(&newer));
    let all = [project(&older)];
    assert_eq!(all[0].used, Some(amounts(&[("pods", "3")])));
    assert_eq!(of(&all, &namespace("x", &[("b", "3")], &[])).0, "oil");
    assert_eq!(of(&all, &namespace("x", &[("b", "4")], &[])).0, "");

    let pool = project(&capsule(
        "ResourcePool",
        json!({"quota": quota, "selectors": selectors}),
        json!({"allocation": {"hard": {"pods": "7"}, "used": {"pods": "2"}}}),
    ));
    assert_eq!((pool.model, pool.used), (Model::Allocation, Some(amounts(&[("pods", "2")]))));
}

#[test]
fn rancher_names_projects_by_annotation_in_every_cluster() {
    let rancher = project(&json!({
        "apiVersion": "management.cattle.io/v3", "kind": "Project",
        "metadata": {"name": "p-abc12", "namespace": "c-m-xyz"},
        "spec": {
            "clusterName": "c-m-xyz", "displayName": "Default",
            "resourceQuota": {
                "limit": {"limitsCpu": "2000m", "pods": "", "extended": {"requests.nvidia.com/gpu": "2"}},
                "usedLimit": {"limitsCpu": "1"},
            },
        },
    }));
    assert_eq!(rancher.hard, amounts(&[("limits.cpu", "2"), ("requests.nvidia.com/gpu", "2")]));
    assert_eq!(rancher.used, Some(amounts(&[("limits.cpu", "1")])));
    assert_eq!(rancher.external_id.as_deref(), Some("c-m-xyz:p-abc12"));
    let member = namespace("web", &[], &[("field.cattle.io/projectId", "c-m-xyz:p-abc12")]);
    let elsewhere = namespace("web", &[], &[("field.cattle.io/projectId", "c-m-abc:p-abc12")]);
    assert_eq!(of(std::slice::from_ref(&rancher), &member).0, "p-abc12");
    assert!(Membership::new(&[rancher]).claims(&elsewhere).is_empty());
    assert_eq!(of(&[], &member).0, "p-abc12");
}

#[test]
fn karmada_assigns_a_namespace_to_clusters() {
    let karmada = project(&json!({
        "apiVersion": "policy.karmada.io/v1alpha1", "kind": "FederatedResourceQuota",
        "metadata": {"name": "q", "namespace": "shop"},
        "spec": {"overall": {"cpu": "10"}, "staticAssignments": [{"clusterName": "m1", "hard": {"cpu": 4}}]},
        "status": {"overallUsed": {"cpu": "3"}, "aggregatedStatus": [
            {"clusterName": "m1", "used": {"cpu": "2"}}, {"clusterName": "m2"}]},
    }));
    assert_eq!(karmada.slices[0].used, Some(amounts(&[("cpu", "2")])));
    assert_eq!(of(&[karmada], &namespace("shop", &[], &[])).0, "shop");
}

#[test]
fn another_shape_is_an_error_that_names_the_field() {
    for (object, message) in [
        (
            own("a", &json!({"hard": {"pods": "ten"}})),
            "spec.hard[pods]: \"ten\" is no quantity; such as 500m, 2, 16Gi are",
        ),
        (own("a", &json!({"hard": [], "model": "usage"})), "spec.hard: a list where an object should be"),
        (own("a", &json!({"model": "both"})), "spec.model: \"both\" is none of usage, allocation"),
        (own("a", &json!("x")), "spec: text where an object should be"),
        (
            own("a", &json!({"namespaceSelector": {"matchExpressions": [{"key": "a", "operator": "Like"}]}})),
            "spec.namespaceSelector.matchExpressions[0].operator: none of In, NotIn, Exists, DoesNotExist",
        ),
        (
            json!({"apiVersion": "auth.alauda.io/v1", "kind": "Project", "metadata": {"name": "p"},
                "spec": {"clusters": [{"quota": {}}]}}),
            "spec.clusters[0].name: nothing, and it must be there",
        ),
        (
            json!({"apiVersion": "auth.alauda.io/v1", "kind": "Project", "metadata": {}}),
            "metadata.name: nothing, and it must be there",
        ),
    ] {
        assert_eq!(projects(&object).unwrap_err(), message);
    }
}

#[test]
fn who_is_claimed_twice_goes_to_ours_and_is_told() {
    let ours = project(&own("shop", &json!({"namespaces": ["x"], "hard": {}})));
    let other = project(&own("web", &json!({"namespaceSelector": {"matchLabels": {"a": "b"}}, "hard": {}})));
    let foreign = project(&json!({
        "apiVersion": "quota.openshift.io/v1", "kind": "ClusterResourceQuota", "metadata": {"name": "aaa"},
        "spec": {"quota": {"hard": {}}, "selector": {"labels": {}}},
    }));
    let x = namespace("x", &[("a", "b"), ("team", "red")], &[("owner", "joe")]);
    let mut all = vec![foreign, other, ours];
    for _ in 0..all.len() {
        let member = Membership::new(&all).project_of(&x).unwrap().conflict.unwrap();
        assert_eq!(
            member.to_string(),
            "namespace x is counted to project shop (by ProjectQuota.passmuster.dev/shop), and \
             ClusterResourceQuota.quota.openshift.io/aaa, ProjectQuota.passmuster.dev/web claims it too"
        );
        all.rotate_left(1);
    }
    // Who names a label has decided.
    let by = |on, key: &str| {
        Membership::new(&all).by(on, key).project_of(&x).map(|member| member.project.to_owned())
    };
    assert_eq!(by(MarkOn::Label, "team").as_deref(), Some("red"));
    assert_eq!(by(MarkOn::Annotation, "owner").as_deref(), Some("joe"));
    assert_eq!(by(MarkOn::Label, "nothing").as_deref(), Some("shop"));
    let membership = Membership::new(&all).by(MarkOn::Label, "a");
    let keys = membership.keys();
    assert!(keys.labels.contains("a"));
    assert_eq!(membership.project_of(&namespace("y", &[], &[])).unwrap().project, "aaa");
}

#[test]
fn where_only_marks_tell_a_project_is_what_its_namespaces_are_given() {
    let of = |name: &str, project: &str, given: &str| {
        namespace(
            name,
            &[],
            &[("field.cattle.io/projectId", project), ("field.cattle.io/resourceQuota", given)],
        )
    };
    let namespaces = [
        of("a", "c:p-1", r#"{"limit":{"limitsCpu":"1500m","pods":"3"}}"#),
        of("b", "c:p-1", r#"{"limit":{"limitsCpu":"1"}}"#),
        of("c", "c:p-1", "{"),
        namespace("d", &[], &[("field.cattle.io/projectId", "c:p-2")]),
        namespace("e", &[("cpaas.io/project", "pay")], &[]),
    ];
    let hard = BTreeMap::from([
        ("d".to_owned(), amounts(&[("pods", "7")])),
        ("e".to_owned(), amounts(&[("pods", "8")])),
    ]);
    let (projects, wrong) = marked(flavour("rancher").unwrap(), &namespaces, &hard);
    let found: Vec<_> =
        projects.iter().map(|project| (project.name.as_str(), project.hard.clone())).collect();
    let expected =
        [("p-1", amounts(&[("limits.cpu", "2500m"), ("pods", "3")])), ("p-2", amounts(&[("pods", "7")]))];
    assert_eq!(found, expected);
    assert_eq!(wrong[0].0, "c");
    let (projects, _) = marked(flavour("alauda").unwrap(), &namespaces, &hard);
    assert_eq!((projects.len(), projects[0].hard.clone()), (1, amounts(&[("pods", "8")])));
    assert!(Membership::new(&[]).keys().annotations.contains("field.cattle.io/resourceQuota"));
}

#[test]
fn foreign_quotas_become_ours_as_far_as_ours_can_say_it() {
    let quota = |name: &str, spec: Value| {
        json!({"apiVersion": "hnc.x-k8s.io/v1alpha2", "kind": "HierarchicalResourceQuota",
            "metadata": {"name": name, "namespace": "acme"}, "spec": spec})
    };
    let tenant = json!({"apiVersion": "capsule.clastix.io/v1beta2", "kind": "Tenant", "metadata": {"name": "oil"},
        "spec": {"resourceQuotas": {"items": [{"hard": {"pods": "1"}}, {"hard": {"pods": "2"}, "scopes": ["Terminating"]}]}}});
    let free =
        json!({"apiVersion": "capsule.clastix.io/v1beta2", "kind": "Tenant", "metadata": {"name": "free"}});
    let by_annotation = json!({"apiVersion": "quota.openshift.io/v1", "kind": "ClusterResourceQuota",
        "metadata": {"name": "Joe's"}, "spec": {"quota": {"hard": {"pods": "3"}}, "selector": {"annotations": {"who": "joe"}}}});
    let nobody = json!({"apiVersion": "quota.openshift.io/v1", "kind": "ClusterResourceQuota",
        "metadata": {"name": "nobody"}, "spec": {"quota": {"hard": {"pods": "3"}}, "selector": {"annotations": {"who": "jane"}}}});
    let all: Vec<Project> = [
        quota("a", json!({"hard": {"pods": "5", "secrets": "9"}})),
        quota("b", json!({"hard": {"pods": "4"}})),
        tenant,
        free,
        by_annotation,
        nobody,
    ]
    .iter()
    .flat_map(|object| projects(object).unwrap())
    .collect();
    let namespaces = [namespace("x", &[], &[("who", "joe")]), namespace("y", &[], &[])];
    let (ours, notes) = wanted(&all, &namespaces);
    let names: Vec<&str> = ours.iter().map(|wanted| wanted.name.as_str()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names[0].starts_with("joe-s-") && names[1..] == ["acme", "oil"], "{names:?}");
    assert_eq!(ours[0].namespaces, Said::Is(vec!["x".to_owned()]));
    assert_eq!(ours[0].display_name, Said::Is("Joe's".to_owned()));
    // Both hold: of each, the smaller.
    let hard = ours[1].hard.clone().unwrap();
    let hard: Vec<String> = hard.iter().map(|(key, amount)| format!("{key}={}", amount.unwrap())).collect();
    assert_eq!(hard, ["pods=4", "secrets=9"]);
    let mut left_out: Vec<&str> =
        notes.iter().filter(|note| note.left_out).map(|note| note.object.as_str()).collect();
    left_out.dedup();
    assert_eq!(
        left_out,
        [
            "ClusterResourceQuota.quota.openshift.io/nobody",
            "Tenant.capsule.clastix.io/free",
            "Tenant.capsule.clastix.io/oil"
        ]
    );
}
