//! What is judged: a pod as the API server stores it, whether it was read from there or from a file.

use std::{collections::BTreeMap, ops::Bound};

use crate::audit::{
    api::{AppArmorProfile, ContainerPort, PodSecurityContext, PodSpec, SecurityContext, Volume},
    subject::{ContainerView, PodView, Role, containers_of},
};

/// What an AppArmor annotation's key begins with; the container's name follows.
const APPARMOR_ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

/// Whether it is judged as the pod that it becomes, or as the template that it is: some defaults and conversions are
/// made in pods only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A pod, or the pods that a template makes.
    Pod,
    /// The template itself, of which the API server warns.
    Template,
}

/// A pod or a template, its fields read as the API server defaults them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    annotations: &'a BTreeMap<String, String>,
    /// As it was written.
    pub(super) spec: &'a PodSpec,
    at: &'static str,
    form: Form,
}

impl<'a> Subject<'a> {
    /// The pods of a workload: what is admitted or refused.
    pub(crate) fn pods(view: &PodView<'a>) -> Self {
        Self::new(view, Form::Pod)
    }

    /// The same in either form.
    pub(crate) fn new(view: &PodView<'a>, form: Form) -> Self {
        Self { annotations: &view.metadata.annotations, spec: view.spec, at: view.at(), form }
    }

    /// Init containers, containers, ephemeral containers.
    pub(crate) fn containers(&self) -> impl Iterator<Item = ContainerView<'a>> + use<'a> {
        containers_of(self.spec, self.at)
    }

    /// The pod's security context, where there is one.
    pub(super) fn security(&self) -> Option<&'a PodSecurityContext> {
        self.spec.security_context.as_ref()
    }

    /// The annotations of the pod.
    pub(super) fn annotations(&self) -> &'a BTreeMap<String, String> {
        self.annotations
    }

    /// Path of a field of the spec.
    pub(super) fn path(&self, field: &str) -> String {
        format!("{}.{field}", self.at)
    }

    /// Path of an annotation of the pod.
    pub(super) fn annotation_path(&self, key: &str) -> String {
        let at = self.at.strip_suffix("spec").unwrap_or_default();
        format!("{at}metadata.annotations[{key}]")
    }

    /// Whether it says that it is for Windows.
    pub(super) fn is_windows(&self) -> bool {
        self.spec.os.as_ref().is_some_and(|os| os.name == "windows")
    }

    /// Whether it runs in a user namespace of its own, so that its root is none on the node.
    pub(super) fn is_in_user_namespace(&self) -> bool {
        self.spec.host_users == Some(false)
    }

    /// The port of the node that a port is: on the node's network any port is one.
    pub(super) fn host_port(&self, container: &ContainerView<'_>, port: &ContainerPort) -> i32 {
        let shares = self.form == Form::Pod && self.spec.host_network && container.role != Role::Ephemeral;
        if port.host_port == 0 && shares { port.container_port } else { port.host_port }
    }

    /// Type of a container's own AppArmor profile. In pods the old annotation becomes one where the container has
    /// none, and the pod has another.
    pub(super) fn app_armor(&self, container: &ContainerView<'a>) -> Option<&'a str> {
        let own = security(container).and_then(|it| it.app_armor_profile.as_ref());
        if let Some(profile) = own {
            return Some(&profile.r#type);
        }
        if self.form == Form::Template || self.is_windows() || container.role == Role::Ephemeral {
            return None;
        }
        let mut all = self.app_armor_annotations();
        let is_of = |key: &str| key.strip_prefix(APPARMOR_ANNOTATION) == Some(container.name.as_str());
        let (_, annotation) = all.find(|(key, _)| is_of(key))?;
        let (r#type, localhost) = match annotation.as_str() {
            "unconfined" => ("Unconfined", None),
            "runtime/default" => ("RuntimeDefault", None),
            other => ("Localhost", Some(other.strip_prefix("localhost/")?)),
        };
        let of_pod = self.security().and_then(|it| it.app_armor_profile.as_ref());
        let same = |profile: &AppArmorProfile| {
            profile.r#type == r#type && profile.localhost_profile.as_deref() == localhost
        };
        (!of_pod.is_some_and(same)).then_some(r#type)
    }

    /// The annotations that choose AppArmor profiles.
    pub(super) fn app_armor_annotations(&self) -> impl Iterator<Item = (&'a String, &'a String)> + use<'a> {
        let all = self.annotations.range::<str, _>((Bound::Included(APPARMOR_ANNOTATION), Bound::Unbounded));
        all.take_while(|(key, _)| key.starts_with(APPARMOR_ANNOTATION))
    }

    /// Where a volume is from, by the name of its field; nothing at all is `emptyDir`. A field that is not known here
    /// is taken for nothing.
    pub(super) fn source(volume: &Volume) -> &'static str {
        let from = &volume.source;
        let sources = [
            ("configMap", from.config_map.is_some()),
            ("csi", from.csi.is_some()),
            ("downwardAPI", from.downward_api.is_some()),
            ("emptyDir", from.empty_dir.is_some()),
            ("ephemeral", from.ephemeral.is_some()),
            ("image", from.image.is_some()),
            ("persistentVolumeClaim", from.persistent_volume_claim.is_some()),
            ("projected", from.projected.is_some()),
            ("secret", from.secret.is_some()),
            ("hostPath", from.host_path.is_some()),
            ("gcePersistentDisk", from.gce_persistent_disk.is_some()),
            ("awsElasticBlockStore", from.aws_elastic_block_store.is_some()),
            ("gitRepo", from.git_repo.is_some()),
            ("nfs", from.nfs.is_some()),
            ("iscsi", from.iscsi.is_some()),
            ("glusterfs", from.glusterfs.is_some()),
            ("rbd", from.rbd.is_some()),
            ("flexVolume", from.flex_volume.is_some()),
            ("cinder", from.cinder.is_some()),
            ("cephfs", from.cephfs.is_some()),
            ("flocker", from.flocker.is_some()),
            ("fc", from.fc.is_some()),
            ("azureFile", from.azure_file.is_some()),
            ("vsphereVolume", from.vsphere_volume.is_some()),
            ("quobyte", from.quobyte.is_some()),
            ("azureDisk", from.azure_disk.is_some()),
            ("photonPersistentDisk", from.photon_persistent_disk.is_some()),
            ("portworxVolume", from.portworx_volume.is_some()),
            ("scaleIO", from.scale_io.is_some()),
            ("storageos", from.storageos.is_some()),
        ];
        sources.into_iter().find(|(_, is_set)| *is_set).map_or("emptyDir", |(name, _)| name)
    }
}

/// A container's security context, where there is one.
pub(super) fn security<'a>(container: &ContainerView<'a>) -> Option<&'a SecurityContext> {
    container.get().security_context.as_ref()
}
