//! The images of pods.

use super::Image;
use crate::audit::{
    findings::{Findings, Found},
    subject::{ContainerView, PodView},
};

/// An image that pods use: that of a container, or one that is mounted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used<'w> {
    /// The reference, as it was written.
    pub(crate) text: &'w str,
    /// When to pull it, as it was written; empty when left out.
    pub(crate) policy: &'w str,
    place: Place<'w>,
}

#[derive(Debug, Clone, Copy)]
enum Place<'w> {
    Container(ContainerView<'w>),
    Volume(usize),
}

impl<'w> Used<'w> {
    /// All images of these pods: of every container, and of volumes.
    pub(crate) fn all(pods: &PodView<'w>) -> impl Iterator<Item = Self> + use<'w> {
        let containers = pods.containers().map(|container| {
            let it = container.get();
            Self { text: &it.image, policy: &it.image_pull_policy, place: Place::Container(container) }
        });
        let volumes = pods.spec.volumes.iter().enumerate().filter_map(|(index, volume)| {
            let image = volume.source.image.as_ref()?;
            Some(Self { text: &image.reference, policy: &image.pull_policy, place: Place::Volume(index) })
        });
        // A template may leave the reference of a mounted image to others.
        containers.chain(volumes.filter(|used| !used.text.is_empty()))
    }

    /// Its parts; none where it is no valid reference, which is for one rule alone to tell.
    pub(crate) fn image(&self) -> Option<Image<'w>> {
        Image::parse(self.text).ok()
    }

    /// The image has the defect.
    pub(crate) fn fail<'f>(
        &self,
        pods: &PodView<'_>,
        out: &'f mut Findings<'_>,
        message: impl Into<String>,
    ) -> Found<'f> {
        match &self.place {
            Place::Container(container) => out.fail_in(container, "image", message),
            Place::Volume(index) => {
                out.fail(pods.path(&format!("volumes[{index}].image.reference")), message)
            }
        }
    }

    /// When it is pulled has the defect.
    pub(crate) fn fail_policy<'f>(
        &self,
        pods: &PodView<'_>,
        out: &'f mut Findings<'_>,
        message: impl Into<String>,
    ) -> Found<'f> {
        match &self.place {
            Place::Container(container) => out.fail_in(container, "imagePullPolicy", message),
            Place::Volume(index) => {
                out.fail(pods.path(&format!("volumes[{index}].image.pullPolicy")), message)
            }
        }
    }
}
