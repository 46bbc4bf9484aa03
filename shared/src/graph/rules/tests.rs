use serde_json::json;

use super::*;
use crate::{
    graph::{Reference, Selection, Where, Within, edges::facts_of},
    model::{LabelSelector, Selector},
};

fn rules(text: &str) -> Result<RuleSet, String> {
    let mut rules = RuleSet::default();
    let text = format!("apiVersion: passmuster.dev/v1alpha1\nkind: RelationRules\nrules:\n{text}");
    rules.add("my.yaml", &text).map_err(|error| error.to_string())?;
    Ok(rules)
}

fn facts(rules: &str, spec: &Value) -> Facts {
    let object = json!({"apiVersion": "example.com/v1", "kind": "App", "spec": spec,
        "metadata": {"name": "a", "namespace": "shop"}});
    let mut facts = facts_of(object.clone(), "example.com", "App", &"example.com/v1".into()).unwrap();
    if let Some(found) = self::rules(rules).unwrap().for_kind("example.com", "App") {
        found.apply(&object, &mut facts);
    }
    facts
}

/// `edge Kind.group place/name` with `?` for optional and `×n`.
fn references(rules: &str, spec: &Value) -> Vec<String> {
    let one = |reference: &Reference| {
        let at = match &reference.at {
            Where::Cluster => "cluster".to_owned(),
            Where::Namespace(namespace) => namespace.clone(),
            Where::NamespaceIfAny(namespace) => format!("{namespace}~"),
        };
        let optional = if reference.optional { "?" } else { "" };
        let count = if reference.count > 1 { format!(" ×{}", reference.count) } else { String::new() };
        let Reference { edge, kind, group, name, via, .. } = reference;
        format!("{edge}{optional} {kind}.{group} {at}/{name} ({via}){count}")
    };
    facts(rules, spec).references.iter().map(one).collect()
}

const APP: &str = "- source: {group: example.com, kind: App}\n";

#[test]
fn names_are_found_wherever_they_stand() {
    let rule = format!(
        "{APP}  edge: uses\n  target: {{kind: ConfigMap, namespaced: true}}\n  name: .spec.refs[*].name\n"
    );
    let spec = json!({"refs": [{"name": "b"}, {"name": "a"}, {"name": ""}, {"other": 1}, {"name": null}, {"name": "a"}]});
    let expected =
        ["uses ConfigMap. shop/a (spec.refs[].name) ×2", "uses ConfigMap. shop/b (spec.refs[].name)"];
    assert_eq!(references(&rule, &spec), expected);
    assert_eq!(references(&rule, &json!({"refs": "no list"})), [""; 0]);
}

#[test]
fn an_element_says_kind_group_and_namespace_together() {
    let rule = format!(
        "{APP}  edge: uses\n  each: .spec.refs[*]\n  name: .name\n  namespace: .namespace\n  optional: .optional\n  \
         target: {{group: d.io, kind: D, groupPath: .group, apiVersionPath: .apiVersion, kindPath: .kind}}\n"
    );
    let spec = json!({"refs": [
        {"name": "a"},
        {"name": "b", "kind": "E", "apiVersion": "e.io/v1", "namespace": "other"},
        {"name": "c", "kind": "F", "group": "", "optional": true},
    ]});
    let expected = [
        "uses D.d.io shop~/a (spec.refs[].name)",
        "uses E.e.io other~/b (spec.refs[].name)",
        "uses? F. shop~/c (spec.refs[].name)",
    ];
    let mut found = references(&rule, &spec);
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn names_of_other_forms() {
    let rule = |more: &str| {
        format!("{APP}  edge: uses\n  target: {{kind: S, namespaced: true}}\n  name: .spec.n[*]\n{more}")
    };
    let slash =
        references(&rule("  form: namespace/name\n  except: [mesh]\n"), &json!({"n": ["mesh", "a", "x/b"]}));
    assert_eq!(slash, ["uses S. shop/a (spec.n[])", "uses S. x/b (spec.n[])"]);
    let hosts = json!({"n": ["a", "b.x.svc", "c.y.svc.cluster.local", "example.com", "*.z.svc", "www.example.com", ""]});
    let expected = ["uses S. shop/a (spec.n[])", "uses S. x/b (spec.n[])", "uses S. y/c (spec.n[])"];
    assert_eq!(references(&rule("  form: service host\n"), &hosts), expected);
}

#[test]
fn of_several_paths_the_first_that_leads_somewhere() {
    let rule = format!(
        "{APP}  edge: uses\n  target: {{kind: S, namespaced: false}}\n  name: [.spec.n, .metadata.name]\n"
    );
    assert_eq!(references(&rule, &json!({"n": "x"})), ["uses S. cluster/x (spec.n)"]);
    assert_eq!(references(&rule, &json!({"n": ""})), ["uses S. cluster/a (metadata.name)"]);
}

#[test]
fn conditions() {
    let rule = format!(
        "{APP}  edge: uses\n  target: {{kind: S, namespaced: true}}\n  name: .spec.n\n  via: the name\n  \
         when: [{{path: .spec.mode, in: [x, w]}}, {{path: .spec.on}}]\n  unless: [.spec.off]\n"
    );
    let found = |spec: Value| references(&rule, &spec);
    assert_eq!(found(json!({"n": "a", "mode": "w", "on": 0})), ["uses S. shop/a (the name)"]);
    assert_eq!(found(json!({"n": "a", "mode": "z", "on": 0})), [""; 0]);
    assert_eq!(found(json!({"n": "a", "mode": "x"})), [""; 0]);
    assert_eq!(found(json!({"n": "a", "mode": "x", "on": 0, "off": {}})), [""; 0]);
}

#[test]
fn selectors() {
    let found = |more: &str, spec: &Value| -> Vec<(Within, String)> {
        let rule =
            format!("{APP}  edge: selects\n  target: {{kind: Pod}}\n  selector: .spec.selector\n{more}");
        let one = |selection: Selection| (selection.within, selection.selector.to_string());
        facts(&rule, spec).selections.into_iter().map(one).collect()
    };
    let own = || Within::Namespace("shop".into());
    let named = |name: &str| Within::Namespace(name.into());
    let text = |text: &str| text.to_owned();
    assert_eq!(found("", &json!({"selector": {"app": "web"}})), [(own(), text("app=web"))]);
    let expression = json!({"matchExpressions": [{"key": "a", "operator": "Exists"}]});
    assert_eq!(found("", &json!({"selector": expression})), [(own(), text("a"))]);
    assert_eq!(found("", &json!({"selector": {"matchLabels": {"app": "web"}}})), [(own(), text("app=web"))]);
    assert_eq!(found("", &json!({"selector": {}})), [(own(), text(""))]);
    assert_eq!(found("  empty: nothing\n", &json!({"selector": {}})), []);
    assert_eq!(found("", &json!({})), []);
    assert_eq!(found("  absent: everything\n", &json!({})), [(own(), text(""))]);
    assert_eq!(found("", &json!({"selector": "no selector"})), []);
    assert_eq!(found("", &json!({"selector": {"app": 1}})), [], "what can't be a label");
    let within = "  namespaces: {names: .spec.in.names, any: .spec.in.any}\n";
    assert_eq!(
        found(within, &json!({"selector": {"a": "b"}, "in": {"names": ["y", "x"]}})),
        [(named("x"), text("a=b")), (named("y"), text("a=b"))]
    );
    assert_eq!(
        found(within, &json!({"selector": {"a": "b"}, "in": {"any": true}})),
        [(Within::Cluster, text("a=b"))]
    );
    assert_eq!(found(within, &json!({"selector": {"a": "b"}})), [(own(), text("a=b"))]);
    assert_eq!(
        found("  namespaces: {all: true}\n", &json!({"selector": {"a": "b"}})),
        [(Within::Cluster, text("a=b"))]
    );
    let labelled = "  namespaces: {selector: .spec.in}\n";
    let teams: LabelSelector = serde_json::from_value(json!({"matchLabels": {"team": "a"}})).unwrap();
    assert_eq!(
        found(labelled, &json!({"selector": {"a": "b"}, "in": {"matchLabels": {"team": "a"}}})),
        [(Within::Namespaces(Selector::from(&teams)), text("a=b"))]
    );
    assert_eq!(found(labelled, &json!({"selector": {"a": "b"}, "in": {}})), [(Within::Cluster, text("a=b"))]);
    assert_eq!(found(labelled, &json!({"selector": {"a": "b"}})), [(own(), text("a=b"))]);
}

#[test]
fn kinds_may_be_patterns() {
    let rules = rules(
        "- source: {group: '*.example.com', kind: [Other, '*Claim']}\n  edge: uses\n  target: {kind: S}\n  name: .a\n",
    )
    .unwrap();
    assert!(rules.for_kind("db.example.com", "PostgresClaim").is_some());
    assert!(rules.for_kind("example.com", "PostgresClaim").is_none());
    assert!(rules.for_kind("db.example.com", "Postgres").is_none());
    assert_eq!(rules.scopes(), []);
    let targets = rules.for_kind("db.example.com", "Claim").unwrap().targets();
    assert_eq!(targets, [Some((String::new(), "S".to_owned()))]);
}

#[test]
fn scopes_are_told() {
    let text = "- source: {group: a.io, kind: [A, 'B*'], namespaced: false}\n  edge: uses\n  target: {kind: S, namespaced: true}\n  \
                name: .a\nkinds:\n- {group: a.io, kind: C, namespaced: true}\n- {kind: S, namespaced: false}\n";
    let scopes = rules(text).unwrap().scopes();
    let told: Vec<_> =
        scopes.iter().map(|scope| (scope.group.as_str(), scope.kind.as_str(), scope.namespaced)).collect();
    assert_eq!(told, [("", "S", false), ("a.io", "A", false), ("a.io", "C", true)]);
}

#[test]
fn errors_say_file_rule_and_field() {
    let good = "- source: {kind: A}\n  edge: e\n  target: {kind: B}\n  name: .a\n";
    let error = |rule: &str| rules(&format!("{good}{rule}")).map(|_| ()).unwrap_err();
    let rule = |from: &str, to: &str| error(&good.replace(from, to));
    assert_eq!(rule(".a", "'.a['"), "my.yaml: rules[1].name: \".a[\" is not a JSONPath");
    assert_eq!(
        rule("name: .a", "nam: .a").split(", expected").next().unwrap(),
        "my.yaml: rules[1]: unknown field `nam`"
    );
    assert_eq!(rule("  name: .a\n", ""), "my.yaml: rules[1]: a rule needs name or selector");
    assert_eq!(
        rule(".a", ".a\n  selector: .b"),
        "my.yaml: rules[1].selector: a rule has either name or selector, this one has both"
    );
    assert_eq!(
        rule(".a", ".a\n  empty: nothing"),
        "my.yaml: rules[1].empty: belongs to rules with a selector"
    );
    assert_eq!(rule("kind: B", "group: B"), "my.yaml: rules[1].target: needs kind or kindPath");
    assert_eq!(
        rule("edge: e", "edge: Runs On"),
        "my.yaml: rules[1].edge: \"Runs On\": edge types are lower case letters, digits and _"
    );
    assert_eq!(
        rule("{kind: B}", "{kind: B, kindPath: '['}"),
        "my.yaml: rules[1].target.kindPath: \"[\" is not a JSONPath"
    );
    assert!(error("- 1\n").starts_with("my.yaml: rules[1]: invalid type: integer"));
    let file = |text: &str| RuleSet::default().add("my.yaml", text).unwrap_err().to_string();
    assert_eq!(
        file("apiVersion: v1\nkind: Pod\nrules: []"),
        "my.yaml: expected apiVersion passmuster.dev/v1alpha1 and kind RelationRules, found v1 and Pod"
    );
    assert!(file("a: [").starts_with("my.yaml: "));
}

#[test]
fn the_documentation_is_right() {
    let page = include_str!("../../../../docs/rules-file.md");
    let blocks: Vec<&str> =
        page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 4);
    let mut set = RuleSet::default();
    set.add("docs", blocks[0]).unwrap();
    for block in &blocks[1..] {
        rules(block).unwrap();
    }
    for field in [
        "each",
        "when",
        "unless",
        "form",
        "except",
        "namespace",
        "optional",
        "absent",
        "empty",
        "namespaces",
        "via",
    ] {
        assert!(page.contains(&format!("| `{field}` |")), "{field}");
    }
}
