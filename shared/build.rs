//! Lists folders whose files are a registry, so that a family of edges or an output is one file and no edit elsewhere.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

/// Folder, what is generated of it, the item of each of its files (`FILE`, and as an id `KEBAB`), and the list of all.
const REGISTRIES: &[(&str, &str, &str, &str)] = &[
    (
        "src/audit/rules",
        "audit_rules.rs",
        "Entry::new(\"KEBAB\", &FILE::RULE)",
        "static CATALOGUE: std::sync::LazyLock<Vec<Entry>> = std::sync::LazyLock::new(|| vec![ITEMS]);",
    ),
    ("src/graph/edges/families", "families.rs", "&FILE::FAMILY", "static FAMILIES: &[&Family] = &[ITEMS];"),
    (
        "src/quota/project/flavours",
        "flavours.rs",
        "&FILE::FLAVOUR",
        "static FLAVOURS: &[&Flavour] = &[ITEMS];",
    ),
    (
        "src/report/audit",
        "audit_outputs.rs",
        "&FILE::OUTPUT",
        "static OUTPUTS: &[&Output<AuditReport>] = &[ITEMS];",
    ),
    (
        "src/report/pod_security",
        "pod_security_outputs.rs",
        "&FILE::OUTPUT",
        "static OUTPUTS: &[&Output<PodSecurityReport>] = &[ITEMS];",
    ),
    (
        "src/report/common",
        "common_outputs.rs",
        "FILE::output()",
        "fn outputs<D: Printable>() -> Vec<Output<D>> { vec![ITEMS] }",
    ),
    (
        "src/report/graph",
        "graph_outputs.rs",
        "&FILE::OUTPUT",
        "static OUTPUTS: &[&Output<Document>] = &[ITEMS];",
    ),
    (
        "src/report/quota",
        "quota_outputs.rs",
        "&FILE::OUTPUT",
        "static OUTPUTS: &[&Output<QuotaUsage>] = &[ITEMS];",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    for (folder, file, item, list) in REGISTRIES {
        let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut names: Vec<String> = fs::read_dir(&folder)?
            .filter_map(|entry| {
                entry.ok()?.file_name().into_string().ok()?.strip_suffix(".rs").map(str::to_owned)
            })
            .collect();
        names.sort_by_key(|name| kebab(name));
        let (mut code, mut items) = (String::new(), String::new());
        for name in &names {
            let path = folder.join(format!("{name}.rs"));
            let path = path.to_str().ok_or("the path of the sources is not UTF-8")?;
            writeln!(code, "#[path = {path:?}]\nmod {name};")?;
            write!(items, "{}, ", item.replace("FILE", name).replace("KEBAB", &kebab(name)))?;
        }
        writeln!(code, "pub(super) {}", list.replace("ITEMS", &items))?;
        fs::write(Path::new(&env::var("OUT_DIR")?).join(file), code)?;
    }
    Ok(())
}

/// The name of a file as ids have it.
fn kebab(name: &str) -> String {
    name.replace('_', "-")
}
