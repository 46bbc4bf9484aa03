use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::{
    certificates::Authority,
    configuration::{FailurePolicy, Owner, handled},
};

fn shape() -> Shape {
    let excluded = Shape::SYSTEM_NAMESPACES.into_iter().chain(["passmuster-system"]);
    Shape {
        name: "passmuster".into(),
        target: Target::Service {
            namespace: "passmuster-system".into(),
            name: "passmuster".into(),
            port: 443,
        },
        bundle: Bundle::Given(Vec::new()),
        failure_policy: FailurePolicy::Ignore,
        timeout_seconds: 5,
        excluded_namespaces: excluded.map(str::to_owned).collect(),
        user: Some("system:serviceaccount:passmuster-system:passmuster".into()),
        owner: Some(Owner { name: "passmuster-system".into(), uid: "1234".into() }),
        annotations: Vec::new(),
    }
}

#[test]
fn all_that_is_handled() {
    insta::assert_json_snapshot!("handled", configuration(&shape(), &handled()));
}

#[test]
fn nothing_but_pods_at_an_address() {
    let shape = Shape {
        target: Target::Url("https://webhook.example.com:8443/".into()),
        failure_policy: FailurePolicy::Fail,
        timeout_seconds: 99,
        excluded_namespaces: [].into(),
        user: None,
        owner: None,
        annotations: vec![("cert-manager.io/inject-ca-from".into(), "a/b".into())],
        ..shape()
    };
    let pods = Handled::new("", "v1", "pods", &[Operation::Create], Scope::Namespaced);
    insta::assert_json_snapshot!("pods", configuration(&shape, &[pods.clone(), pods]));
}

#[test]
fn with_nothing_to_judge_only_policies_are_sent() {
    let made = configuration(&shape(), &[]);
    let names: Vec<_> = made["webhooks"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, [POLICIES]);
}

#[test]
fn the_order_in_which_capabilities_are_named_does_not_matter() {
    let mut turned = handled();
    turned.reverse();
    assert_eq!(configuration(&shape(), &turned).to_string(), configuration(&shape(), &handled()).to_string());
}

#[test]
fn what_is_published_is_what_all_webhooks_trust() {
    let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
    let [one, two] = [0, 1].map(|_| {
        let authority = Authority::generate(now, Duration::from_secs(60)).unwrap();
        authority.certificate().clone()
    });
    let both = Shape { bundle: Bundle::Given(vec![one.clone(), two.clone()]), ..shape() };
    let mut live = configuration(&both, &handled());
    assert_eq!(published(&live), [one.clone(), two]);
    live["webhooks"][1]["clientConfig"]["caBundle"] = STANDARD.encode(one.pem()).into();
    assert_eq!(published(&live), [one]);
    live["webhooks"][1]["clientConfig"]["caBundle"] = Value::Null;
    assert_eq!(published(&live), []);
    assert_eq!(published(&Value::Null), []);
}

#[test]
fn a_user_name_can_not_end_the_expression() {
    let shape = Shape { user: Some("o'clock\\".into()), ..shape() };
    let expression = conditions(&shape).pop().unwrap().1;
    assert_eq!(expression, r"request.userInfo.username != 'o\'clock\\'");
}
