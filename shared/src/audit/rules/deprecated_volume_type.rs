use crate::audit::{
    api::PersistentVolume,
    case::{Case, pod},
    context::Context,
    findings::Findings,
    kubernetes_version::KubernetesVersion,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A volume is of a type that Kubernetes deprecated, or no longer mounts.
    ///
    /// ## Why it matters
    ///
    /// The drivers that were built into Kubernetes moved out of it. A volume of such a type is either passed on to a CSI
    /// driver, which must then be installed, or is not mounted at all and its pod never starts.
    ///
    /// ## Remediation
    ///
    /// Install the CSI driver of the storage, and move the data to volumes of a storage class of that driver.
    severity: Medium,
    category: Api,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/storage/volumes/"],
    check: [Check::Pods(check), Check::PersistentVolume(check_volume)],
    cases: [
        Case::fail(
            "no longer mounted",
            pod!("volumes: [{name: v, rbd: {monitors: [m], image: i}}], containers: [{name: a, image: x}]"),
            &["Pod/shop/p spec.volumes[0].rbd: volumes of type rbd are deprecated since Kubernetes 1.28 and not mounted since 1.31; use the CSI driver of Ceph RBD"],
        ),
        Case::fail(
            "of a persistent volume",
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: old}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], vsphereVolume: {volumePath: p}}}",
            &["PersistentVolume/old spec.vsphereVolume: volumes of type vsphereVolume are deprecated since Kubernetes 1.19; use the CSI driver csi.vsphere.vmware.com"],
        ),
        Case::pass("what is there to stay", pod!("volumes: [{name: v, nfs: {server: s, path: /}}, {name: w, csi: {driver: d}}, {name: h, hostPath: {path: /var}}, {name: e, emptyDir: {}}], containers: [{name: a, image: x}]")),
        Case::pass(
            "deprecated later",
            pod!("volumes: [{name: v, rbd: {monitors: [m], image: i}}], containers: [{name: a, image: x}]"),
        ).for_version(27),
    ],
}

/// Field, since when deprecated, since when not mounted, and what to use.
type Old = (&'static str, u32, Option<u32>, &'static str);

const OLD: &[Old] = &[
    ("gitRepo", 11, Some(36), "an init container that clones the repository"),
    ("photonPersistentDisk", 11, Some(16), "another storage"),
    ("scaleIO", 16, Some(22), "another storage"),
    ("flocker", 22, Some(25), "another storage"),
    ("storageos", 22, Some(25), "another storage"),
    ("quobyte", 22, Some(25), "the CSI driver of Quobyte"),
    ("glusterfs", 25, Some(26), "another storage"),
    ("cephfs", 28, Some(31), "the CSI driver of CephFS"),
    ("rbd", 28, Some(31), "the CSI driver of Ceph RBD"),
    ("flexVolume", 23, None, "a CSI driver"),
    ("awsElasticBlockStore", 17, None, "the CSI driver ebs.csi.aws.com"),
    ("gcePersistentDisk", 17, None, "the CSI driver pd.csi.storage.gke.io"),
    ("azureDisk", 19, None, "the CSI driver disk.csi.azure.com"),
    ("azureFile", 21, None, "the CSI driver file.csi.azure.com"),
    ("vsphereVolume", 19, None, "the CSI driver csi.vsphere.vmware.com"),
    ("cinder", 11, None, "the CSI driver cinder.csi.openstack.org"),
    ("portworxVolume", 25, None, "the CSI driver pxd.portworx.com"),
];

/// The name of the old type that a source is of; sources of pods and of volumes have the same fields.
macro_rules! old_type {
    ($source:expr) => {{
        let source = $source;
        let all = [
            ("photonPersistentDisk", source.photon_persistent_disk.is_some()),
            ("scaleIO", source.scale_io.is_some()),
            ("flocker", source.flocker.is_some()),
            ("storageos", source.storageos.is_some()),
            ("quobyte", source.quobyte.is_some()),
            ("glusterfs", source.glusterfs.is_some()),
            ("cephfs", source.cephfs.is_some()),
            ("rbd", source.rbd.is_some()),
            ("flexVolume", source.flex_volume.is_some()),
            ("awsElasticBlockStore", source.aws_elastic_block_store.is_some()),
            ("gcePersistentDisk", source.gce_persistent_disk.is_some()),
            ("azureDisk", source.azure_disk.is_some()),
            ("azureFile", source.azure_file.is_some()),
            ("vsphereVolume", source.vsphere_volume.is_some()),
            ("cinder", source.cinder.is_some()),
            ("portworxVolume", source.portworx_volume.is_some()),
        ];
        all.into_iter().find(|(_, there)| *there).map(|(name, _)| name)
    }};
}

/// What to say of a type in a version of Kubernetes.
fn told(name: &str, version: KubernetesVersion) -> Option<String> {
    let (field, deprecated, dead, instead) = OLD.iter().find(|(field, ..)| *field == name)?;
    let deprecated = KubernetesVersion::of(*deprecated);
    let dead = dead.map(KubernetesVersion::of).filter(|dead| *dead <= version);
    let dead = dead.map(|dead| format!(" and not mounted since {dead}")).unwrap_or_default();
    let told =
        format!("volumes of type {field} are deprecated since Kubernetes {deprecated}{dead}; use {instead}");
    (deprecated <= version).then_some(told)
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (n, volume) in pods.spec.volumes.iter().enumerate() {
        let git = volume.source.git_repo.is_some().then_some("gitRepo");
        if let Some(name) = git.or_else(|| old_type!(&volume.source))
            && let Some(told) = told(name, cx.version())
        {
            out.fail(pods.path(&format!("volumes[{n}].{name}")), told);
        }
    }
    Ok(())
}

fn check_volume(volume: &PersistentVolume, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if let Some(name) = old_type!(&volume.spec.source)
        && let Some(told) = told(name, cx.version())
    {
        out.fail(format!("spec.{name}"), told);
    }
    Ok(())
}
