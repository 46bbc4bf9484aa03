//! Which rules run: by id, category, severity or framework.

use super::{
    catalogue::{Entry, catalogue, find},
    rule::Category,
    severity::Severity,
};

/// A word that selects no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no rule, category, severity or framework is called {word:?}{}; 'kubectl audit rules' lists all", hint(.near.as_deref()))]
pub struct UnknownRule {
    /// What was asked for.
    pub word: String,
    /// What may have been meant.
    pub near: Option<String>,
}

fn hint(near: Option<&str>) -> String {
    near.map(|near| format!(": did you mean {near:?}?")).unwrap_or_default()
}

/// The frameworks that rules refer to, as `--select` takes them.
pub const FRAMEWORKS: &[&str] = &["cis", "nsa", "pss", "pss-baseline", "pss-restricted"];

/// The rules that `select` names, all when it is empty, without those that `ignore` names; sorted by id.
pub fn select(select: &[String], ignore: &[String]) -> Result<Vec<&'static Entry>, UnknownRule> {
    check_words(select.iter().chain(ignore), &[])?;
    let wanted = |entry: &&Entry| is_wanted(select, ignore, &|word| is_named(entry, word));
    Ok(catalogue().iter().filter(wanted).collect())
}

/// Says which word names nothing. `custom` are the ids of rules that are not built in.
pub(crate) fn check_words<'w>(
    words: impl IntoIterator<Item = &'w String>,
    custom: &[&str],
) -> Result<(), UnknownRule> {
    for word in words {
        if !custom.contains(&word.as_str()) && find(word).is_none() && !is_known(word) {
            return Err(UnknownRule { word: word.clone(), near: near(word, custom) });
        }
    }
    Ok(())
}

/// Whether the words want a rule; `named` tells which of them name it.
pub(crate) fn is_wanted(select: &[String], ignore: &[String], named: &dyn Fn(&str) -> bool) -> bool {
    (select.is_empty() || select.iter().any(|word| named(word))) && !ignore.iter().any(|word| named(word))
}

/// Whether a word names a rule, or something that the rule belongs to.
pub fn is_named(entry: &Entry, word: &str) -> bool {
    entry.id == word || belongs(entry.category(), entry.severity(), entry.references().iter().copied(), word)
}

/// Whether a word names a category, a severity, or a framework that is referred to.
pub(crate) fn belongs<'r>(
    category: Category,
    severity: Severity,
    mut references: impl Iterator<Item = &'r str>,
    word: &str,
) -> bool {
    let is = |reference: &str| {
        let name = reference.to_lowercase().replace(' ', "-");
        name == word || name.split('-').next() == Some(word)
    };
    category.as_str() == word
        || severity.as_str() == word
        || (FRAMEWORKS.contains(&word) && references.any(is))
}

/// Everything that selects rules, for completion.
pub fn rule_words() -> &'static [&'static str] {
    static WORDS: std::sync::OnceLock<Vec<&'static str>> = std::sync::OnceLock::new();
    WORDS.get_or_init(|| {
        let ids = catalogue().iter().map(|entry| entry.id);
        let categories = Category::ALL.iter().map(|category| category.as_str());
        let severities = Severity::ALL.iter().map(|severity| severity.as_str());
        ids.chain(categories).chain(severities).chain(FRAMEWORKS.iter().copied()).collect()
    })
}

fn is_known(word: &str) -> bool {
    FRAMEWORKS.contains(&word)
        || Category::ALL.iter().any(|category| category.as_str() == word)
        || Severity::ALL.iter().any(|severity| severity.as_str() == word)
}

fn near(word: &str, custom: &[&str]) -> Option<String> {
    let words = catalogue().iter().map(|entry| entry.id).chain(custom.iter().copied());
    let words = words.chain(Category::ALL.iter().map(|category| category.as_str()));
    let words = words.chain(FRAMEWORKS.iter().copied());
    let scored = words.map(|known| (strsim::jaro_winkler(known, word), known));
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(score, _)| *score > 0.85).map(|(_, known)| known.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_every_kind() {
        let ids = |words: &[&str]| -> Vec<&str> {
            let words: Vec<String> = words.iter().map(ToString::to_string).collect();
            select(&words, &[]).unwrap().iter().map(|entry| entry.id).collect()
        };
        assert_eq!(ids(&["privileged-container"]), ["privileged-container"]);
        for word in ["critical", "pod-security", "pss", "cis"] {
            assert!(ids(&[word]).contains(&"privileged-container"), "{word}");
        }
        assert_eq!(ids(&[]).len(), catalogue().len());
        let error = select(&["priviledged-container".to_owned()], &[]).unwrap_err();
        assert!(error.to_string().contains("did you mean \"privileged-container\"?"), "{error}");
        let ignored = select(&[], &["critical".to_owned()]).unwrap();
        assert!(ignored.iter().all(|entry| entry.severity() != Severity::Critical));
    }
}
