/// A file with every key, explained.
pub fn example() -> &'static str {
    include_str!("example.yaml")
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

    use super::*;
    use crate::config::{
        Config, KEYS, Key, Kind,
        keys::{CONTEXT, SECTIONS},
    };

    #[test]
    fn the_example_changes_nothing_but_has_every_key() {
        let none = BTreeMap::new();
        let config = Config::parse("example.yaml", example(), &none).unwrap();
        assert_eq!((config.prometheus("any"), config.cluster("kind-dev")), (None, None));
        for Key { path, .. } in KEYS {
            let name = path.rsplit('.').next().unwrap();
            let line = |line: &str| line.trim_start_matches([' ', '#']).starts_with(&format!("{name}:"));
            assert!(example().lines().any(line), "{path} is not in the example");
        }
        // What is commented out is right too, but for what excludes each other.
        let is_key =
            |line: &str| line.starts_with("  # ") && line.contains(':') && !line.contains(" is every ");
        let lines =
            example().lines().map(|line| if is_key(line) { line.replacen("# ", "", 1) } else { line.into() });
        let wrong = Config::parse("example.yaml", &lines.collect::<Vec<_>>().join("\n"), &none).unwrap_err();
        let wrong: Vec<&str> = wrong.0.iter().map(|problem| problem.key.as_str()).collect();
        assert_eq!(
            wrong,
            ["bearerToken", "password", "insecureSkipTlsVerify"]
                .map(|key| format!("prometheus.kind-dev.{key}"))
        );
    }

    #[test]
    fn defaults_are_values_of_their_keys() {
        for key in KEYS.iter().filter(|key| !key.default.is_empty()) {
            if !matches!(key.kind, Kind::File | Kind::Text) {
                assert!(crate::config::values::of_text(key.kind, key.default).is_ok(), "{}", key.path);
            }
        }
    }

    #[test]
    fn documentation_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/config.md");
        let wanted = documentation();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &wanted).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == wanted,
            "docs/config.md is stale: run `UPDATE_DOCS=1 cargo test -p passmuster config::document`"
        );
    }

    /// docs/config.md.
    fn documentation() -> String {
        let mut text = String::from(
            "# Configuration\n\n<!-- Generated from shared/src/config/keys.rs by `UPDATE_DOCS=1 cargo test -p passmuster \
             config::document`. -->\n\nAll plugins read one YAML file, which nobody needs to have: the file of `--config \
             FILE`, else of the variable `PASSMUSTER_CONFIG`, else\n`$XDG_CONFIG_HOME/passmuster/config.yaml`, which is \
             `~/.config/passmuster/config.yaml` where `XDG_CONFIG_HOME` is not set.\n\nEach key can be set by a variable \
             of the environment too, which stands over the file; a flag stands over both. Where a key is of\na context, \
             `<CONTEXT>` is the context's name in capitals, every other character than a letter or digit written as \
             `_`:\n`prod.eu-1` is `PROD_EU_1`. Lists have commas (`cpu,memory`), mappings `NAME=TEXT` with commas. A \
             variable that is set to\nnothing is not set. Paths in the file are relative to the file.\n\n```sh\nkubectl \
             quota-usage config path      # where the file is, or would be\nkubectl quota-usage config example   # a \
             file with every key, explained\nkubectl quota-usage config check     # what is wrong with it, and what \
             counts for each key; exits 1 if it can't be used\n```\n\nUnknown keys are errors, which name the line and \
             the key that was probably meant. Passwords, tokens and headers are never printed;\n`config check` warns of \
             a file that holds some and that others may read.\n",
        );
        for (section, help) in SECTIONS {
            write!(text, "\n## {section}\n\n{help}\n\n| key | value | default | meaning | variable |\n")
                .unwrap();
            text.push_str("|---|---|---|---|---|\n");
            for key in KEYS.iter().filter(|key| key.path.starts_with(&format!("{section}."))) {
                let default = if key.default.is_empty() { "–" } else { key.default };
                let Key { path, kind, help, .. } = key;
                let (expected, variable) = (kind.expected(), key.variable());
                writeln!(text, "| `{path}` | {expected} | {default} | {help} | `{variable}` |").unwrap();
            }
            if *section == "prometheus" {
                let every = format!("{section}.{CONTEXT}.url").replace(CONTEXT, "*");
                write!(text, "\nThe variables of `'*'` have no context in them: `{every}` is `PASSMUSTER_PROMETHEUS_URL`.\n")
                    .unwrap();
            }
        }
        write!(text, "\n## Example\n\n```yaml\n{}```\n", example()).unwrap();
        text
    }
}
