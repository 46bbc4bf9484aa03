//! Names that no server takes and any file may have: nothing of them steers a terminal.

use std::time::Duration;

use passmuster_tests::{
    ControlPlane, Options, Plugin,
    plugin::Run,
    proxy::{Fault, Rule},
};
use serde_json::{Value, json};

use crate::folder::Folder;

/// Colours, a bell, a new title, text that runs backwards, a second line, what takes no room.
const EVIL: &str =
    "\u{1b}[31mred\u{7}\u{1b}]0;title\u{7}\u{202e}kcab\u{2066}x\r\u{85}\u{9b}31m\u{200b}\u{2028}\0end";

/// Every output that is text: those of people and those of programs.
const OUTPUTS: &[&str] = &[
    "tree",
    "name",
    "dot",
    "mermaid",
    "cypher",
    "graphml",
    "svg",
    "html",
    "json",
    "yaml",
    "custom-columns=ID:.id,NAME:.name,STATUS:.status,LABELS:.metadata.labels",
    "jsonpath={range .nodes[*]}{.id} {.name} {.status}{\"\\n\"}{end}",
    "jsonpath-as-json={.nodes[*].name}",
];

fn object(api_version: &str, kind: &str, name: &str, mut more: Value) -> Value {
    more["apiVersion"] = api_version.into();
    more["kind"] = kind.into();
    more["metadata"]["name"] = format!("{name}{EVIL}").into();
    more["metadata"]["namespace"] = format!("shop{EVIL}").into();
    more["metadata"]["labels"] = json!({"app": EVIL, EVIL: "x"});
    more["metadata"]["annotations"] = json!({EVIL: EVIL});
    more
}

/// Objects whose every text is evil.
fn evil_list() -> Value {
    let name = |name: &str| format!("{name}{EVIL}");
    let container =
        json!({"name": name("c"), "image": EVIL, "envFrom": [{"configMapRef": {"name": name("map")}}]});
    let pod = json!({
        "spec": {"nodeName": name("node"), "serviceAccountName": name("robot"), "containers": [container]},
        "status": {"phase": EVIL, "reason": EVIL, "containerStatuses": [
            {"name": name("c"), "state": {"waiting": {"reason": EVIL}}}]},
    });
    let owner =
        json!({"apiVersion": name("group") + "/v1", "kind": name("Owner"), "name": name("o"), "uid": EVIL});
    let binding = json!({
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name("role")},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name("user")}],
    });
    json!({"apiVersion": "v1", "kind": "List", "items": [
        object("v1", "Pod", "pod", pod),
        object("v1", "Service", "svc", json!({"spec": {"selector": {"app": EVIL}, "type": EVIL}})),
        object("rbac.authorization.k8s.io/v1", "RoleBinding", "binding", binding),
        object(&format!("group{EVIL}.com/v{EVIL}"), &name("Kind"), "x", json!({"metadata": {"ownerReferences": [owner]}})),
        json!({"apiVersion": "v1", "kind": name("Broken")}),
    ]})
}

/// What a terminal obeys, or shows as something else than it is.
fn steers(character: char) -> bool {
    character != '\n'
        && (character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'))
}

fn tame(what: &str, run: &Run) {
    for (name, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        // Tabs are how text is laid out.
        if let Some(found) = text.chars().find(|character| steers(*character) && *character != '\t') {
            let line = text.lines().find(|line| line.contains(found)).unwrap_or_default();
            panic!("{what}: {name} has a raw {found:?}: {line:?}");
        }
    }
}

#[test]
fn no_output_passes_on_what_steers_a_terminal() {
    let folder = Folder::new();
    folder.write("evil.json", evil_list().to_string());
    let own = format!("{EVIL}.json").replace('\0', "");
    folder.write(&own, "{}");
    for output in OUTPUTS {
        let run = folder.run(&["-f", "evil.json", "-o", output]).success();
        tame(output, &run);
        assert!(
            run.stdout.contains("red") && run.stdout.contains("kcab"),
            "{output} does not show the names: {run}"
        );
    }
    for args in [
        &["-f", "evil.json", "--missing"][..],
        &["-f", "evil.json", "--unused"],
        &["-f", "evil.json", &format!("pod/x{}", EVIL.replace('\0', ""))],
        &["-f", "evil.json", &EVIL.replace('\0', "")],
        &["-f", "evil.json", "--edges", &EVIL.replace('\0', "")],
        &["-f", "evil.json", "-o", &EVIL.replace('\0', "")],
        &["-f", "evil.json", &format!("--{}", EVIL.replace('\0', ""))],
        &["-f", &own],
        &["-f", &format!("none{own}")],
        &["--snapshot", &own],
        &["diff", &own, &own],
    ] {
        tame(&format!("{args:?}"), &folder.run(args));
    }
}

#[test]
fn json_and_yaml_give_names_back_as_they_are() {
    let folder = Folder::new();
    folder.write("evil.json", evil_list().to_string());
    let name = format!("pod{EVIL}");
    let json = folder.run(&["-f", "evil.json", "-o", "json"]).success().json();
    let has = |graph: &Value| {
        graph["nodes"].as_array().is_some_and(|nodes| nodes.iter().any(|n| n["name"] == *name))
    };
    assert!(has(&json), "{json}");
    let yaml = folder.run(&["-f", "evil.json", "-o", "yaml"]).success();
    let yaml: Value = serde_saphyr::from_str(&yaml.stdout).unwrap();
    assert!(has(&yaml), "{yaml}");
}

#[test]
fn a_difference_of_hostile_graphs_is_tame() {
    let folder = Folder::new();
    folder.write("evil.json", evil_list().to_string()).write("none.yaml", "");
    for (name, file) in [("evil.graph", "evil.json"), ("none.graph", "none.yaml")] {
        let graph = folder.run(&["-f", file, "-o", "json"]).success().stdout;
        folder.write(name, graph);
    }
    for output in ["tree", "json"] {
        let run = folder.run(&["diff", "none.graph", "evil.graph", "-o", output]).success();
        tame(output, &run);
        assert!(run.stdout.contains("kcab"), "{run}");
    }
}

#[test]
fn what_a_server_says_is_tame_too() {
    let plane = ControlPlane::start(Options::bare()).unwrap();
    let proxy = passmuster_tests::Proxy::start(&plane);
    let ns = plane.namespace("hostile");
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": ns},
        "spec": {"containers": [{"name": "c", "image": "x"}]},
        "status": {"phase": "Pending", "reason": EVIL.replace('\0', "")}});
    plane.create(&pod).unwrap();
    proxy.add(Rule::new(Fault::Forbid).path_contains("/configmaps"));
    for output in ["tree", "json", "dot"] {
        let plugin = Plugin::new("kubectl-graph").kubeconfig(proxy.kubeconfig());
        let run = plugin.args(["-n", &ns, "-o", output]).run().success();
        tame(output, &run);
        assert!(run.stdout.contains("kcab"), "{run}");
    }
    let plugin = Plugin::new("kubectl-graph").kubeconfig(proxy.kubeconfig());
    let line = plugin.args(["-n", &ns, "-w", "-o", "json"]).spawn().line(Duration::from_secs(30)).unwrap();
    assert!(line.contains("kcab") && !line.contains(steers), "{line:?}");
    // A name on the command line comes back in the server's own message.
    let name = EVIL.replace(['\0', '\r'], "");
    let run = Plugin::new("kubectl-graph").on(&plane).args(["pod", &name, "-n", &ns]).run().exits(1);
    tame("a name", &run);
}
