//! Rules that can't be, and expressions that would never end.

use passmuster::audit::Verdict;

use crate::{
    audit, file,
    fixtures::{OBJECTS, policy},
};

#[test]
fn what_is_wrong_with_a_rule_is_told_by_field() {
    let folder = tempfile::tempdir().unwrap();
    let rules = "
  - {id: Bad_Id, severity: high, category: api, title: '', why: w, remediation: r, kinds: [Deployment], expression: 'object.'}
  - id: privileged-container
    severity: high
    category: api
    title: t
    why: w
    remediation: r
    kinds: [Pod]
    related: [{name: object, kind: pods, where: nothing == 1}]
    variables: [{name: a, expression: variables.b}, {name: a, expression: '1'}]
    match: size(object)
    expression: object.spec.frobnicate()
    path: podSpec.x
    message: '{.metadata'
    cases: [{name: c, objects: [{kind: Pod}], now: soon}]
  - {id: twice, severity: high, category: api, title: t, why: w, remediation: r, kinds: [Pod], expression: \"'no'\"}
  - {id: twice, severity: high, category: api, title: t, why: w, remediation: r, kinds: [], expression: 'true'}
";
    let path = file(folder.path(), "policy.yaml", &policy(rules));
    let run = audit(&["-f", "-", "--policy", &path]).stdin(OBJECTS).run().exits(1);
    for part in [
        "spec.customRules[0].id: \"Bad_Id\" is no id",
        "spec.customRules[0].title: say what is wrong",
        "spec.customRules[0].kinds[0]: there is no Deployment in the core group: did you mean Deployment.apps?",
        "spec.customRules[0].expression: at 1:",
        "spec.customRules[1].id: \"privileged-container\" is a rule that is built in",
        "spec.customRules[1].related[0].name: \"object\" can't name a list",
        "spec.customRules[1].related[0].kind: \"pods\" is no kind",
        "spec.customRules[1].related[0].where: there is no variable \"nothing\"",
        "spec.customRules[1].variables[0].expression: there is no variables.b so far; there are none",
        "spec.customRules[1].variables[1].name: there is a variable \"a\" before this one",
        "spec.customRules[1].expression: there is no function \"frobnicate\"",
        "spec.customRules[1].path: podSpec is there for the kind Workload alone",
        "spec.customRules[1].message: ",
        "spec.customRules[1].cases[0].objects[0]: an object has apiVersion and kind",
        "spec.customRules[1].cases[0].now: \"soon\" is no time",
        "spec.customRules[2].expression: it is neither true nor false",
        "spec.customRules[3].id: there is a rule \"twice\" before this one",
        "spec.customRules[3].kinds: say which kinds it looks at",
    ] {
        assert!(run.stderr.contains(part), "{part}\n{run}");
    }
}

#[test]
fn hostile_expressions_end_and_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let rule = |at: usize, expression: &str| {
        format!(
            "  - {{id: hostile-{at}, severity: low, category: api, title: t, why: w, remediation: r, kinds: [Widget.example.com], expression: \"{expression}\"}}\n"
        )
    };
    let hostile = [
        "object.l.all(a, object.l.all(b, object.l.all(c, object.l.all(d, a + b + c + d >= 0))))",
        "lists.range(100000000).all(x, x >= 0)",
        "object.l.map(a, 'xxxxxxxxxxxxxxxx').join('').replace('', object.l.map(a, 'yyyyyyyyyyyyyyyy').join('')).size() > 0",
        "object.l.map(a, object.l.map(b, object.l)).flatten(9).distinct().size() == 0",
    ];
    let rules: String = hostile.iter().enumerate().map(|(at, expression)| rule(at, expression)).collect();
    let path = file(folder.path(), "policy.yaml", &policy(&rules));
    let numbers: Vec<String> = (0..2_000).map(|number| number.to_string()).collect();
    let object = format!(
        "{{apiVersion: example.com/v1, kind: Widget, metadata: {{name: w, namespace: shop}}, l: [{}]}}",
        numbers.join(", ")
    );
    let args =
        ["-f", "-", "--policy", &path, "--select", "hostile-0,hostile-1,hostile-2,hostile-3", "-o", "json"];
    let report = audit(&args).stdin(object).run().success().json();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), hostile.len(), "{report}");
    for finding in findings {
        assert_eq!(finding["verdict"], serde_json::to_value(Verdict::NotEvaluated).unwrap());
        assert_eq!(finding["message"], "expression: it takes too many steps");
    }
}
