//! Answers for tests, in few words.

use crate::{
    API_VERSION,
    model::Skipped,
    quantity::Quantity,
    quota::{ClusterEntry, QuotaUsage, Rate, Row},
};

/// An answer of lines such as `cluster=prod-a namespace=shop quota=compute resource=requests.cpu hard=8 used=6500m`,
/// which rates follow from; `cluster NAME`, `failed NAME MESSAGE` and `total …` say the rest.
pub(in crate::report) fn sample(by: &str, text: &str) -> QuotaUsage {
    let mut usage = QuotaUsage {
        api_version: API_VERSION.to_owned(),
        kind: "QuotaUsage".to_owned(),
        by: by.split(',').filter(|by| !by.is_empty()).map(str::to_owned).collect(),
        at: Some("2026-11-21T10:00:00Z".to_owned()),
        ..QuotaUsage::default()
    };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (name, message) = rest.split_once(' ').unwrap_or((rest, ""));
        let entry =
            ClusterEntry { name: name.to_owned(), context: name.to_owned(), ..ClusterEntry::default() };
        match first {
            "cluster" => usage.clusters.push(entry),
            "failed" => usage.clusters.push(ClusterEntry { error: Some(message.to_owned()), ..entry }),
            "skipped" => {
                let cluster = usage.clusters.last_mut().unwrap();
                cluster.skipped.push(Skipped {
                    resource: name.to_owned(),
                    namespace: None,
                    reason: "Forbidden".to_owned(),
                    message: message.to_owned(),
                });
            }
            "total" => usage.totals.push(row(rest)),
            _ => usage.rows.push(row(line)),
        }
    }
    usage
}

fn row(text: &str) -> Row {
    let mut row = Row::default();
    for word in text.split_whitespace() {
        let (key, value) = word.split_once('=').unwrap();
        let (text, amount) = (Some(value.to_owned()), || Some(Quantity::parse(value).unwrap()));
        match key {
            "cluster" => row.cluster = text,
            "project" => row.project = text,
            "display" => row.display_name = text,
            "namespace" => row.namespace = text,
            "node" => row.node = text,
            "owner" => row.owner = text,
            "pod" => row.pod = text,
            "label" => row.labels.push(value.to_owned()),
            "quota" => row.quota = text,
            "resource" => row.resource = value.to_owned(),
            "hard" => row.hard = amount(),
            "used" => row.used = amount(),
            "requested" => row.requested = amount(),
            "limited" => row.limited = amount(),
            "now" => row.now = amount(),
            "peak" => row.peak = amount(),
            "concurrent" => row.concurrent_peak = amount(),
            "allocatable" => row.allocatable = amount(),
            other => panic!("{other}"),
        }
    }
    let rate = |part: Option<Quantity>, whole: Option<Quantity>| Rate::of(part?, whole?);
    row.rate = rate(row.used, row.hard).or_else(|| rate(row.requested, row.allocatable));
    row.peak_rate = rate(row.peak, row.hard);
    row.share = rate(row.hard, row.allocatable);
    row
}

/// Three clusters, one of which does not answer.
pub(in crate::report) fn fleet() -> QuotaUsage {
    QuotaUsage {
        period: Some("1d".to_owned()),
        ..sample(
            "cluster,project,namespace",
            "cluster prod-a
             skipped metrics.k8s.io/v1beta1 the metrics API is not served
             failed prod-b connection refused: https://10.1.2.3:6443
             cluster prod-c
             cluster=prod-a project=shop display=商店 namespace=shop quota=compute resource=limits.cpu hard=16 used=8 requested=6500m limited=8 now=2300m peak=5200m concurrent=4100m allocatable=96
             cluster=prod-a project=shop display=商店 namespace=shop quota=compute resource=requests.cpu hard=8 used=6500m requested=6500m limited=8 now=2300m peak=5200m concurrent=4100m allocatable=96
             cluster=prod-a project=shop display=商店 namespace=shop quota=compute resource=requests.memory hard=32Gi used=31Gi requested=31Gi limited=48Gi now=20Gi peak=29Gi concurrent=27.5Gi allocatable=384Gi
             cluster=prod-a project=shop display=商店 namespace=shop quota=objects resource=count/deployments.apps hard=20 used=3
             cluster=prod-a namespace=kube-system resource=cpu requested=850m limited=0 now=120m peak=300m allocatable=96
             cluster=prod-a namespace=kube-system resource=memory requested=1.5Gi limited=0 now=1.1Gi peak=1.3Gi allocatable=384Gi
             cluster=prod-c project=bank namespace=bank-core quota=compute resource=requests.cpu hard=4 used=4500m requested=4500m limited=9 allocatable=32
             cluster=prod-c project=bank namespace=bank-core quota=storage resource=gold.storageclass.storage.k8s.io/requests.storage hard=1Ti used=900Gi
             total resource=cpu hard=28 used=19 requested=11850m limited=17 allocatable=128
             total resource=requests.memory hard=32Gi used=31Gi requested=32.5Gi limited=48Gi allocatable=384Gi",
        )
    }
}

/// Names that mean something to a terminal, a page or a spreadsheet.
pub(in crate::report) fn hostile() -> QuotaUsage {
    let names = [
        "</script><script>alert(1)</script>",
        "=HYPERLINK(\"http://x\")",
        "+1",
        "-1",
        "@SUM(A1)",
        "esc\u{1b}[2J",
        "\u{202e}reversed",
        "line\nbreak",
        "a,b;c\"d",
        "日本語日本語日本語日本語",
        "\u{9b}31m",
        "",
    ];
    let mut usage = fleet();
    for (at, row) in usage.rows.iter_mut().enumerate() {
        let name = |shift: usize| Some(names[(at + shift) % names.len()].to_owned());
        (row.cluster, row.project, row.display_name) = (name(0), name(1), name(2));
        (row.namespace, row.quota, row.resource) = (name(3), name(4), name(5).unwrap());
        row.labels = vec![name(6).unwrap()];
    }
    usage.by.push("label=\u{1b}]0;key\u{7}<b>".to_owned());
    for (at, cluster) in usage.clusters.iter_mut().enumerate() {
        cluster.name = names[at].to_owned();
        cluster.error = cluster.error.take().map(|_| names[at + 4].to_owned());
    }
    usage
}
