//! The configuration is what the webhook says, whoever else writes it.

use passmuster::quota::{ledger, project};
use passmuster_tests::proxy::{Fault, Rule};
use passmuster_tests::signal::Signal;
use passmuster_tests::{ControlPlane, Options, Plugin, Proxy, eventually};
use serde_json::{Value, json};

use crate::replica::Replica;
use crate::world::{LONG, World};

/// What decides which requests are judged, without what changes by itself.
fn essence(configuration: &Value) -> Value {
    json!({"labels": configuration["metadata"]["labels"], "webhooks": configuration["webhooks"]})
}

#[test]
fn edits_and_deletion_are_healed() {
    let world = World::new("configuration-heals");
    let replica = Replica::start(&world, "one", &[]);
    let right = world.configured();
    eventually(LONG, "the figure", || replica.is("configuration_in_sync").then_some(()));
    let managers: Vec<_> = right["metadata"]["managedFields"].as_array().unwrap().iter().collect();
    assert!(managers.iter().all(|manager| manager["manager"] == "passmuster"), "{managers:?}");

    let api = world.plane.api();
    let edits = [
        json!({"webhooks": []}),
        json!({"metadata": {"labels": null}}),
        json!({"webhooks": [{"name": "stranger.example.com", "clientConfig": {"url": "https://127.0.0.1:1"},
            "sideEffects": "None", "admissionReviewVersions": ["v1"], "failurePolicy": "Ignore"}]}),
    ];
    for edit in edits {
        api.patch(&world.configuration_path(), &edit).unwrap();
        eventually(LONG, "the correction of an edit", || {
            (essence(&world.configuration()?) == essence(&right)).then_some(())
        });
    }
    api.update(&world.configuration_path(), |configuration| {
        configuration["webhooks"][0]["matchConditions"] = json!([{"name": "never", "expression": "false"}]);
        configuration["webhooks"][0]["failurePolicy"] = "Fail".into();
    })
    .unwrap();
    eventually(LONG, "the correction of a bypass", || {
        (essence(&world.configuration()?) == essence(&right)).then_some(())
    });

    let before = right["metadata"]["uid"].clone();
    api.delete(&world.configuration_path()).unwrap();
    let again = eventually(LONG, "another configuration", || {
        world.configuration().filter(|again| again["metadata"]["uid"] != before)
    });
    assert_eq!(essence(&again), essence(&right));
    // What others note beside it is theirs.
    api.patch(&world.configuration_path(), &json!({"metadata": {"annotations": {"note": "mine"}}})).unwrap();
    api.patch(&world.configuration_path(), &json!({"webhooks": []})).unwrap();
    eventually(LONG, "the last correction", || {
        let live = world.configuration()?;
        (essence(&live) == essence(&right) && live["metadata"]["annotations"]["note"] == "mine").then_some(())
    });
}

/// A world with the kinds that projects are kept in.
fn of_projects(prefix: &str) -> World {
    let world = World::alone(prefix);
    for definition in [project::definition(), ledger::definition()] {
        world.plane.serve(&definition).unwrap();
    }
    world
}

/// Waits until exactly these operations on a resource are sent.
fn is_sent(world: &World, resource: &str, wanted: &[&str]) {
    let of = |rule: &Value| rule["resources"].as_array().is_some_and(|all| all.contains(&resource.into()));
    eventually(LONG, "the configuration says what is sent", || {
        let configuration = world.configuration()?;
        let rules = configuration["webhooks"][0]["rules"].as_array()?;
        let operations =
            rules.iter().find(|rule| of(rule)).map_or_else(|| json!([]), |rule| rule["operations"].clone());
        (operations == json!(wanted)).then_some(())
    });
}

/// A quota of one object of this type in the namespace that is judged.
fn counts(world: &World, name: &str, resource: &str) {
    let selector = json!({"matchLabels": {"kubernetes.io/metadata.name": world.judged}});
    let quota = json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "ProjectQuota",
        "metadata": {"name": name}, "spec": {"hard": {resource: "1"}, "namespaceSelector": selector}});
    world.plane.create(&quota).unwrap();
}

fn config_map(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}})
}

#[test]
fn what_quotas_count_is_sent_as_long_as_they_do() {
    let world = of_projects("configuration-counted");
    let api = world.plane.api();
    let _replica = Replica::start(&world, "one", &["--quotas"]);
    is_sent(&world, "pods", &["CREATE", "UPDATE"]);
    // Rules that nobody asked for are about them.
    is_sent(&world, "ingresses", &[]);
    is_sent(&world, "configmaps", &[]);

    counts(&world, "counted", "count/configmaps");
    is_sent(&world, "configmaps", &["CREATE"]);
    let path = format!("/api/v1/namespaces/{}/configmaps", world.judged);
    api.create(&path, &config_map("one")).unwrap();
    let refused = eventually(LONG, "the API server asks", || {
        api.create(&format!("{path}?dryRun=All"), &config_map("another")).err()
    });
    let said =
        "exceeded quota: ProjectQuota/counted, requested: count/configmaps=1, used: count/configmaps=1";
    assert!(refused.to_string().contains(said), "{refused}");
    api.patch(&format!("{path}/one"), &json!({"data": {"changed": "true"}})).unwrap();

    api.delete("/apis/passmuster.dev/v1alpha1/projectquotas/counted").unwrap();
    is_sent(&world, "configmaps", &[]);
    api.create(&path, &config_map("another")).unwrap();
}

#[test]
fn a_watch_that_fails_for_a_while_lets_nothing_pass_uncounted() {
    let world = of_projects("configuration-unwatched");
    let proxy = Proxy::start(&world.plane);
    let kubeconfig = format!("--kubeconfig={}", proxy.kubeconfig().display());
    let replica = Replica::start(&world, "one", &["--quotas", &kubeconfig]);
    counts(&world, "maps", "count/configmaps");
    is_sent(&world, "configmaps", &["CREATE"]);
    let path = format!("/api/v1/namespaces/{}/configmaps", world.judged);
    world.plane.api().create(&path, &config_map("one")).unwrap();

    proxy.add(Rule::new(Fault::Status(503)).path_contains("configmaps"));
    proxy.drop_watches();
    let mut logs = String::new();
    eventually(LONG, "the watch fails", || {
        logs.push_str(&replica.logs());
        let mut lines = logs.lines().filter(|line| line.contains("configmaps"));
        lines.any(|line| line.contains("objects can't be followed")).then_some(())
    });
    // What is told after that is told knowing of it.
    counts(&world, "secrets", "count/secrets");
    is_sent(&world, "secrets", &["CREATE"]);
    is_sent(&world, "configmaps", &["CREATE"]);
    let refused =
        eventually(LONG, "a refusal", || world.plane.api().create(&path, &config_map("another")).err());
    assert!(refused.to_string().contains("ProjectQuota/maps"), "{refused}");
}

#[test]
fn it_ends_with_the_namespace_even_when_nobody_is_left() {
    let world = World::new("configuration-orphan");
    let replica = Replica::start(&world, "one", &[]);
    world.configured();
    replica.signal(Signal::Kill);
    let namespace = format!("/api/v1/namespaces/{}", world.namespace);
    world.plane.api().delete(&namespace).unwrap();
    eventually(LONG, "the end of the configuration", || world.configuration().is_none().then_some(()));
}

#[test]
fn it_goes_before_a_namespace_that_is_being_deleted() {
    let world = World::new("configuration-namespace");
    let _replica = Replica::start(&world, "one", &[]);
    world.configured();
    let namespace = format!("/api/v1/namespaces/{}", world.namespace);
    // Held open, so that no garbage collector does it.
    let hold = json!({"apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "held", "namespace": world.namespace, "finalizers": ["test.passmuster.dev/held"]}});
    let hold = world.plane.create(&hold).unwrap();
    world.plane.api().delete(&namespace).unwrap();
    eventually(LONG, "the end of the configuration", || world.configuration().is_none().then_some(()));
    assert!(world.get(&namespace).is_some());
    world.plane.remove(&hold).unwrap();
}

#[test]
fn it_goes_with_the_deployment() {
    let world = World::new("configuration-deployment");
    let deployment = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "passmuster", "namespace": world.namespace},
        "spec": {
            "selector": {"matchLabels": {"app": "a"}},
            "template": {"metadata": {"labels": {"app": "a"}},
                "spec": {"containers": [{"name": "a", "image": "a"}]}},
        },
    });
    world.plane.create(&deployment).unwrap();
    let mut replica = Replica::start(&world, "one", &["--deployment=passmuster"]);
    world.configured();
    // A rolling update ends a replica as well; nothing goes then.
    replica.signal(Signal::Term);
    assert!(replica.ends_well());
    assert!(world.configuration().is_some());

    let mut replica = Replica::start(&world, "two", &["--deployment=passmuster", "--look-every=600s"]);
    eventually(LONG, "the only one leads", || replica.leads().then_some(()));
    let path = world.plane.path_of(&deployment).unwrap();
    world.plane.api().patch(&path, &json!({"spec": {"replicas": 0}})).unwrap();
    replica.signal(Signal::Term);
    assert!(replica.ends_well());
    assert_eq!(world.configuration(), None);
}

#[test]
fn the_api_server_takes_what_is_printed() {
    let plane = ControlPlane::shared();
    let printed = Plugin::new("passmuster").arg("manifests").run().success().stdout;
    let output = plane.checked(&["apply", "--dry-run=server", "-f", "-", "-o", "name"], &printed).unwrap();
    assert!(
        output.contains("validatingwebhookconfiguration.admissionregistration.k8s.io/passmuster"),
        "{output}"
    );
    assert!(output.contains("customresourcedefinition.apiextensions.k8s.io/projectquotas.passmuster.dev"));
    let again = Plugin::new("passmuster").arg("manifests").run().success().stdout;
    assert_eq!(printed, again);
}

#[test]
fn conditions_leave_out_what_must_never_wait() {
    // An API server of its own: this configuration looks at everything, and nobody answers.
    let plane = ControlPlane::start(Options::bare()).unwrap();
    let args = ["manifests", "--url=https://127.0.0.1:1", "--failure-policy=Fail", "--timeout-seconds=1"];
    let printed = Plugin::new("passmuster").args(args).run().success().stdout;
    plane.apply(&printed);
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "other"}});
    let pod = |namespace: &str, annotations: Value| {
        json!({"apiVersion": "v1", "kind": "Pod",
            "metadata": {"generateName": "pod-", "namespace": namespace, "annotations": annotations},
            "spec": {"nodeName": "node", "containers": [{"name": "a", "image": "a"}]}})
    };
    let create = |path: &str, object: &Value| plane.api().create(&format!("{path}?dryRun=All"), object);
    let refused = eventually(LONG, "the API server asks", || {
        create("/api/v1/namespaces/default/pods", &pod("default", json!({}))).err()
    });
    assert!(refused.to_string().contains("failed calling webhook"), "{refused}");
    assert!(create("/api/v1/namespaces", &namespace).is_err());

    let mirror = pod("default", json!({"kubernetes.io/config.mirror": "hash"}));
    create("/api/v1/namespaces/default/pods", &mirror).unwrap();
    create("/api/v1/namespaces/kube-system/pods", &pod("kube-system", json!({}))).unwrap();
    let lease = json!({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "a"}});
    create("/apis/coordination.k8s.io/v1/namespaces/default/leases", &lease).unwrap();
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node"}});
    plane.api().create("/api/v1/nodes", &node).unwrap();
    let review =
        json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": "a"}});
    plane.api().create("/apis/authentication.k8s.io/v1/tokenreviews", &review).unwrap();
    let event = json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "a"},
        "involvedObject": {"namespace": "default"}});
    create("/api/v1/namespaces/default/events", &event).unwrap();
}

#[test]
fn everything_that_is_sent_exists() {
    let plane = ControlPlane::shared();
    let printed = Plugin::new("passmuster").arg("manifests").run().success().stdout;
    let configuration: Value = printed
        .split("---\n")
        .filter(|text| text.contains("kind: ValidatingWebhookConfiguration"))
        .map(|text| serde_saphyr::from_str(text).unwrap())
        .next()
        .unwrap();
    let rules = configuration["webhooks"][0]["rules"].as_array().unwrap();
    assert!(!rules.is_empty());
    for rule in rules {
        let (group, version) =
            (rule["apiGroups"][0].as_str().unwrap(), rule["apiVersions"][0].as_str().unwrap());
        let root =
            if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
        let known = plane.api().get(&root).unwrap();
        for resource in rule["resources"].as_array().unwrap() {
            let found =
                known["resources"].as_array().unwrap().iter().find(|known| known["name"] == *resource);
            let found = found.unwrap_or_else(|| panic!("the API server has no {resource} in {root}"));
            assert_eq!(found["namespaced"] == true, rule["scope"] == "Namespaced", "{resource}");
        }
    }
}
