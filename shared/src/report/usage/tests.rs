use super::{
    sample::{fleet, hostile, sample},
    telling_totals,
};
use crate::{
    quota::QuotaUsage,
    report::{Format, Options},
    text::{steers, width},
};

fn printed(usage: &QuotaUsage, format: &str, options: Options) -> String {
    let mut out = Vec::new();
    let format = Format::parse(format, |_| unreachable!()).unwrap();
    format.render(usage, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn at(width: usize) -> Options {
    Options { width: Some(width), ..Options::default() }
}

#[test]
fn tables() {
    insta::assert_snapshot!("fleet_anywhere", printed(&fleet(), "", Options::default()));
    insta::assert_snapshot!("fleet_wide", printed(&fleet(), "wide", Options::default()));
    insta::assert_snapshot!("fleet_at_160", printed(&fleet(), "table", at(160)));
    insta::assert_snapshot!("fleet_with_bars", printed(&fleet(), "table", at(190)));
    insta::assert_snapshot!("fleet_at_80", printed(&fleet(), "table", at(80)));
    insta::assert_snapshot!(
        "fleet_in_colour",
        printed(&fleet(), "table", Options { colour: true, ..at(120) })
    );
}

#[test]
fn only_what_is_there_has_a_column() {
    let usage = sample(
        "namespace",
        "cluster test
         namespace=shop resource=cpu requested=1 limited=2
         namespace=shop resource=memory requested=1Gi limited=2Gi
         total resource=cpu requested=1 limited=2
         total resource=memory requested=1Gi limited=2Gi",
    );
    assert_eq!(
        printed(&usage, "", Options::default()),
        "NAMESPACE   RESOURCE   REQUESTED   LIMITED\n\
         shop        cpu        1           2\n\
         shop        memory     1Gi         2Gi\n"
    );
    assert!(telling_totals(&usage).is_empty(), "one group is its own total");
    assert_eq!(
        printed(&usage, "", Options { headers: false, ..Options::default() }),
        "shop   cpu      1     2\nshop   memory   1Gi   2Gi\n"
    );
    assert_eq!(printed(&QuotaUsage::default(), "", Options::default()), "");
}

#[test]
fn clusters_that_failed_are_told_without_a_column() {
    let usage = sample(
        "namespace",
        "cluster a
         failed b no route to host
         namespace=shop resource=cpu requested=1",
    );
    assert_eq!(
        printed(&usage, "", Options::default()),
        "NAMESPACE   RESOURCE   REQUESTED\n\
         shop        cpu        1\n\
         b   error: no route to host\n"
    );
    let all = sample("cluster", "failed b no route\nfailed c timed out");
    assert_eq!(printed(&all, "", Options::default()), "b   error: no route\nc   error: timed out\n");
}

#[test]
fn labels_are_columns() {
    let usage = sample(
        "label=app.kubernetes.io/team,namespace",
        "cluster a
         namespace=shop label=web resource=cpu requested=1
         namespace=bank label= resource=cpu requested=2
         total resource=cpu requested=3",
    );
    assert_eq!(
        printed(&usage, "", Options::default()),
        "NAMESPACE   APP.KUBERNETES.IO/TEAM   RESOURCE   REQUESTED\n\
         shop        web                      cpu        1\n\
         bank        -                        cpu        2\n\
         \n\
         total                                cpu        3\n"
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for usage in [fleet(), hostile()] {
        for columns in 1..220 {
            for format in ["table", "wide"] {
                let text = printed(&usage, format, at(columns));
                for line in text.lines() {
                    assert!(width(line) <= columns, "{columns}: {line}");
                    assert_eq!(line.trim_end(), line);
                }
            }
        }
    }
}

#[test]
fn nothing_steers_the_terminal() {
    for format in ["table", "wide", "json", "yaml", "html", "custom-columns=A:.namespace,B:.quota"] {
        let text = printed(&hostile(), format, Options::default());
        assert!(!text.chars().any(|character| character != '\n' && steers(character)), "{format}: {text}");
    }
}

#[test]
fn what_was_printed_is_read() {
    for usage in [fleet(), hostile(), QuotaUsage::default()] {
        let json: QuotaUsage = serde_json::from_str(&printed(&usage, "json", Options::default())).unwrap();
        let yaml: QuotaUsage = serde_saphyr::from_str(&printed(&usage, "yaml", Options::default())).unwrap();
        assert_eq!(json, usage);
        assert_eq!(yaml, usage);
    }
}

#[test]
fn templates_see_the_rows() {
    let columns = "custom-columns=NS:.namespace,R:.resource,HARD:.hard";
    assert_eq!(
        printed(
            &sample("namespace", "namespace=a resource=cpu\nnamespace=b resource=cpu hard=1500m"),
            columns,
            Options::default()
        ),
        "NS    R     HARD\na     cpu   <none>\nb     cpu   1500m\n"
    );
    assert_eq!(printed(&fleet(), "jsonpath={.rows[0].rate}", Options::default()), "0.5");
    assert_eq!(printed(&fleet(), "jsonpath={.clusters[?(@.error)].name}", Options::default()), "prod-b");
}
