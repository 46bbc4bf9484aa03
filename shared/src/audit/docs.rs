//! docs/rules.md, made of the catalogue.

use std::{fmt::Write as _, fs, path::Path};

use super::{Category, catalogue::catalogue, corpus::corpus};

fn page() -> String {
    let mut text = String::from(
        "# Rules\n\n<!-- Generated from shared/src/audit/rules/ by `UPDATE_DOCS=1 cargo test -p passmuster audit::docs`. \
         -->\n\nEvery rule of `kubectl audit` and of the webhook. `kubectl audit explain RULE` shows one; an object is \
         exempted by the\nannotation `passmuster.dev/exempt: RULE=REASON; until=DATE`. At admission a rule that says \
         *deny* can refuse an object, one\nthat says *warn* warns, and the others look at what only a running cluster \
         has.\n",
    );
    writeln!(text, "\n{} rules, {} cases.", catalogue().len(), corpus().count()).unwrap();
    for category in Category::ALL {
        let rules: Vec<_> = catalogue().iter().filter(|entry| entry.category() == category).collect();
        if rules.is_empty() {
            continue;
        }
        write!(
            text,
            "\n## {category}\n\n| rule | severity | admission | needs | what |\n|---|---|---|---|---|\n"
        )
        .unwrap();
        for entry in &rules {
            let (id, severity, admission, needs) =
                (entry.id, entry.severity(), entry.admission().as_str(), entry.needs().as_str());
            let what = entry.summary().replace('|', "\\|");
            writeln!(text, "| [{id}](#{id}) | {severity} | {admission} | {needs} | {what} |").unwrap();
        }
        for entry in rules {
            write!(
                text,
                "\n### {}\n\n{}\n\n{}\n\n*Remediation.* {}\n",
                entry.id,
                entry.summary(),
                entry.why(),
                entry.remediation()
            )
            .unwrap();
            if !entry.references().is_empty() {
                write!(text, "\nSee also: {}.\n", entry.references().join(", ")).unwrap();
            }
        }
    }
    text
}

#[test]
fn the_page_of_rules_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules.md");
    let wanted = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "docs/rules.md is stale: run `UPDATE_DOCS=1 cargo test -p passmuster audit::docs`"
    );
}
