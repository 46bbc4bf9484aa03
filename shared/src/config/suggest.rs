/// How alike two names must be for one to be meant by the other; clap's measure.
const ALIKE: f64 = 0.7;

/// Which of the known names was probably meant.
pub(super) fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let alike = known.map(|known| (strsim::jaro(&name, &known.to_lowercase()), known));
    let best = alike.filter(|(alike, _)| *alike > ALIKE).max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors() {
        let known = ["period", "projectLabel", "memory", "bearerTokenFile"];
        for (name, meant) in [
            ("perod", Some("period")),
            ("project_label", Some("projectLabel")),
            ("bearer-token-file", Some("bearerTokenFile")),
            ("zzz", None),
        ] {
            assert_eq!(suggestion(name, known.into_iter()), meant, "{name}");
        }
    }
}
