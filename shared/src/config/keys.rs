//! Every key of the configuration file.

/// What stands for a context's name in a [`Key`]'s path.
pub(super) const CONTEXT: &str = "<context>";

/// A key of the configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Where it stands, such as `quota.period`; `<context>` is the name of any context, or `*` where `any` says so.
    pub path: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What counts when nothing says otherwise; empty for nothing.
    pub default: &'static str,
    /// What it means: a sentence without its dot.
    pub help: &'static str,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A text that is never shown.
    Secret,
    /// `true` or `false`.
    Flag,
    /// A whole number from 1.
    Count,
    /// `30s`, `1m30s`; a bare number is of seconds.
    Timeout,
    /// `1d`, `12h`: as Prometheus writes durations, in whole minutes.
    Period,
    /// `80%`.
    Percent,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of words; one text with commas will do.
    Words,
    /// A list of what rows are put together by.
    Dimensions,
    /// The path of a file.
    File,
    /// A list of paths.
    Files,
    /// The address of an HTTP server.
    Url,
    /// Texts by names.
    Map,
    /// Texts by names, the texts never shown.
    SecretMap,
}

impl Kind {
    /// What a message says was expected.
    pub fn expected(self) -> String {
        match self {
            Self::Text | Self::Secret => "a text".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Count => "a whole number from 1".to_owned(),
            Self::Timeout => "a duration such as 30s or 2m".to_owned(),
            Self::Period => "a period from 10m to 365d, such as 1d or 12h".to_owned(),
            Self::Percent => "a percentage such as 80%".to_owned(),
            Self::Word(words) => words.join(" or "),
            Self::Words => "a list of names".to_owned(),
            Self::Dimensions => {
                "a list of cluster, project, namespace, node, owner, pod or label=KEY".to_owned()
            }
            Self::File => "the path of a file".to_owned(),
            Self::Files => "a list of files".to_owned(),
            Self::Url => "an address such as https://prometheus.example.com".to_owned(),
            Self::Map | Self::SecretMap => "a mapping of names to texts".to_owned(),
        }
    }

    /// Whether a value must not be shown.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::SecretMap)
    }
}

impl Key {
    /// The variable of the environment that stands over it, `<CONTEXT>` being the context's name in capitals.
    pub fn variable(&self) -> String {
        variable(&self.path.split('.').collect::<Vec<_>>())
    }
}

/// The variable of a key: `PASSMUSTER_QUOTA_CLUSTER_TIMEOUT`. What is no letter or digit in a context's name is `_`;
/// of `*` there is nothing.
pub(super) fn variable(path: &[&str]) -> String {
    let parts = path.iter().filter(|&&part| part != "*").map(|part| match *part {
        CONTEXT => "<CONTEXT>".to_owned(),
        part => capitals(part),
    });
    std::iter::once("PASSMUSTER".to_owned()).chain(parts).collect::<Vec<_>>().join("_")
}

/// `CLUSTER_TIMEOUT` of `clusterTimeout`, `PROD_EU` of `prod-eu`.
pub(super) fn capitals(name: &str) -> String {
    let mut capitals = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            capitals.push('_');
        }
        if letter.is_alphanumeric() {
            capitals.extend(letter.to_uppercase());
        } else {
            capitals.push('_');
        }
        before = letter;
    }
    capitals
}

const fn key(path: &'static str, kind: Kind, default: &'static str, help: &'static str) -> Key {
    Key { path, kind, default, help }
}

/// The sections of the file, in its order, and what each is for.
pub(super) const SECTIONS: &[(&str, &str)] = &[
    (
        "prometheus",
        "Where the Prometheus of each cluster is, by the context of the kubeconfig; `'*'` stands for every context that \
         has no entry of its own. Thanos, Mimir and VictoriaMetrics will do. One that holds several clusters needs \
         `matchers`.",
    ),
    (
        "clusters",
        "What is known of clusters that they don't say themselves, by the context of the kubeconfig.",
    ),
    ("quota", "What flags of `kubectl quota-usage` are when they are not given."),
    ("graph", "What flags of `kubectl graph` are when they are not given."),
];

/// Every key, in the order of the file.
pub const KEYS: &[Key] = &[
    key("prometheus.<context>.url", Kind::Url, "", "Address up to before `/api/v1`"),
    key(
        "prometheus.<context>.bearerTokenFile",
        Kind::File,
        "",
        "File with a bearer token, read anew when it changes",
    ),
    key("prometheus.<context>.bearerToken", Kind::Secret, "", "Bearer token"),
    key("prometheus.<context>.username", Kind::Text, "", "User name for basic authentication"),
    key("prometheus.<context>.passwordFile", Kind::File, "", "File with the user's password"),
    key("prometheus.<context>.password", Kind::Secret, "", "The user's password"),
    key(
        "prometheus.<context>.caFile",
        Kind::File,
        "the system's",
        "File with the certificates (PEM) to trust",
    ),
    key("prometheus.<context>.insecureSkipTlsVerify", Kind::Flag, "false", "Trust any certificate"),
    key(
        "prometheus.<context>.matchers",
        Kind::Map,
        "",
        "Labels, and their values, that only this cluster's series have, such as `cluster: prod`",
    ),
    key(
        "prometheus.<context>.headers",
        Kind::SecretMap,
        "",
        "Further headers of each request, such as `X-Scope-OrgID: tenant-a`",
    ),
    key("prometheus.<context>.timeout", Kind::Timeout, "30s", "How long one query may take"),
    key(
        "prometheus.<context>.maxNamespacesPerQuery",
        Kind::Count,
        "20",
        "How many namespaces one query asks for",
    ),
    key("prometheus.<context>.concurrency", Kind::Count, "4", "How many queries run at once"),
    key("clusters.<context>.name", Kind::Text, "the context's name", "What outputs call the cluster"),
    key("clusters.<context>.number", Kind::Text, "", "The cluster's number in spreadsheets (云序号)"),
    key("quota.by", Kind::Dimensions, "cluster, project, namespace", "`--by`: what rows are put together by"),
    key("quota.resources", Kind::Words, "", "`--resources`: only these resources"),
    key("quota.period", Kind::Period, "1d", "`--period`: how far back peaks look"),
    key(
        "quota.memory",
        Kind::Word(&["working-set", "usage"]),
        "usage",
        "`--memory`: what counts as memory in use",
    ),
    key(
        "quota.accurate",
        Kind::Flag,
        "false",
        "`--accurate`: leave pods out of peaks that others of their workload replaced",
    ),
    key(
        "quota.projectLabel",
        Kind::Text,
        "",
        "`--project-label`: the label of namespaces that names their project",
    ),
    key(
        "quota.projectAnnotation",
        Kind::Text,
        "",
        "`--project-annotation`: the annotation of namespaces that names their project",
    ),
    key("quota.threshold", Kind::Percent, "", "`--threshold`: show only what is fuller"),
    key("quota.lang", Kind::Word(&["en", "zh"]), "en", "`--lang`: the language of headings"),
    key(
        "quota.clusterTimeout",
        Kind::Timeout,
        "15s",
        "`--cluster-timeout`: how long to wait for each of several clusters",
    ),
    key("graph.rules", Kind::Files, "", "`--rules`: files with relations of your own"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::prometheus::Target;

    #[test]
    fn variables() {
        assert_eq!(variable(&["quota", "clusterTimeout"]), "PASSMUSTER_QUOTA_CLUSTER_TIMEOUT");
        assert_eq!(variable(&["prometheus", "prod.eu-1", "url"]), "PASSMUSTER_PROMETHEUS_PROD_EU_1_URL");
        assert_eq!(variable(&["prometheus", "*", "caFile"]), "PASSMUSTER_PROMETHEUS_CA_FILE");
        assert_eq!(
            variable(&["prometheus", "x", "insecureSkipTlsVerify"]),
            "PASSMUSTER_PROMETHEUS_X_INSECURE_SKIP_TLS_VERIFY"
        );
        let all: BTreeSet<String> = KEYS.iter().map(Key::variable).collect();
        assert_eq!(all.len(), KEYS.len());
    }

    #[test]
    fn the_keys_of_a_prometheus_are_the_fields_of_its_type() {
        let schema = schemars::schema_for!(Target);
        let fields: BTreeSet<&str> =
            schema.get("properties").unwrap().as_object().unwrap().keys().map(String::as_str).collect();
        let keys: BTreeSet<&str> =
            KEYS.iter().filter_map(|key| key.path.strip_prefix("prometheus.<context>.")).collect();
        assert_eq!(keys, fields);
    }

    #[test]
    fn each_section_is_described() {
        let sections: BTreeSet<&str> = KEYS.iter().filter_map(|key| key.path.split('.').next()).collect();
        assert_eq!(sections, SECTIONS.iter().map(|(name, _)| *name).collect());
    }
}
