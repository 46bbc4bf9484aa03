//! Lists `src/graph/edges/families/` so that a family of edges is one file and no edit elsewhere.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("src/graph/edges/families");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.strip_suffix(".rs").map(str::to_owned))
        .collect();
    names.sort();
    let mut code = String::new();
    for name in &names {
        writeln!(code, "#[path = {:?}]\nmod {name};", folder.join(format!("{name}.rs")))?;
    }
    let list: String = names.iter().map(|name| format!("&{name}::FAMILY, ")).collect();
    writeln!(code, "static FAMILIES: &[&Family] = &[{list}];")?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("families.rs"), code)?;
    Ok(())
}
