//! The manifests that install it: the API server takes them, Pod Security admits them, and they grant no more than is
//! used.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use passmuster::audit::{Rules, catalogue, look_up};
use passmuster::model::builtin_kinds::builtin;
use passmuster_tests::{ControlPlane, Options};
use serde_json::Value;

const SYSTEM: &str = "passmuster-system";

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests").join(path)
}

fn rendered(plane: &ControlPlane, path: &str) -> String {
    plane.kubectl(&["kustomize", &folder(path).display().to_string()])
}

fn objects(text: &str) -> Vec<Value> {
    text.split("\n---\n").map(|text| serde_saphyr::from_str(text).unwrap()).collect()
}

fn plane() -> ControlPlane {
    let plane = ControlPlane::start(Options { nodes: 0, ..Options::default() }).unwrap();
    // Kinds that others bring; their schemas are theirs.
    for (kind, plural, group) in [
        ("Issuer", "issuers", "cert-manager.io"),
        ("Certificate", "certificates", "cert-manager.io"),
        ("ServiceMonitor", "servicemonitors", "monitoring.coreos.com"),
        ("PrometheusRule", "prometheusrules", "monitoring.coreos.com"),
    ] {
        plane.define(kind, &["v1"], group, plural, true).unwrap();
    }
    plane
}

#[test]
fn the_api_server_takes_every_overlay() {
    let plane = plane();
    // A namespace with the labels of ours, so that Pod Security has its say.
    plane.apply(&fs::read_to_string(folder("base/namespace.yaml")).unwrap());
    for overlay in ["overlays/self-signed", "overlays/cert-manager", "overlays/enforce", "overlays/monitored"]
    {
        let text = rendered(&plane, overlay);
        let output = plane.run_kubectl(&["apply", "--dry-run=server", "-f", "-"], &text).unwrap();
        assert_eq!(output.code, Some(0), "{overlay}: {}", output.stderr);
        // Warnings are how Pod Security speaks of a Deployment.
        let said: Vec<_> =
            output.stderr.lines().filter(|line| !line.contains("last-applied-configuration")).collect();
        assert_eq!(said, [""; 0], "{overlay}");
        for object in objects(&text).iter().filter(|object| object["kind"] == "Deployment") {
            let mut pod = object["spec"]["template"].clone();
            pod["apiVersion"] = "v1".into();
            pod["kind"] = "Pod".into();
            pod["metadata"]["generateName"] = "passmuster-".into();
            let spec = pod["spec"].as_object_mut().unwrap();
            // Nothing of this namespace but its labels is there yet.
            spec.insert("serviceAccountName".into(), "default".into());
            spec.remove("priorityClassName");
            let path = format!("/api/v1/namespaces/{SYSTEM}/pods?dryRun=All");
            plane.api().create(&path, &pod).unwrap_or_else(|error| panic!("{overlay}: {error}"));
        }
    }
}

#[test]
fn the_account_may_do_what_it_does_and_no_more() {
    let plane = plane();
    // Twice, as a newly served kind is not known to kubectl's first look.
    let text = rendered(&plane, "overlays/self-signed");
    plane.apply(&text);
    let user = format!("--as=system:serviceaccount:{SYSTEM}:passmuster");
    let may = |verb: &str, resource: &str, more: &[&str]| {
        let args = [&["auth", "can-i", verb, resource, user.as_str()], more].concat();
        plane.run_kubectl(&args, "").unwrap().stdout.trim() == "yes"
    };
    let (own, other, everywhere) = (&["-n", SYSTEM][..], &["-n", "default"][..], &["--all-namespaces"][..]);
    let configurations = "validatingwebhookconfigurations.admissionregistration.k8s.io";
    let named = |resource: &str, name: &str| format!("{resource}/{name}");
    let certificates = named("secrets", "passmuster-certificates");
    for (verb, resource, more, expected) in [
        ("get", certificates.as_str(), own, true),
        ("update", &certificates, own, true),
        ("create", "secrets", own, true),
        ("get", "secrets/another", own, false),
        ("list", "secrets", own, false),
        ("watch", "secrets", own, false),
        ("delete", &certificates, own, false),
        ("get", &certificates, other, false),
        ("create", "secrets", other, false),
        ("list", "secrets", everywhere, false),
        ("get", "configmaps", everywhere, false),
        ("update", "leases.coordination.k8s.io/passmuster", own, true),
        ("update", "leases.coordination.k8s.io/another", own, false),
        ("create", "leases.coordination.k8s.io", other, false),
        ("get", "deployments.apps/passmuster", own, true),
        ("list", "endpointslices.discovery.k8s.io", own, true),
        ("update", &named(configurations, "passmuster"), &[], true),
        ("delete", &named(configurations, "passmuster"), &[], true),
        ("update", &named(configurations, "another"), &[], false),
        ("delete", &named(configurations, "another"), &[], false),
        ("create", configurations, &[], true),
        ("list", configurations, &[], false),
        ("watch", "pods", everywhere, true),
        ("create", "pods", own, false),
        ("update", "pods", everywhere, false),
        ("watch", "projectquotas.passmuster.dev", &[], true),
        ("update", "projectquotas.passmuster.dev", &[], false),
        ("create", "clusterrolebindings.rbac.authorization.k8s.io", &[], false),
        ("impersonate", "users", &[], false),
        ("escalate", "clusterroles.rbac.authorization.k8s.io", &[], false),
    ] {
        assert_eq!(may(verb, resource, more), expected, "{verb} {resource} {more:?}");
    }
}

#[test]
fn every_definition_is_installed() {
    let definitions: BTreeSet<_> = fs::read_dir(folder("crds"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "kustomization.yaml")
        .collect();
    let list: Value =
        serde_saphyr::from_str(&fs::read_to_string(folder("crds/kustomization.yaml")).unwrap()).unwrap();
    let listed: BTreeSet<_> =
        list["resources"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    assert_eq!(listed, definitions);
}

#[test]
fn the_account_may_read_what_rules_look_up() {
    let role = fs::read_to_string(folder("base/cluster-role.yaml")).unwrap();
    let role = objects(&role).into_iter().find(|object| object["kind"] == "ClusterRole").unwrap();
    let granted: BTreeSet<(String, String)> = role["rules"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|rule| rule["verbs"].as_array().unwrap().contains(&"watch".into()))
        .flat_map(|rule| {
            let names = |field: &str| -> Vec<String> {
                rule[field].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
            };
            let resources = names("resources");
            names("apiGroups").into_iter().flat_map(move |group| {
                resources.clone().into_iter().map(move |resource| (group.clone(), resource))
            })
        })
        .collect();
    for kind in look_up(&Rules::built_in(&catalogue().iter().collect::<Vec<_>>())) {
        // Plurals of kinds that others bring are regular.
        let regular = || format!("{}s", kind.kind.to_lowercase());
        let built_in = builtin().by_kind(kind.group, kind.kind);
        let plural = built_in.map_or_else(regular, |resource| resource.plural.clone());
        assert!(
            granted.contains(&(kind.group.to_owned(), plural.clone())),
            "{plural}.{} is not granted",
            kind.group
        );
    }
    assert!(!granted.iter().any(|(_, resource)| resource == "secrets"));
}
