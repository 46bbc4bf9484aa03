//! What probes get to read.

use super::Checks;

/// Whether all checks but the excluded pass, and the text for it: `ok`, or where `verbose` or failed, a line for each
/// check as Kubernetes' components write it.
pub(super) fn probe(checks: &Checks, name: &str, query: &str) -> (bool, String) {
    let has = |wanted: &str| query.split('&').any(|pair| pair == wanted);
    let mut passed = true;
    let lines: Vec<String> = checks
        .results()
        .into_iter()
        .map(|(check, result)| match result {
            _ if has(&format!("exclude={check}")) => format!("[+]{check} excluded: ok\n"),
            Ok(()) => format!("[+]{check} ok\n"),
            Err(why) => {
                passed = false;
                format!("[-]{check} failed: {}\n", passmuster::text::neutral(&why))
            }
        })
        .collect();
    let lines = lines.concat();
    let verbose = has("verbose") || has("verbose=") || has("verbose=true");
    let text = match (passed, verbose) {
        (true, false) => "ok".to_owned(),
        (true, true) => format!("{lines}{name} check passed\n"),
        (false, _) => format!("{lines}{name} check failed\n"),
    };
    (passed, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_named_as_kubernetes_names_them() {
        let checks = Checks::default();
        assert_eq!(probe(&checks, "readyz", ""), (true, "ok".to_owned()));
        let cache = checks.register("cache");
        let certificate = checks.register("certificate");
        certificate.pass();
        let failed = "[-]cache failed: not yet\n[+]certificate ok\nreadyz check failed\n";
        assert_eq!(probe(&checks, "readyz", ""), (false, failed.to_owned()));
        let excluded = "[+]cache excluded: ok\n[+]certificate ok\nreadyz check passed\n";
        assert_eq!(probe(&checks, "readyz", "verbose&exclude=cache"), (true, excluded.to_owned()));
        cache.pass();
        assert_eq!(probe(&checks, "readyz", "timeout=1s"), (true, "ok".to_owned()));
        certificate.fail("expired");
        assert!(probe(&checks, "readyz", "").1.contains("[-]certificate failed: expired\n"));
    }
}
