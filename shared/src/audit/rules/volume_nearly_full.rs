use crate::audit::{
    amounts::percent,
    api::PersistentVolumeClaim,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::Unknown,
};

rule! {
    /// A volume is nearly full.
    ///
    /// ## Why it matters
    ///
    /// Databases stop, and some break, when they can't write. There is less time than one thinks: a volume that is nearly
    /// full often holds a log that grows because of some other trouble.
    ///
    /// ## Remediation
    ///
    /// Raise `spec.resources.requests.storage` of the claim, if its class allows expansion; or make room.
    severity: High,
    category: Storage,
    admission: Never,
    needs: Usage,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims"],
    check: [Check::PersistentVolumeClaim(check)],
    cases: [
        Case::fail(
            "over the threshold",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}, status: {phase: Bound}}\n---\n{apiVersion: passmuster.dev/v1alpha1, kind: VolumeUsage, metadata: {name: data, namespace: shop}, usedBytes: 9663676416, capacityBytes: 10737418240}",
            &["PersistentVolumeClaim/shop/data volume is 90% full: 9Gi of 10Gi"],
        ).in_files_only(),
        Case::pass(
            "half full; and one that nobody mounts is not measured",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}, status: {phase: Bound}}\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: idle, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}, status: {phase: Bound}}\n---\n{apiVersion: passmuster.dev/v1alpha1, kind: VolumeUsage, metadata: {name: data, namespace: shop}, usedBytes: 5368709120, capacityBytes: 10737418240}",
        ).in_files_only(),
        Case::unknown(
            "nothing was measured",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}, status: {phase: Bound}}",
            &[],
            &["? PersistentVolumeClaim/shop/data what pods and nodes use was not read"],
        ),
    ],
}

fn check(claim: &PersistentVolumeClaim, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if claim.status.phase != "Bound" {
        return Ok(());
    }
    let usage = cx.usage()?;
    if !usage.has_volumes() {
        return Err(Unknown("how full volumes are was not read".to_owned()));
    }
    let Some(volume) = usage.volume(&claim.metadata.namespace, &claim.metadata.name) else {
        return Ok(());
    };
    let full = percent(volume.used, volume.capacity).unwrap_or_default();
    if full >= cx.parameters().nearly_full {
        let (used, capacity) = (volume.used.human(), volume.capacity.human());
        out.fail("", format!("volume is {full}% full: {used} of {capacity}"));
    }
    Ok(())
}
