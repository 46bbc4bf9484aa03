//! The classes of claims: which one counts, and which are the default.

use super::{
    api::{PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimSpec, StorageClass},
    context::Context,
    world::Unknown,
};
use crate::{
    model::{Labels, ObjectMeta, Selector, kinds},
    quantity::Wire,
};

/// Annotation that named the class before the field was there; it still goes before the field.
const OLD_CLASS: &str = "volume.beta.kubernetes.io/storage-class";

/// The class that a claim names: `Some("")`: none on purpose; `None`: the default.
pub(crate) fn class_named<'a>(
    metadata: &'a ObjectMeta,
    spec: &'a PersistentVolumeClaimSpec,
) -> Option<&'a str> {
    let old = metadata.annotations.get(OLD_CLASS).map(String::as_str);
    old.or(spec.storage_class_name.as_deref())
}

/// The default classes, by name.
pub(crate) fn defaults<'w>(cx: &Context<'w>) -> Result<Vec<&'w StorageClass>, Unknown> {
    let found: Vec<_> = cx.all::<StorageClass>()?.filter(|class| class.is_default()).collect();
    if found.is_empty() {
        cx.is_all(kinds::STORAGE_CLASS)?;
    }
    Ok(found)
}

/// The class that a claim is provisioned by, if there is such a class.
pub(crate) fn class_of<'w>(
    cx: &Context<'w>,
    metadata: &ObjectMeta,
    spec: &PersistentVolumeClaimSpec,
) -> Result<Option<&'w StorageClass>, Unknown> {
    match class_named(metadata, spec) {
        Some("") => Ok(None),
        Some(name) => cx.get::<StorageClass>("", name),
        None => Ok(defaults(cx)?.into_iter().max_by_key(|class| class.metadata.creation_timestamp)),
    }
}

/// Whether a claim finds nobody who makes its volume: its class does not exist, and no volume of that class waits
/// for it either.
pub(crate) fn is_class_missing(cx: &Context<'_>, class: &str) -> Result<bool, Unknown> {
    if class.is_empty() || cx.exists::<StorageClass>("", class)? {
        return Ok(false);
    }
    // A class may be no more than a word that a volume made by hand and its claim have in common.
    let by_hand =
        cx.world().store::<PersistentVolume>().all().any(|one| one.spec.storage_class_name == class);
    if !by_hand && cx.is_live() {
        cx.covered(kinds::PERSISTENT_VOLUME, "")?;
    }
    Ok(!by_hand)
}

/// How many volumes wait for a claim that names no class, where there is no default: those of no class that are as the
/// claim wants them. `is_own` tells the names of claims that a volume may be kept for.
pub(crate) fn volumes_for(
    cx: &Context<'_>,
    namespace: &str,
    spec: &PersistentVolumeClaimSpec,
    is_own: impl Fn(&str) -> bool,
) -> usize {
    let is_kept = |volume: &PersistentVolume| {
        let kept_for = volume.spec.claim_ref.as_ref();
        kept_for.is_some_and(|claim| claim.namespace != namespace || !is_own(&claim.name))
    };
    let all = cx.world().store::<PersistentVolume>().all();
    all.filter(|volume| volume.takes(spec) && !is_kept(volume)).count()
}

impl StorageClass {
    /// Whether claims that name no class get this one.
    pub(crate) fn is_default(&self) -> bool {
        let annotations = &self.metadata.annotations;
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
            .iter()
            .any(|key| annotations.get(*key).is_some_and(|value| value == "true"))
    }

    /// Whether it makes a volume only once a pod that wants it has a node.
    pub(crate) fn waits_for_consumer(&self) -> bool {
        self.volume_binding_mode.as_deref() == Some("WaitForFirstConsumer")
    }

    /// What becomes of a volume whose claim is deleted; left out it is deleted as well.
    pub(crate) fn effective_reclaim_policy(&self) -> &str {
        self.reclaim_policy.as_deref().unwrap_or("Delete")
    }

    /// Whether volumes of the class are made by hand.
    pub(crate) fn has_no_provisioner(&self) -> bool {
        self.provisioner == "kubernetes.io/no-provisioner"
    }
}

impl PersistentVolumeClaim {
    /// Whether it has its volume.
    pub(crate) fn is_bound(&self) -> bool {
        self.status.phase == "Bound" || !self.spec.volume_name.is_empty()
    }
}

impl PersistentVolume {
    /// Whether it is a volume of no class that a claim of no class is bound to, as the controller of volumes has it.
    fn takes(&self, claim: &PersistentVolumeClaimSpec) -> bool {
        let (own, metadata) = (&self.spec, &self.metadata);
        let mode = |mode: &Option<String>| mode.as_deref().unwrap_or("Filesystem") == "Block";
        let wanted = claim.resources.requests.get("storage").map(Wire::quantity).unwrap_or_default();
        let size = own.capacity.get("storage").map(Wire::quantity).unwrap_or_default();
        let selector = claim.selector.as_ref().map(Selector::from).unwrap_or_default();
        own.storage_class_name.is_empty()
            && !metadata.annotations.contains_key(OLD_CLASS)
            && !matches!(self.status.phase.as_str(), "Released" | "Failed")
            && mode(&own.volume_mode) == mode(&claim.volume_mode)
            && claim.access_modes.iter().all(|wanted| own.access_modes.contains(wanted))
            && size >= wanted
            && selector.matches(&Labels::from(&metadata.labels))
    }

    /// How large it is, as it says.
    pub(crate) fn size(&self) -> &str {
        self.spec.capacity.get("storage").map_or("unknown", |size| size.string.as_str())
    }
}
