use super::{NOW, amounts, assert_amounts, message, object, text};
use crate::quota::{
    QuotaSpec, ResourceQuota,
    usage::{Charged, Devices, Operation, admit, charge, check_constraints, concerns, request},
};

fn pod(cpu: &str, rest: &str) -> Charged {
    object(
        "pods",
        &format!("{{spec: {{{rest} containers: [{{name: a, resources: {{requests: {{cpu: {cpu}}}}}}}]}}}}"),
    )
}

fn spec(text: &str) -> QuotaSpec {
    message::<ResourceQuota>(&format!("{{spec: {text}}}")).spec.unwrap()
}

#[test]
fn charges() {
    const DEADLINE: &str = "activeDeadlineSeconds: 1,";
    let all = spec("{hard: {pods: 1, requests.cpu: 1, secrets: 1}}");
    let terminating = spec("{hard: {pods: 1, requests.cpu: 1}, scopes: [Terminating]}");
    for (case, spec, old, new, expected) in [
        ("new", &all, None, pod("100m", ""), "pods=1,requests.cpu=100m"),
        ("more", &all, Some(pod("100m", "")), pod("150m", ""), "requests.cpu=50m"),
        ("less", &all, Some(pod("150m", "")), pod("100m", ""), ""),
        (
            "new to the scope",
            &terminating,
            Some(pod("100m", "")),
            pod("100m", DEADLINE),
            "pods=1,requests.cpu=100m",
        ),
        ("out of the scope", &terminating, Some(pod("100m", DEADLINE)), pod("100m", ""), ""),
        ("another kind", &all, None, object("services", "{}"), ""),
        ("counted", &all, None, object("secrets", "{}"), "secrets=1"),
    ] {
        let found = charge(spec, old.as_ref(), &new, &Devices::default(), NOW);
        assert_amounts(case, &found, expected);
        assert_eq!(found, amounts(expected), "{case}: nothing of which there is nothing");
    }
}

#[test]
fn what_is_exceeded_is_told_as_the_server_tells_it() {
    let hard = amounts("pods=10,requests.cpu=1,requests.memory=1Gi");
    let used = amounts("pods=10,requests.cpu=900m,requests.memory=2Gi");
    let denied = |requested: &str| {
        admit("team", &hard, &used, &amounts(requested)).map(|used| text(&used)).map_err(|e| e.to_string())
    };
    assert_eq!(
        denied("pods=1,requests.cpu=200m"),
        Err("exceeded quota: team, requested: pods=1,requests.cpu=200m, used: pods=10,requests.cpu=900m, limited: pods=10,requests.cpu=1".into())
    );
    assert_eq!(
        denied("requests.cpu=200m"),
        Err("exceeded quota: team, requested: requests.cpu=200m, used: requests.cpu=900m, limited: requests.cpu=1".into())
    );
    assert_eq!(denied("requests.cpu=100m"), Ok("pods=10,requests.cpu=1,requests.memory=2Gi".into()));
}

#[test]
fn containers_must_say_what_the_quota_limits() {
    let hard = amounts("requests.cpu=1,limits.memory=1,cpu=1,requests.nvidia.com/gpu=1,ephemeral-storage=1");
    let told =
        |pod: &str| check_constraints("q", &hard, &object("pods", pod)).err().map(|error| error.to_string());
    assert_eq!(
        told(
            "{spec: {initContainers: [{name: c2, resources: {limits: {memory: 1}}}, {name: c1, resources: {limits: {memory: 1}}}],
              containers: [{name: b, resources: {requests: {cpu: 0}}}]}}"
        )
        .unwrap(),
        "failed quota: q: must specify cpu for: c1,c2; limits.memory for: b; requests.cpu for: c1,c2"
    );
    assert_eq!(
        told("{spec: {containers: [{name: a, resources: {requests: {cpu: 0}, limits: {memory: 0}}}]}}"),
        None
    );
    assert_eq!(
        told("{spec: {resources: {limits: {cpu: 1}}, containers: [{name: a}]}}"),
        None,
        "as the server has it"
    );
    assert!(told("{spec: {resources: {limits: {ephemeral-storage: 1}}, containers: [{name: a}]}}").is_some());
    assert!(check_constraints("q", &hard, &object("services", "{}")).is_ok());
}

#[test]
fn requests_in_the_order_of_the_server() {
    let spec = spec("{hard: {pods: 1, requests.cpu: 1}}");
    let ask = |used: &str, old: Option<&Charged>, new: &Charged| {
        request("q", &spec, &amounts(used), (old, new), &Devices::default(), NOW)
            .map(|used| text(&used))
            .map_err(|e| e.to_string())
    };
    let small = pod("100m", "");
    assert_eq!(ask("pods=0,requests.cpu=0", None, &small), Ok("pods=1,requests.cpu=100m".into()));
    assert_eq!(
        ask("pods=0", None, &small),
        Err("status unknown for quota: q, resources: pods,requests.cpu".into())
    );
    assert_eq!(ask("", None, &object("services", "{}")), Ok(String::new()));
    assert_eq!(
        ask("", None, &object("pods", "{spec: {containers: [{name: a}]}}")),
        Err("failed quota: q: must specify requests.cpu for: a".into())
    );
    assert_eq!(
        ask("pods=0,requests.cpu=0", None, &pod("-1", "")),
        Err("quota usage is negative for resource(s): cpu,requests.cpu".into())
    );
    assert_eq!(
        ask("pods=1,requests.cpu=100m", Some(&small), &pod("1", "")),
        Ok("pods=1,requests.cpu=1".into())
    );
    assert_eq!(
        ask("pods=1,requests.cpu=100m", Some(&small), &pod("1001m", "")),
        Err("exceeded quota: q, requested: requests.cpu=901m, used: requests.cpu=100m, limited: requests.cpu=1".into())
    );
}

#[test]
fn who_is_asked() {
    use Operation::{Create, Update};
    let (plain, deadline) = (pod("1", ""), pod("1", "activeDeadlineSeconds: 1,"));
    for (operation, subresource, old, new, expected) in [
        (Create, "", None, &plain, true),
        (Update, "", Some(&plain), &plain, false),
        (Update, "", Some(&plain), &deadline, true),
        (Update, "resize", Some(&plain), &plain, true),
        (Update, "status", Some(&plain), &plain, false),
        (Update, "ephemeralcontainers", Some(&plain), &plain, false),
        (Create, "", None, &object("services", "{}"), true),
        (Update, "", None, &object("services", "{}"), true),
        (Update, "status", None, &object("services", "{}"), false),
        (Update, "status", None, &object("persistentvolumeclaims", "{}"), true),
        (Update, "", None, &object("resourceclaims", "{}"), true),
        (Create, "", None, &object("secrets", "{}"), true),
        (Update, "", None, &object("secrets", "{}"), false),
        (Create, "scale", None, &object("deployments", "{}"), false),
    ] {
        let found = concerns(operation, subresource, old, new);
        assert_eq!(found, expected, "{operation:?} {}/{subresource}", new.group_resource());
    }
}
