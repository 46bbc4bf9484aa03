//! The shells' scripts, for the plugin called by its file's name: `kubectl-graph <TAB>`.

/// The shells that there is a script for.
pub(super) const SHELLS: [&str; 4] = ["bash", "zsh", "fish", "powershell"];

/// The script of a shell; empty for an unknown one, which clap does not let through.
pub(super) fn script(shell: &str, plugin: &str) -> String {
    let script = match shell {
        "bash" => include_str!("scripts/completion.bash"),
        "zsh" => include_str!("scripts/completion.zsh"),
        "fish" => include_str!("scripts/completion.fish"),
        "powershell" => include_str!("scripts/completion.ps1"),
        _ => "",
    };
    let program = program_name(plugin);
    let function = program.replace('-', "_");
    script.replace("@PROGRAM@", &program).replace("@FUNCTION@", &function).replace("@PLUGIN@", plugin)
}

/// The file in which kubectl finds the plugin: a dash of the plugin's name is an underscore there.
pub(super) fn program_name(plugin: &str) -> String {
    format!("kubectl-{}", plugin.replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_is_filled() {
        for shell in SHELLS {
            let script = script(shell, "quota-usage");
            assert!(script.contains("kubectl-quota_usage"), "{shell}");
            assert!(
                !["@PROGRAM@", "@FUNCTION@", "@PLUGIN@"].iter().any(|mark| script.contains(mark)),
                "{shell}"
            );
        }
    }
}
