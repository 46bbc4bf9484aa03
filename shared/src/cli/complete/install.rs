//! `completion install`: the file that kubectl runs to complete a plugin's arguments.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use super::scripts::program_name;
use crate::cluster::Env;

/// The line by which our own file is known again.
const MARK: &str = "kubectl runs this to complete";

/// Writes the shim and says where it is.
pub(super) fn install(plugin: &str, directory: Option<&str>, env: &Env) -> anyhow::Result<String> {
    let program = program_name(plugin);
    let path: Vec<PathBuf> =
        env.get("PATH").map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
    let beside = path.iter().find(|directory| directory.join(executable(&program)).is_file());
    let fallback = env.home().map(|home| home.join(".local").join("bin"));
    let chosen: Vec<PathBuf> = match directory {
        Some(directory) => vec![directory.into()],
        None => beside.into_iter().chain(&fallback).cloned().collect(),
    };
    if chosen.is_empty() {
        bail!("no directory to write to: give one of PATH with --dir");
    }
    let found = beside.is_some();
    let target = if found { program.clone() } else { std::env::current_exe()?.display().to_string() };
    let name = shim_name(&program);

    let mut refused = None;
    for directory in chosen {
        match write(&directory.join(&name), &shim(&target, plugin)) {
            Ok(()) => return Ok(report(&directory, &name, plugin, path.contains(&directory))),
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.unwrap_or_else(|| anyhow::anyhow!("no directory to write to")))
}

fn write(file: &Path, content: &str) -> anyhow::Result<()> {
    if let Ok(present) = fs::read_to_string(file)
        && !present.contains(MARK)
    {
        bail!("{} exists and is not ours: remove it, or give another directory with --dir", file.display());
    }
    let directory = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory).with_context(|| format!("can't create {}", directory.display()))?;
    // Replaced at once, as kubectl may be reading it.
    let mut fresh = tempfile::NamedTempFile::new_in(directory)
        .with_context(|| format!("can't write to {}", directory.display()))?;
    fresh.write_all(content.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fresh.as_file().set_permissions(fs::Permissions::from_mode(0o755))?;
    }
    fresh.persist(file).with_context(|| format!("can't write {}", file.display()))?;
    Ok(())
}

fn report(directory: &Path, name: &str, plugin: &str, on_path: bool) -> String {
    let hint = if on_path {
        String::new()
    } else {
        format!("Add {} to PATH, where kubectl looks for it.\n", directory.display())
    };
    format!(
        "{} completes `kubectl {plugin}`.\n{hint}kubectl's own completion must be on in your shell: see `kubectl \
         completion -h`.\n",
        directory.join(name).display()
    )
}

/// What the shim holds: the plugin, found by its name so that upgrades don't break it.
fn shim(program: &str, plugin: &str) -> String {
    if cfg!(windows) {
        format!("@rem {MARK} `kubectl {plugin}`\r\n@\"{program}\" __complete %*\r\n")
    } else {
        format!(
            "#!/bin/sh\n# {MARK} `kubectl {plugin}`\nexec '{}' __complete \"$@\"\n",
            program.replace('\'', r"'\''")
        )
    }
}

fn shim_name(program: &str) -> String {
    let name = program.replacen("kubectl-", "kubectl_complete-", 1);
    if cfg!(windows) { format!("{name}.cmd") } else { name }
}

fn executable(program: &str) -> String {
    if cfg!(windows) { format!("{program}.exe") } else { program.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_the_plugin_or_in_the_home() {
        let root = tempfile::tempdir().unwrap();
        let bin = root.path().join("bin");
        fs::create_dir(&bin).unwrap();
        let env = Env::empty()
            .with("HOME", root.path().display().to_string())
            .with("USERPROFILE", root.path().display().to_string())
            .with("PATH", bin.display().to_string());
        let told = install("quota-usage", None, &env).unwrap();
        let home = root.path().join(".local/bin").join(shim_name("kubectl-quota_usage"));
        assert!(home.is_file() && told.contains("Add "), "{told}");

        fs::write(bin.join(executable("kubectl-quota_usage")), "").unwrap();
        let told = install("quota-usage", None, &env).unwrap();
        let shim = fs::read_to_string(bin.join(shim_name("kubectl-quota_usage"))).unwrap();
        assert!(shim.contains("kubectl-quota_usage") && !told.contains("Add "), "{shim} {told}");
        install("quota-usage", None, &env).unwrap();
    }

    #[test]
    fn what_is_not_ours_stays() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(shim_name("kubectl-graph")), "something else").unwrap();
        let error = install("graph", root.path().to_str(), &Env::empty()).unwrap_err();
        assert!(error.to_string().contains("is not ours"), "{error}");
    }
}
