use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    storage_classes::defaults,
    world::Object,
};

rule! {
    /// More than one storage class is the default.
    ///
    /// ## Why it matters
    ///
    /// Claims without a class get the default that was created last: a new class changes where everybody's data goes, and
    /// what it costs, without anybody asking for it.
    ///
    /// ## Remediation
    ///
    /// Remove `storageclass.kubernetes.io/is-default-class` from all but one class.
    severity: Medium,
    category: Storage,
    admission: Never,
    needs: Objects,
    reads: [STORAGE_CLASS],
    references: ["https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass"],
    check: [Check::Cluster(check)],
    cases: [
        Case::fail(
            "two",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}, provisioner: x.example.com}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: slow, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}, provisioner: x.example.com}",
            &["StorageClass.storage.k8s.io/fast metadata.annotations: 2 storage classes are the default: fast, slow"],
        ),
        Case::pass(
            "one, and one that says that it is not",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}, provisioner: x.example.com}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: slow, annotations: {storageclass.kubernetes.io/is-default-class: 'false'}}, provisioner: kubernetes.io/no-provisioner}",
        ),
    ],
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let all = match cx.covered(crate::model::kinds::STORAGE_CLASS, "") {
        // Files that hold no class say nothing of how many there are.
        Err(_) if cx.has_data() => return Ok(()),
        _ => defaults(cx)?,
    };
    if let [first, _, ..] = all.as_slice() {
        let names: Vec<&str> = all.iter().map(|class| class.metadata.name.as_str()).collect();
        let message = format!("{} storage classes are the default: {}", all.len(), names.join(", "));
        out.about(&first.key(), "metadata.annotations", message);
    }
    Ok(())
}
