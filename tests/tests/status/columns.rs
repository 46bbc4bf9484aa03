//! What kubectl and the plugin print of the same objects.

use std::{collections::BTreeMap, sync::OnceLock};

use passmuster_tests::{ControlPlane, Options, Plugin};
use serde_json::Value;

/// READY and STATUS by `namespace/name`, or name.
type Columns = BTreeMap<String, (Option<String>, Option<String>)>;

/// The server that these tests share, where nothing changes a status but they, and a namespace.
pub(crate) fn start() -> (&'static ControlPlane, String) {
    static PLANE: OnceLock<ControlPlane> = OnceLock::new();
    let plane = PLANE.get_or_init(|| ControlPlane::start(Options::bare()).unwrap());
    let namespace = plane.namespace("states");
    (plane, namespace)
}

/// Creates an object in a state: one whose metadata has finalizers is deleted, and so is being deleted for ever.
pub(crate) fn put(plane: &ControlPlane, object: &Value) {
    let stored = plane.create(object).unwrap_or_else(|error| panic!("{error}\n{object}"));
    if stored["metadata"]["finalizers"].is_array() && stored["kind"] != "PersistentVolume" {
        plane.api().delete(&plane.path_of(object).unwrap()).unwrap();
    }
}

/// What kubectl prints of the objects of a type. `names`: the headings of what is READY and what is STATUS here.
fn kubectl(plane: &ControlPlane, namespace: &str, plural: &str, names: (&str, &str)) -> Columns {
    let text = plane.kubectl(&["get", plural, "-n", namespace]);
    let mut lines = text.lines();
    let header = lines.next().unwrap_or_default();
    // A heading may have a space in it; between two there are at least two.
    let place = |heading: &str| {
        let found = format!("  {header}  ").find(&format!("  {heading}  "));
        found.filter(|_| !heading.is_empty())
    };
    let cell = |line: &str, heading: &str| {
        let rest: String = line.chars().skip(place(heading)?).collect();
        rest.split("  ").next().map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty())
    };
    assert!(place(names.0).is_some() || place(names.1).is_some(), "{names:?} are not in {header}");
    lines.map(|line| (cell(line, "NAME").unwrap(), (cell(line, names.0), cell(line, names.1)))).collect()
}

/// What the plugin says of the objects of a kind, with those that it shows beside them left out.
fn graph(plane: &ControlPlane, namespace: &str, plural: &str, kind: &str) -> Columns {
    let graph = Plugin::new("kubectl-graph").on(plane).args([plural, "-n", namespace, "-o", "json"]);
    let nodes = graph.args(["--show", "all"]).run().success().json()["nodes"].take();
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let of_kind = nodes.as_array().into_iter().flatten().filter(|node| node["kind"] == kind);
    let columns = |node: &Value| (text(&node["status"]["ready"]), text(&node["status"]["status"]));
    of_kind.map(|node| (text(&node["name"]).unwrap(), columns(node))).collect()
}

pub(crate) fn agree(
    plane: &ControlPlane,
    namespace: &str,
    plural: &str,
    kind: &str,
    names: (&str, &str),
    least: usize,
) {
    let (theirs, ours) = (kubectl(plane, namespace, plural, names), graph(plane, namespace, plural, kind));
    let differ: Vec<String> = theirs
        .iter()
        .filter(|(name, columns)| ours.get(*name) != Some(columns))
        .map(|(name, columns)| format!("{name}: kubectl {columns:?}, we {:?}", ours.get(name)))
        .collect();
    assert!(differ.is_empty(), "{plural}\n{}", differ.join("\n"));
    assert!(
        theirs.len() >= least && ours.len() == theirs.len(),
        "{plural}: {} and {}",
        theirs.len(),
        ours.len()
    );
}
