use crate::audit::{
    api::{Moment as _, PersistentVolume},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A volume outlived its claim, or never had one: it costs and serves nobody.
    ///
    /// ## Why it matters
    ///
    /// The disk behind the volume is paid for, and nobody looks after what is on it. A released volume is never bound
    /// again by itself.
    ///
    /// ## Remediation
    ///
    /// Save what is needed of the data; then delete the volume and the disk behind it, or remove `spec.claimRef` so that
    /// another claim can take it.
    severity: Low,
    category: Storage,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming"],
    check: [Check::PersistentVolume(check)],
    cases: [
        Case::fail(
            "released long ago",
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv}, spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], persistentVolumeReclaimPolicy: Retain, claimRef: {kind: PersistentVolumeClaim, namespace: shop, name: data}, csi: {driver: d, volumeHandle: h}}, status: {phase: Released, lastPhaseTransitionTime: '2026-11-01T00:00:00Z'}}",
            &["PersistentVolume/pv status.phase: volume of 5Gi is Released: claim shop/data is gone"],
        ),
        Case::fail(
            "never claimed",
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv, creationTimestamp: '2026-11-01T00:00:00Z'}, spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], nfs: {server: s, path: /}}, status: {phase: Available}}",
            &["PersistentVolume/pv status.phase: volume of 5Gi is Available: nobody claims it"],
        ),
        Case::pass(
            "released an hour ago",
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv}, spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], csi: {driver: d, volumeHandle: h}}, status: {phase: Released, lastPhaseTransitionTime: '2026-11-28T11:00:00Z'}}",
        ),
        Case::pass(
            "bound, and smaller than a gibibyte",
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv}, spec: {capacity: {storage: 100Mi}, accessModes: [ReadWriteOnce], csi: {driver: d, volumeHandle: h}}, status: {phase: Bound, lastPhaseTransitionTime: '2026-11-01T00:00:00Z'}}",
        ),
    ],
}

fn check(volume: &PersistentVolume, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let phase = volume.status.phase.as_str();
    if !matches!(phase, "Released" | "Available") {
        return Ok(());
    }
    let since = volume.status.last_phase_transition_time.known().or(volume.metadata.creation_timestamp);
    let now = cx.now()?;
    if since.is_some_and(|since| now.seconds - since.seconds < cx.parameters().patience_hours * 3600) {
        return Ok(());
    }
    let why = match &volume.spec.claim_ref {
        Some(claim) if phase == "Released" => format!("claim {}/{} is gone", claim.namespace, claim.name),
        Some(claim) => format!("it waits for claim {}/{}", claim.namespace, claim.name),
        None => "nobody claims it".to_owned(),
    };
    out.fail("status.phase", format!("volume of {} is {phase}: {why}", volume.size()));
    Ok(())
}
