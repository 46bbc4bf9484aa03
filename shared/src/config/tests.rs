//! What files and variables make of a configuration, and what is said of those that are wrong.

use std::{collections::BTreeMap, path::Path};

use super::{check::*, file::*, problem::*, types::*};

type Variables<'a> = &'a [(&'a str, &'a str)];

fn variables(all: Variables<'_>) -> BTreeMap<String, String> {
    all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn parse(text: &str, all: Variables<'_>) -> Result<Config, String> {
    Config::parse("dir/c.yaml", text, &variables(all)).map_err(|error| error.to_string())
}

#[test]
fn files_that_are_wrong_say_where_and_what_to_do() {
    for (text, messages) in [
        ("quota: {perod: 1d}", "1:9: quota.perod: unknown key, did you mean period?"),
        ("qouta: {}", "1:1: qouta: unknown key, did you mean quota?"),
        ("period: 1d", "1:1: period: unknown key, did you mean quota.period?"),
        ("zzz: 1", "1:1: zzz: unknown key; there are prometheus, clusters, quota, graph"),
        (
            "quota:\n  zzz: 1",
            "2:3: quota.zzz: unknown key; there are by, resources, period, memory, accurate, \
                              projectLabel, projectAnnotation, threshold, lang, clusterTimeout",
        ),
        ("- a", "1:1: expected a mapping of sections, found a list"),
        ("quota: [a]", "1:8: quota: expected a mapping of keys, found a list"),
        ("quota:\n  lang: de", "2:9: quota.lang: expected en or zh, found \"de\""),
        ("quota:\n  accurate: maybe", "2:13: quota.accurate: expected true or false, found a text"),
        (
            "quota: {period: soon}",
            "1:17: quota.period: expected a period from 10m to 365d, such as 1d or 12h, found \"soon\"",
        ),
        ("quota: {threshold: [1]}", "1:20: quota.threshold: expected a percentage such as 80%, found a list"),
        (
            "quota:\n  by:\n  - cluster\n  - pods",
            "4:5: quota.by: rows can't be put together by \"pods\": take cluster, \
                                                 project, namespace, node, owner, pod or label=KEY, several with commas",
        ),
        ("quota: {resources: [cpu, {}]}", "1:26: quota.resources: expected a list of names, found a mapping"),
        (
            "prometheus:\n  prod: {}",
            "2:3: prometheus.prod.url: the address is missing, such as https://prometheus.example.com",
        ),
        (
            "prometheus: {prod: {url: 'prom:9090'}}",
            "1:21: prometheus.prod.url: the address must begin with http:// or https://",
        ),
        (
            "prometheus: {'*': {url: 'http://p', bearertoken: secret}}",
            "1:37: prometheus.*.bearertoken: unknown key, did you mean bearerToken?",
        ),
        (
            "prometheus: {a: {url: 'http://p', password: [secret]}}",
            "1:45: prometheus.a.password: expected a text, found a list",
        ),
        (
            "prometheus: {a: {url: 'http://p', matchers: {cluster: [x]}}}",
            "1:55: prometheus.a.matchers: cluster: expected a text, found a list",
        ),
        (
            "prometheus: {a: {url: 'http://p', headers: secret}}",
            "1:44: prometheus.a.headers: expected a mapping of names to texts, found a text",
        ),
        (
            "prometheus: {a: {url: 'http://p', concurrency: 0}}",
            "1:48: prometheus.a.concurrency: expected a whole number from 1, found \"0\"",
        ),
        ("prometheus: http://p", "1:13: prometheus: expected a mapping of contexts, found a text"),
        ("clusters: {'*': {name: all}}", "1:12: clusters.*: expected the name of a context"),
        ("clusters: {a: {nam: x}}", "1:16: clusters.a.nam: unknown key, did you mean name?"),
        ("graph: {rules: {}}", "1:16: graph.rules: expected a list of files, found a mapping"),
        ("quota: {}\nquota: {}", "2:1: the key \"quota\" stands twice"),
        ("quota: {}\n---\nquota: {}", "a second document begins; there may be one only"),
        ("quota: {by: &a [*a]}", ""),
        (
            "quota: {lang: de}\nclusters: {a: 1}",
            "1:15: quota.lang: expected en or zh, found \"de\"\ndir/c.yaml:2:15: clusters.a: expected a mapping of keys, found a number",
        ),
    ] {
        let error = parse(text, &[]).expect_err(text);
        assert!(error.starts_with("dir/c.yaml:") && error.contains(messages), "{text:?}: {error}");
        assert!(!error.contains("secret"), "{text:?}: {error}");
    }
}

#[test]
fn what_says_nothing_changes_nothing() {
    for text in
        ["", "# nothing", "quota:", "quota: {by: }\nprometheus:\nclusters: {a: }", "quota: {lang: null}"]
    {
        let config = parse(text, &[("PASSMUSTER_QUOTA_LANG", ""), ("PASSMUSTER_CONFIG", "x")]).expect(text);
        assert_eq!(config.quota, Quota::default(), "{text}");
        assert_eq!(config.prometheus("a"), None);
    }
}

#[test]
fn variables_stand_over_the_file() {
    let file =
        "quota: {period: 1d, lang: en, by: [cluster], clusterTimeout: 20}\ngraph: {rules: [a.yaml, /b.yaml]}";
    let config = parse(file, &[]).unwrap();
    assert_eq!((config.quota.period.as_deref(), config.quota.lang.as_deref()), (Some("1d"), Some("en")));
    assert_eq!(config.quota.cluster_timeout(), Some(Some(std::time::Duration::from_secs(20))));
    assert_eq!(config.graph.rules, [Path::new("dir/a.yaml"), Path::new("/b.yaml")]);
    let over = [
        ("PASSMUSTER_QUOTA_PERIOD", "7d"),
        ("PASSMUSTER_QUOTA_BY", "project,cluster"),
        ("PASSMUSTER_QUOTA_ACCURATE", "true"),
        ("PASSMUSTER_QUOTA_CLUSTER_TIMEOUT", "0"),
        ("PASSMUSTER_GRAPH_RULES", "c.yaml"),
    ];
    let config = parse(file, &over).unwrap();
    assert_eq!((config.quota.period.as_deref(), config.quota.lang.as_deref()), (Some("7d"), Some("en")));
    assert_eq!(config.quota.by, Some(vec!["project".into(), "cluster".into()]));
    assert_eq!((config.quota.accurate, config.quota.cluster_timeout()), (Some(true), Some(None)));
    assert_eq!(config.graph.rules, [Path::new("c.yaml")]);
}

#[test]
fn each_context_has_its_prometheus() {
    let file = "prometheus:\n  '*': {url: 'http://all'}\n  prod.eu: {url: 'http://prod', username: u, password: hidden}\n";
    let url =
        |config: &Config, context: &str| config.prometheus(context).map(|target| target.url.clone()).unwrap();
    let config = parse(file, &[]).unwrap();
    assert_eq!((url(&config, "prod.eu"), url(&config, "x")), ("http://prod".into(), "http://all".into()));
    assert_eq!(config.prometheus_of(["x", "prod.eu"]).unwrap().url, "http://prod");
    let over = [
        ("PASSMUSTER_PROMETHEUS_URL", "http://every"),
        ("PASSMUSTER_PROMETHEUS_PROD_EU_PASSWORD", "changed"),
        ("PASSMUSTER_PROMETHEUS_TEST_1_BEARER_TOKEN", "hidden"),
        ("PASSMUSTER_PROMETHEUS_MATCHERS", "cluster=x"),
    ];
    let config = parse(file, &over).unwrap();
    assert_eq!((url(&config, "prod.eu"), url(&config, "x")), ("http://prod".into(), "http://every".into()));
    assert_eq!(config.prometheus("prod.eu").unwrap().password.as_deref(), Some("changed"));
    // What is said of every other context holds for one that only a variable names.
    let test = config.prometheus("test-1").unwrap();
    assert_eq!((test.url.as_str(), test.bearer_token.as_deref()), ("http://every", Some("hidden")));
    assert_eq!(test.matchers.get("cluster").map(String::as_str), Some("x"));
    let shown = format!("{config:?}");
    assert!(!shown.contains("hidden") && !shown.contains("changed"), "{shown}");

    let alone = parse("", &[("PASSMUSTER_PROMETHEUS_PROD_PASSWORD", "hidden")]).unwrap_err();
    assert_eq!(
        alone,
        "PASSMUSTER_PROMETHEUS_PROD_PASSWORD: prometheus.PROD.url: the address is missing, such as \
         https://prometheus.example.com\nPASSMUSTER_PROMETHEUS_PROD_PASSWORD: prometheus.PROD.username: a password is \
         given, and not whose it is"
    );
}

#[test]
fn numbers_of_clusters_stay_as_they_are_written() {
    for (written, number) in [
        ("007", "007"),
        ("\"007\"", "007"),
        ("1.10", "1.10"),
        ("no", "no"),
        ("0x1F", "0x1F"),
        ("华东-1", "华东-1"),
    ] {
        let config = parse(&format!("clusters:\n  a: {{number: {written}, name: x}} # 1"), &[]).unwrap();
        let cluster = config.cluster("a").unwrap();
        assert_eq!((cluster.number.as_deref(), cluster.name.as_deref()), (Some(number), Some("x")));
    }
}

#[test]
fn variables_that_are_wrong_name_the_variable() {
    for (name, value, message) in [
        ("PASSMUSTER_QUOTA_LANG", "de", "PASSMUSTER_QUOTA_LANG: quota.lang: expected en or zh, found \"de\""),
        (
            "PASSMUSTER_PROMETHEUS_URL",
            "p:9090",
            "PASSMUSTER_PROMETHEUS_URL: prometheus.*.url: the address must begin with http:// or https://",
        ),
    ] {
        assert_eq!(parse("", &[(name, value)]).unwrap_err(), message);
    }
    // An unknown one may be another program's.
    parse("", &[("PASSMUSTER_QUOTA_LANGUAGE", "de")]).unwrap();
}

#[test]
fn the_file_is_where_the_user_says() {
    let found = |flag: Option<&str>, all: Variables<'_>| {
        let file = File::find(flag.map(Path::new), &variables(all))?;
        Some(format!("{} {}", file.path.display(), file.named))
    };
    let home = ("HOME", "/home/u");
    assert_eq!(found(None, &[]), None);
    assert_eq!(found(None, &[home]).unwrap(), "/home/u/.config/passmuster/config.yaml false");
    assert_eq!(found(None, &[home, ("XDG_CONFIG_HOME", "/x")]).unwrap(), "/x/passmuster/config.yaml false");
    assert_eq!(
        found(None, &[home, ("XDG_CONFIG_HOME", "x")]).unwrap(),
        "/home/u/.config/passmuster/config.yaml false"
    );
    assert_eq!(found(None, &[home, ("PASSMUSTER_CONFIG", "/c")]).unwrap(), "/c true");
    assert_eq!(found(Some("f"), &[home, ("PASSMUSTER_CONFIG", "/c")]).unwrap(), "f true");
}

#[test]
fn a_check_tells_everything_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.yaml");
    let text = "prometheus:
  prod: {url: 'http://u:hidden@p/x', bearerTokenFile: token, caFile: there, headers: {A: hidden}}
  stagin: {url: 'http://p', username: u, password: hidden}
clusters:
  prod: {name: same}
  staging: {name: same}
quota: {lang: de, period: 2d}
";
    std::fs::write(&path, text).unwrap();
    let all = variables(&[
        ("PASSMUSTER_QUOTA_PERIOD", "7d"),
        ("PASSMUSTER_QUOTA_PERIDO", "7d"),
        ("PASSMUSTER_PROMETHEUS_PROD_TIMEOUT", "5s"),
    ]);
    let surroundings = Surroundings {
        contexts: Some(vec!["prod".into(), "staging".into()]),
        unreadable: &|path| (!path.ends_with("there")).then(|| "no such file or directory".to_owned()),
        exposed: &|_| true,
    };
    let file = File { path: path.clone(), named: true };
    let checked = check(Some(&file), &all, &surroundings);
    let place = path.display().to_string();
    let here = |problem: &Problem| {
        let text = problem.to_string().replace(&place, "c.yaml");
        format!("{}: {}", problem.severity.as_str(), text.replace(&folder.path().display().to_string(), ""))
    };
    let problems: Vec<String> = checked.problems.iter().map(here).collect();
    assert_eq!(
        problems,
        [
            "warning: c.yaml: prometheus.prod.headers: it holds a secret and others may read it: chmod 600 c.yaml",
            "warning: c.yaml:2:38: prometheus.prod.bearerTokenFile: can't read /token: no such file or directory",
            "warning: c.yaml:3:3: prometheus.stagin: the kubeconfig has no such context, did you mean staging?",
            "warning: c.yaml:6:13: clusters.staging.name: clusters.prod.name is \"same\" too: rows of both are one \
             cluster's then",
            "error: c.yaml:7:15: quota.lang: expected en or zh, found \"de\"",
            "warning: PASSMUSTER_QUOTA_PERIDO: no key of the configuration, did you mean PASSMUSTER_QUOTA_PERIOD?",
        ]
    );
    assert!(!checked.is_usable());
    let values: Vec<String> = checked
        .values
        .iter()
        .map(|Value { key, value, source }| format!("{key} {value:?} {source}").replace(&place, "c.yaml"))
        .collect();
    for expected in [
        "prometheus.prod.url \"http://***@p/x\" c.yaml:2:10",
        "prometheus.prod.headers \"A=***\" c.yaml:2:77",
        "prometheus.stagin.password \"***\" c.yaml:3:42",
        "prometheus.prod.timeout \"5s\" PASSMUSTER_PROMETHEUS_PROD_TIMEOUT",
        "quota.period \"7d\" PASSMUSTER_QUOTA_PERIOD",
        "quota.accurate \"false\" default",
        "clusters.prod.name \"same\" c.yaml:5:10",
    ] {
        assert!(values.iter().any(|value| value == expected), "{expected}\n{values:#?}");
    }
    assert!(!format!("{checked:?}{values:?}").contains("hidden"), "{checked:?}");
}

#[test]
fn a_file_that_is_not_there_is_wrong_only_when_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.yaml");
    let error = Config::load(Some(&path), &BTreeMap::new()).unwrap_err().to_string();
    assert_eq!(error, format!("{}: can't read the configuration: no such file or directory", path.display()));
    let home = variables(&[("HOME", folder.path().to_str().unwrap())]);
    assert_eq!(Config::load(None, &home), Ok(Config::default()));
    let is_folder = Config::load(Some(folder.path()), &BTreeMap::new()).unwrap_err().to_string();
    assert!(is_folder.ends_with("can't read the configuration: is a directory"), "{is_folder}");
}

proptest::proptest! {
    #[test]
    fn nothing_panics(text in "(prometheus|quota|clusters|graph|\\*|by|url|[:{}\\[\\],\n '&*a-c0-9-]){0,40}") {
        let _ = parse(&text, &[]);
    }
}
