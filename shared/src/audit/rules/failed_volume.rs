use crate::audit::{
    api::PersistentVolume,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A volume failed: what was to be done when its claim went could not be done.
    ///
    /// ## Why it matters
    ///
    /// The disk is still there and paid for, and whoever deleted the claim believes that the data is gone.
    ///
    /// ## Remediation
    ///
    /// Read the message of the finding and the log of the provisioner; delete the disk by hand if it must be, then the
    /// volume.
    severity: Medium,
    category: Storage,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#phase"],
    check: [Check::PersistentVolume(check)],
    cases: [
        Case::fail(
            "in the provisioner's words",
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv}, spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], csi: {driver: d, volumeHandle: h}}, status: {phase: Failed, message: disk is attached}}",
            &["PersistentVolume/pv status.phase: volume of 5Gi is Failed: disk is attached"],
        ),
        Case::pass("bound", "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv}, spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], csi: {driver: d, volumeHandle: h}}, status: {phase: Bound}}"),
    ],
}

fn check(volume: &PersistentVolume, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if volume.status.phase == "Failed" {
        let told = [&volume.status.message, &volume.status.reason];
        let why = told.into_iter().find(|text| !text.is_empty()).and_then(|text| text.lines().next());
        let why = why.unwrap_or("no reason is told");
        out.fail("status.phase", format!("volume of {} is Failed: {why}", volume.size()));
    }
    Ok(())
}
