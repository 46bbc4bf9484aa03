//! Asks both.

use std::{
    collections::BTreeSet,
    thread,
    time::{Duration, Instant},
};

use http::Method;
use passmuster::audit::{
    AuditPolicySpec, CustomRule, CustomRules, KubernetesVersion, Rules, Settings, Verdict as Found, World,
    run_rules,
};
use passmuster_tests::{ControlPlane, api::Response};
use serde_json::{Value, json};

/// Expressions to a policy: what they say must fit into the warnings of one answer.
const TO_A_POLICY: usize = 18;
/// Questions at a time.
const AT_ONCE: usize = 8;

/// What an expression is of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Pass,
    Fail,
    Error(String),
}

/// Who takes which expressions.
pub(crate) struct Taken {
    pub(crate) by_the_server: BTreeSet<String>,
    /// In their order, why we don't.
    pub(crate) refused_here: Vec<Option<String>>,
}

fn rule(at: usize, expression: &str) -> CustomRule {
    let rule = json!({
        "id": format!("expression-{at:05}"), "severity": "low", "category": "api", "title": "It is false.",
        "why": "It is asked.", "remediation": "None.", "kinds": ["Deployment.apps", "Pod", "Service"],
        "expression": expression,
    });
    serde_json::from_value(rule).unwrap()
}

fn compiled(expressions: &[&String]) -> Result<CustomRules, Vec<(usize, String)>> {
    let rules = expressions.iter().enumerate().map(|(at, expression)| rule(at, expression));
    let spec = AuditPolicySpec { custom_rules: rules.collect(), ..AuditPolicySpec::default() };
    CustomRules::compile(&spec).map_err(|problems| {
        let place = |field: &str| field.split(['[', ']']).nth(1).unwrap().parse().unwrap();
        problems.into_iter().map(|problem| (place(&problem.field), problem.message)).collect()
    })
}

fn policy(name: &str, expressions: &[&String]) -> Value {
    let validation =
        |(at, expression): (usize, &&String)| json!({"expression": expression, "message": format!("E{at}")});
    let validations: Vec<Value> = expressions.iter().enumerate().map(validation).collect();
    json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": name}, "spec": {"failurePolicy": "Fail", "validations": validations,
            "matchConstraints": {"resourceRules": [{"apiGroups": ["*"], "apiVersions": ["*"],
                "operations": ["CREATE"], "resources": ["deployments", "pods", "services"]}]}}})
}

const POLICIES: &str = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
const BINDINGS: &str = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";

fn post(plane: &ControlPlane, path: &str, object: &Value) -> Response {
    let headers = [("content-type", "application/json")];
    plane.api().send(&Method::POST, path, &headers, object.to_string()).unwrap()
}

/// Which expressions are taken by whom.
pub(crate) fn who_takes(plane: &ControlPlane, all: &[String]) -> Taken {
    let ask = |expression: &String| {
        let answer = post(plane, &format!("{POLICIES}?dryRun=All"), &policy("p", &[expression]));
        assert!(
            matches!(answer.status, 201 | 422),
            "{expression}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        (answer.status == 201).then(|| expression.clone())
    };
    let by_the_server = thread::scope(|scope| {
        let parts = all.chunks(all.len().div_ceil(AT_ONCE));
        let asking: Vec<_> =
            parts.map(|part| scope.spawn(move || part.iter().filter_map(ask).collect::<Vec<_>>())).collect();
        asking.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    let mut refused_here = vec![None; all.len()];
    if let Err(problems) = compiled(&all.iter().collect::<Vec<_>>()) {
        for (at, message) in problems {
            refused_here[at].get_or_insert(message);
        }
    }
    Taken { by_the_server, refused_here }
}

/// What the API server says of each object, which comes back as it would be stored: a policy is about the objects with
/// its label, so that one is asked at a time. What all say together would be cut off.
pub(crate) fn theirs(
    plane: &ControlPlane,
    all: &[&String],
    objects: &[Value],
) -> Vec<Vec<(Value, Vec<Verdict>)>> {
    // Fails always, which tells that a policy is in force.
    let always = "false".to_owned();
    let parts: Vec<&[&String]> = all.chunks(TO_A_POLICY).collect();
    for (at, part) in parts.iter().enumerate() {
        let mut asked = part.to_vec();
        asked.push(&always);
        let name = format!("p{at}");
        let binding = json!({"apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": name},
            "spec": {"policyName": name, "validationActions": ["Warn"],
                "matchResources": {"objectSelector": {"matchLabels": {"ask": name}}}}});
        for (path, object) in [(POLICIES, policy(&name, &asked)), (BINDINGS, binding)] {
            let made = post(plane, path, &object);
            assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
        }
    }
    let numbered: Vec<(usize, &&[&String])> = parts.iter().enumerate().collect();
    let of_part = |(at, part): &(usize, &&[&String])| -> Vec<(Value, Vec<Verdict>)> {
        let one = |object: &Value| {
            let (stored, said) = ask(plane, &format!("p{at}"), part.len(), object);
            let verdicts = part.iter().enumerate().map(|(at, expression)| verdict(&said, at, expression));
            (stored, verdicts.collect())
        };
        objects.iter().map(one).collect()
    };
    thread::scope(|scope| {
        let chunks = numbered.chunks(numbered.len().div_ceil(AT_ONCE));
        let asking: Vec<_> =
            chunks.map(|chunk| scope.spawn(move || chunk.iter().map(of_part).collect::<Vec<_>>())).collect();
        asking.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

/// Expressions of each policy, in their order.
pub(crate) fn parts<'e>(all: &'e [&'e String]) -> impl Iterator<Item = &'e [&'e String]> {
    all.chunks(TO_A_POLICY)
}

/// What a policy says of an object, as soon as it is in force.
fn ask(plane: &ControlPlane, name: &str, last: usize, object: &Value) -> (Value, Vec<String>) {
    let (group, plural) = match object["kind"].as_str().unwrap() {
        "Deployment" => ("apis/apps/v1", "deployments"),
        "Pod" => ("api/v1", "pods"),
        _ => ("api/v1", "services"),
    };
    let path = format!("/{group}/namespaces/shop/{plural}?dryRun=All");
    let head = format!("Validation failed for ValidatingAdmissionPolicy '{name}' with binding '{name}': ");
    let mut object = object.clone();
    object["metadata"]["labels"]["ask"] = name.into();
    let until = Instant::now() + Duration::from_secs(120);
    loop {
        let answer = post(plane, &path, &object);
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        let own = answer.warnings.iter().filter_map(|text| text.strip_prefix(&head));
        let said: Vec<String> = own.map(str::to_owned).collect();
        if said.contains(&format!("E{last}")) {
            return (answer.json(), said);
        }
        assert!(Instant::now() < until, "{name} never came into force: {:?}", answer.warnings);
        thread::sleep(Duration::from_millis(50));
    }
}

fn verdict(said: &[String], at: usize, expression: &str) -> Verdict {
    if said.contains(&format!("E{at}")) {
        return Verdict::Fail;
    }
    let failed = format!("expression '{expression}' resulted in error: ");
    let error = said.iter().find_map(|text| text.strip_prefix(&failed));
    error.map_or(Verdict::Pass, |error| Verdict::Error(error.to_owned()))
}

/// What we say of an object.
pub(crate) fn ours(all: &[&String], object: &Value) -> Vec<Verdict> {
    let custom = compiled(all).unwrap();
    let rules = Rules::select(&["api".to_owned()], &[], &custom, None).unwrap();
    let mut world = World::of_files().keeping(rules.whole());
    let version = object["apiVersion"].as_str().unwrap().into();
    world.take_document(&version, object["kind"].as_str().unwrap(), object.clone()).unwrap();
    world.cover_documents(true);
    let settings = Settings { version: KubernetesVersion::NEWEST, ..Settings::default() };
    let outcomes = run_rules(&world, &settings, &rules, &|_, _| true);
    let verdict = |at: usize| {
        let id = format!("expression-{at:05}");
        let found = outcomes.findings.iter().find(|finding| finding.rule == id);
        match found {
            None => Verdict::Pass,
            Some(finding) if finding.verdict == Found::Fail => Verdict::Fail,
            Some(finding) => Verdict::Error(finding.message.clone()),
        }
    };
    (0..all.len()).map(verdict).collect()
}
