//! What goes wrong in the API server's own quotas, and must not here.

use std::time::Duration;

use passmuster_tests::{Error, Plugin, eventually};
use serde_json::{Value, json};

use crate::{
    project::{SOON, called, pods, project},
    world::{path, pod, quota, reserved, said, shared, status},
};

#[test]
fn a_dry_run_takes_nothing() {
    let plane = shared();
    let (names, replicas) = project("dry", 1, &json!({"hard": {"requests.cpu": "1"}}), &["pods"]);
    called(&pods(&names[0]), &pod(&names[0], "probe", "9"));
    let writes = replicas.counted("ledger_writes");
    for n in 0..5 {
        let object = pod(&names[0], &format!("p{n}"), "600m");
        plane.api().create(&format!("{}?dryRun=All", pods(&names[0])), &object).unwrap();
    }
    assert_eq!(reserved(plane, "dry"), Vec::<Value>::new());
    plane.api().create(&pods(&names[0]), &pod(&names[0], "real", "600m")).unwrap();
    let refused =
        plane.api().create(&format!("{}?dryRun=All", pods(&names[0])), &pod(&names[0], "p", "600m"));
    assert!(
        said(&refused).contains(
            "exceeded quota: ProjectQuota/dry, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1"
        ),
        "{}",
        said(&refused)
    );
    assert!(replicas.counted("ledger_writes") >= writes, "figures are read");
}

#[test]
fn what_is_admitted_and_never_stored_is_given_back() {
    let plane = shared();
    let (names, _replicas) = project("lost-pods", 1, &json!({"hard": {"pods": "1"}}), &["pods"]);
    let namespace = &names[0];
    // A quota of the namespace comes after the webhooks, and takes nothing.
    let own = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none", "namespace": namespace},
        "spec": {"hard": {"pods": "0"}}, "status": {"hard": {"pods": "0"}, "used": {"pods": "0"}}});
    let own = plane.create(&own).unwrap();
    let refused = || plane.api().create(&pods(namespace), &pod(namespace, "p", "1m"));
    eventually(SOON, "a reservation of a pod that is not stored", || {
        let said = said(&refused());
        assert!(
            !said.contains("ProjectQuota"),
            "its place is its own, however often it is asked for: {said}"
        );
        (reserved(plane, "lost-pods").len() == 1).then_some(())
    });
    for _ in 0..5 {
        refused().unwrap_err();
    }
    assert_eq!(reserved(plane, "lost-pods").len(), 1);
    plane.remove(&own).unwrap();
    // Another one has to wait until nobody can store the first any more.
    let other = || plane.api().create(&pods(namespace), &pod(namespace, "q", "1m"));
    let refused = other();
    assert!(said(&refused).contains("exceeded quota: ProjectQuota/lost-pods"), "{}", said(&refused));
    eventually(Duration::from_secs(120), "the place that was given back", || other().ok());
    eventually(SOON, "an empty ledger", || reserved(plane, "lost-pods").is_empty().then_some(()));
}

#[test]
fn the_same_request_twice_is_one() {
    let plane = shared();
    let (names, replicas) = project("again", 1, &json!({"hard": {"pods": "1"}}), &["pods"]);
    let mut object = pod(&names[0], "twice", "1m");
    object["metadata"]["uid"] = "6b9bcf4c-0000-0000-0000-000000000001".into();
    let review = |uid: &str, object: &Value| {
        json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
            "uid": uid, "kind": {"group": "", "version": "v1", "kind": "Pod"},
            "resource": {"group": "", "version": "v1", "resource": "pods"}, "name": object["metadata"]["name"],
            "namespace": object["metadata"]["namespace"], "operation": "CREATE",
            "userInfo": {"username": "u"}, "object": object, "dryRun": false}})
    };
    let ask = |uid: &str, object: &Value| {
        let answer = replicas.ask(&review(uid, object));
        answer["response"]["allowed"].as_bool().unwrap()
    };
    // The API server's own repetition, then the user's.
    assert!(ask("one", &object) && ask("one", &object));
    object["metadata"]["uid"] = "6b9bcf4c-0000-0000-0000-000000000002".into();
    assert!(ask("two", &object));
    assert_eq!(reserved(plane, "again").len(), 1);
    let mut other = pod(&names[0], "other", "1m");
    other["metadata"]["uid"] = "6b9bcf4c-0000-0000-0000-000000000003".into();
    assert!(!ask("three", &other));
}

#[test]
fn what_is_deleted_is_charged_until_it_is_gone() {
    let plane = shared();
    let (names, _replicas) =
        project("gone", 1, &json!({"hard": {"count/pods": "1", "requests.cpu": "1"}}), &["pods"]);
    called(&pods(&names[0]), &pod(&names[0], "probe", "9"));
    let mut held = pod(&names[0], "held", "1m");
    held["metadata"]["finalizers"] = json!(["test.passmuster.dev/hold"]);
    plane.api().create(&pods(&names[0]), &held).unwrap();
    plane.api().delete(&path(&names[0], "held")).unwrap();
    let next = || plane.api().create(&pods(&names[0]), &pod(&names[0], "next", "1m"));
    eventually(SOON, "a refusal", || said(&next()).contains("used: count/pods=1").then_some(()));
    plane.api().patch(&path(&names[0], "held"), &json!({"metadata": {"finalizers": null}})).unwrap();
    // At once: a request without room waits a moment for what has gone.
    next().unwrap();
}

#[test]
fn of_several_projects_all_or_none() {
    let plane = shared();
    let (names, _replicas) = project("wide", 1, &json!({"hard": {"pods": "5"}}), &["pods"]);
    let narrow = json!({"namespaceSelector": null, "namespaces": [names[0]], "hard": {"requests.cpu": "1"}});
    quota(plane, "narrow", &narrow);
    called(&pods(&names[0]), &pod(&names[0], "probe", "9"));
    let refused = plane.api().create(&pods(&names[0]), &pod(&names[0], "p", "2"));
    assert!(said(&refused).contains("exceeded quota: ProjectQuota/narrow"), "{}", said(&refused));
    eventually(SOON, "nothing reserved of the other", || reserved(plane, "wide").is_empty().then_some(()));
    plane.api().create(&pods(&names[0]), &pod(&names[0], "p", "1")).unwrap();
    for project in ["wide", "narrow"] {
        eventually(SOON, "both are charged", || (!status(plane, project)["used"].is_null()).then_some(()));
    }
}

#[test]
fn what_is_handed_out_is_limited() {
    let plane = shared();
    let spec = json!({"model": "allocation", "hard": {"requests.cpu": "10"}});
    let (names, _replicas) = project("handed", 2, &spec, &["resourcequotas"]);
    let own = |namespace: &str, cpu: &str| {
        json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": namespace},
            "spec": {"hard": {"requests.cpu": cpu}}})
    };
    let collection = |namespace: &str| format!("/api/v1/namespaces/{namespace}/resourcequotas");
    called(&collection(&names[0]), &own(&names[0], "99"));
    plane.create(&own(&names[0], "6")).unwrap();
    let refused = plane.create(&own(&names[1], "5"));
    assert!(
        said(&refused).contains("exceeded quota: ProjectQuota/handed, requested: requests.cpu=5, used: requests.cpu=6, limited: requests.cpu=10"),
        "{}",
        said(&refused)
    );
    plane.create(&own(&names[1], "4")).unwrap();
    let raised = plane
        .api()
        .patch(&format!("{}/q", collection(&names[0])), &json!({"spec": {"hard": {"requests.cpu": "7"}}}));
    assert!(said(&raised).contains("requested: requests.cpu=1, used: requests.cpu=10"), "{}", said(&raised));
}

#[test]
fn a_workload_whose_pods_will_not_fit_is_warned_of() {
    let plane = shared();
    let resources = ["pods", "deployments", "deployments/scale"];
    let (names, _replicas) = project("warned", 1, &json!({"hard": {"requests.cpu": "4"}}), &resources);
    called(&pods(&names[0]), &pod(&names[0], "probe", "9"));
    let kubectl = |args: &[&str], stdin: &Value| {
        let run =
            Plugin::through_kubectl("").on(plane).args(args).args(["-n", &names[0]]).stdin(stdin.to_string());
        run.run().success().stderr
    };
    let deployment = |replicas: u32, image: &str| {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {
            "replicas": replicas, "selector": {"matchLabels": {"a": "b"}},
            "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [
                {"name": "c", "image": image, "resources": {"requests": {"cpu": "1"}}}]}}}})
    };
    let said = kubectl(&["create", "-f", "-"], &deployment(6, "a"));
    assert!(
        said.contains("Warning: Deployment/web: only 4 of its 6 pods will fit ProjectQuota/warned"),
        "{said}"
    );
    assert!(said.contains("exceeded quota: ProjectQuota/warned, requested: requests.cpu=1"), "{said}");
    let said = kubectl(&["scale", "deployment/web", "--replicas=4"], &Value::Null);
    assert!(!said.contains("Warning"), "{said}");
    let said = kubectl(&["scale", "deployment/web", "--replicas=9"], &Value::Null);
    assert!(said.contains("only 4 of its 9 pods will fit"), "{said}");
    // Its pods, as the controllers would have made them.
    kubectl(&["scale", "deployment/web", "--replicas=4"], &Value::Null);
    for n in 0..4 {
        plane.api().create(&pods(&names[0]), &pod(&names[0], &format!("web-{n}"), "1")).unwrap();
    }
    eventually(SOON, "all four are charged", || {
        (status(plane, "warned")["used"]["requests.cpu"] == "4").then_some(())
    });
    let said = kubectl(&["replace", "-f", "-"], &deployment(4, "b"));
    assert!(said.contains("only 0 of the 1 pods of its rollout's surge will fit"), "{said}");
}

#[test]
fn where_it_only_warns_it_admits() {
    let plane = shared();
    let spec = json!({"hard": {"pods": "1"}, "enforcement": "advisory"});
    let (names, _replicas) = project("advice", 1, &spec, &["pods"]);
    plane.api().create(&pods(&names[0]), &pod(&names[0], "one", "1m")).unwrap();
    let warned = eventually(SOON, "a warning", || {
        let second = pod(&names[0], "two", "1m").to_string();
        let run = Plugin::through_kubectl("")
            .on(plane)
            .args(["create", "--dry-run=server", "-f", "-"])
            .stdin(second);
        let stderr = run.run().success().stderr;
        stderr.contains("exceeded quota").then_some(stderr)
    });
    assert!(
        warned.contains("Warning: exceeded quota: ProjectQuota/advice, requested: pods=1, used: pods=1"),
        "{warned}"
    );
    let stored: Result<Value, Error> = plane.api().create(&pods(&names[0]), &pod(&names[0], "two", "1m"));
    stored.unwrap();
    eventually(SOON, "more than is allowed", || {
        (status(plane, "advice")["used"]["pods"] == "2").then_some(())
    });
}
