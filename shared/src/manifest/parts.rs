//! Files in directories that are no manifests: kustomizations, and what they are made with.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs::File,
    io::Read,
    path::{Component, Path, PathBuf},
};

use serde_json::Value;
use serde_saphyr::DuplicateKeyPolicy;

use super::{parse::with_yaml, value::Bounded, value::Budget};

/// A kustomization is a page or two; more is none.
const MAX_BYTES: u64 = 1 << 20;

/// Fields of a kustomization that hold files, or objects that name a file in one of the fields behind the colon.
const FILES: &[(&str, &[&str])] = &[
    ("configMapGenerator", &["files", "env", "envs"]),
    ("configurations", &[]),
    ("generators", &[]),
    ("helmCharts", &["valuesFile", "additionalValuesFiles"]),
    ("openapi", &["path"]),
    ("patches", &["path"]),
    ("patchesJson6902", &["path"]),
    ("patchesStrategicMerge", &[]),
    ("replacements", &["path"]),
    ("secretGenerator", &["files", "env", "envs"]),
    ("transformers", &[]),
    ("validators", &[]),
];

/// Of these files, those that are no manifests: kustomizations, their patches, and what else they are made with.
/// A patch is a part of an object, and says nothing of the whole.
pub(super) fn not_manifests<'a>(files: impl Iterator<Item = &'a Path>) -> BTreeSet<PathBuf> {
    let mut all = BTreeSet::new();
    for file in files.filter(|file| is_named_so(file)) {
        if let Some(kustomization) = kustomization(file) {
            all.insert(plain(file));
            let folder = file.parent().unwrap_or(Path::new(""));
            parts(&kustomization, &mut |part| _ = all.insert(plain(&folder.join(part))));
        }
    }
    all
}

/// A path without `.` and `..`, as far as that can be told without looking at links.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

fn is_named_so(file: &Path) -> bool {
    matches!(file.file_name().and_then(OsStr::to_str), Some("kustomization.yaml" | "kustomization.yml"))
}

/// The kustomization that a file is; Flux has objects that are called so as well.
fn kustomization(file: &Path) -> Option<Value> {
    let mut text = String::new();
    File::open(file).ok()?.take(MAX_BYTES).read_to_string(&mut text).ok()?;
    let budget = Budget::new();
    let value: Value = with_yaml(&text, DuplicateKeyPolicy::LastWins, Bounded(&budget)).ok()?;
    let version = value.as_object()?.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
    (version.is_empty() || version.starts_with("kustomize.config.k8s.io/")).then_some(value)
}

fn parts(kustomization: &Value, part: &mut dyn FnMut(&str)) {
    for (list, fields) in FILES {
        let items = match kustomization.get(list) {
            Some(Value::Array(items)) => items.as_slice(),
            Some(item @ Value::Object(_)) => std::slice::from_ref(item),
            _ => continue,
        };
        for item in items {
            match item {
                // Several lines are a patch and no path.
                Value::String(text) if !text.contains('\n') => part(text),
                Value::Object(item) => {
                    fields.iter().filter_map(|field| item.get(*field)).for_each(|named| paths(named, part));
                }
                _ => {}
            }
        }
    }
}

/// `path`, or for generators `key=path`.
fn paths(named: &Value, part: &mut dyn FnMut(&str)) {
    let one =
        |text: &str, part: &mut dyn FnMut(&str)| part(text.split_once('=').map_or(text, |(_, path)| path));
    match named {
        Value::String(text) => one(text, part),
        Value::Array(all) => all.iter().filter_map(Value::as_str).for_each(|text| one(text, part)),
        _ => {}
    }
}
