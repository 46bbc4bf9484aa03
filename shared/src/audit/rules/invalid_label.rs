use crate::{
    audit::{
        case::Case,
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
        subject::{PodView, Workload},
        world::Record,
    },
    model::ObjectMeta,
};

rule! {
    /// A label or annotation has a name or value that Kubernetes does not take.
    ///
    /// ## Why it matters
    ///
    /// The API server refuses the object, so that the whole rollout fails.
    ///
    /// ## Remediation
    ///
    /// Use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; a prefix before a slash is a
    /// DNS name in lower case. What does not fit into a label value may be an annotation.
    severity: High,
    category: Reliability,
    admission: Deny,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Records(check), Check::Pods(template)],
    cases: [
        Case::fail(
            "a value, a name, a prefix",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop, labels: {app: -web-, 'a b': x, Example.com/app: x}, annotations: {note: any text at all!, '': x}}}",
            &[
                "ConfigMap/shop/c metadata.annotations[\"\"]: \"\" is no name of an annotation",
                "ConfigMap/shop/c metadata.labels[\"Example.com/app\"]: \"Example.com/app\" is no name of a label",
                "ConfigMap/shop/c metadata.labels[\"a b\"]: \"a b\" is no name of a label",
                "ConfigMap/shop/c metadata.labels[\"app\"]: \"-web-\" is no value of a label",
            ],
        ).in_files_only(),
        Case::fail(
            "in a template, of a kind that nobody knows too",
            concat!(
                "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: dns, namespace: shop}, spec: {selector: {matchLabels: {app: dns}}, template: {metadata: {labels: {app: dns, team: 'shop & co'}}, spec: {containers: [{name: a, image: x}]}}}}
---
",
                "{apiVersion: example.com/v1, kind: Thing, metadata: {name: t, namespace: shop, labels: {app: 'a/b'}}}",
            ),
            &[
                "DaemonSet.apps/shop/dns spec.template.metadata.labels[\"team\"]: \"shop & co\" is no value of a label",
                "Thing.example.com/shop/t metadata.labels[\"app\"]: \"a/b\" is no value of a label",
            ],
        ).in_files_only(),
        Case::unknown(
            "what is still to be filled in",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop, labels: {app: 'web-{{ .Index }}', env: '${ENV:=dev}'}, annotations: {'${KEY}': x}}}",
            &[],
            &[
                "? ConfigMap/shop/c annotation \"${KEY}\" is still to be filled in",
                "? ConfigMap/shop/c label \"${ENV:=dev}\" is still to be filled in",
                "? ConfigMap/shop/c label \"web-{{ .Index }}\" is still to be filled in",
            ],
        ).in_files_only(),
        Case::pass("an empty value, upper case, a prefix", "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop, labels: {app: '', app.kubernetes.io/name: Web_1.2, A: z}, annotations: {example.com/Note: 'any text at all!'}}}"),
    ],
}

fn check(record: &Record, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    labels(&record.metadata, "metadata", cx, out);
    Ok(())
}

fn template(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if !matches!(pods.workload, Workload::Pod(_)) {
        let path = pods.metadata_path("");
        labels(pods.metadata, path.trim_end_matches('.'), cx, out);
    }
    Ok(())
}

fn labels(metadata: &ObjectMeta, at: &str, cx: &Context<'_>, out: &mut Findings<'_>) {
    for (name, value) in &metadata.labels {
        let wrong = !is_qualified(name) || (!value.is_empty() && !is_name(value));
        let text = if is_qualified(name) { value } else { name };
        if let Some(unknown) = wrong.then(|| cx.filled("label", text).err()).flatten() {
            out.unknown(&unknown);
        } else if !is_qualified(name) {
            out.fail(format!("{at}.labels[{name:?}]"), format!("{name:?} is no name of a label"));
        } else if !value.is_empty() && !is_name(value) {
            out.fail(format!("{at}.labels[{name:?}]"), format!("{value:?} is no value of a label"));
        }
    }
    for name in metadata.annotations.keys().filter(|name| !is_qualified(&name.to_ascii_lowercase())) {
        if !cx.is_unfilled("annotation", name, out) {
            out.fail(format!("{at}.annotations[{name:?}]"), format!("{name:?} is no name of an annotation"));
        }
    }
}

/// At most 63 of letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
fn is_name(text: &str) -> bool {
    let ends = |end: Option<char>| end.is_some_and(|end| end.is_ascii_alphanumeric());
    text.len() <= 63
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && ends(text.chars().next())
        && ends(text.chars().next_back())
}

/// A name, with a DNS name before a slash or without.
fn is_qualified(text: &str) -> bool {
    let dns = |prefix: &str| {
        let part = |part: &str| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            !part.is_empty() && part.chars().all(plain) && !part.starts_with('-') && !part.ends_with('-')
        };
        prefix.len() <= 253 && prefix.split('.').all(part)
    };
    match text.split_once('/') {
        Some((prefix, name)) => dns(prefix) && is_name(name),
        None => is_name(text),
    }
}
