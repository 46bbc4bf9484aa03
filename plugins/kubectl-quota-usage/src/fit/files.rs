//! What is in the files: objects that are to fit, and what they have to fit into.

use anyhow::Result;
use passmuster::{
    manifest::{self, Inputs, Scopes},
    model::{Skipped, decode},
    quota::{
        ResourceQuota,
        fit::{Autoscaler, Classes},
    },
};
use serde_json::Value;

use super::FitArgs;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Objects, in order.
    pub(super) objects: Vec<Value>,
    /// Quotas among them.
    pub(super) quotas: Vec<ResourceQuota>,
    /// LimitRanges among them.
    pub(super) limit_ranges: Vec<Value>,
    /// HorizontalPodAutoscalers among them.
    pub(super) autoscalers: Vec<Autoscaler>,
    /// RuntimeClasses and PriorityClasses among them.
    pub(super) classes: Classes,
    /// What could not be read.
    pub(super) skipped: Vec<Skipped>,
}

impl Files {
    /// Reads the files that the arguments name; none, where they name none.
    pub(super) fn read(args: &FitArgs, namespace: &str) -> Result<Self> {
        let mut files = Self::default();
        let (names, kustomize) = (args.filename.clone(), args.kustomize.clone());
        if names.is_empty() && kustomize.is_none() {
            return Ok(files);
        }
        let inputs = Inputs { files: names, kustomize, recursive: args.recursive, keep_data: false };
        let mut stdin = std::io::stdin().lock();
        let skipped = manifest::read(&inputs, &mut stdin, Scopes::new(namespace), &mut |document| {
            let origin = document.origin.to_string();
            files.take(document.object, origin);
        })?;
        files.skipped.extend(skipped);
        Ok(files)
    }

    fn take(&mut self, object: Value, origin: String) {
        match object.get("kind").and_then(Value::as_str) {
            Some("ResourceQuota") => match decode::from_json::<ResourceQuota>(object.clone()) {
                Ok(mut quota) => {
                    // What a file says of the status is of another time.
                    quota.status = None;
                    self.quotas.push(quota);
                }
                Err(error) => self.skipped.push(Skipped {
                    resource: origin,
                    namespace: None,
                    reason: "Invalid".to_owned(),
                    message: format!("ResourceQuota: {error}"),
                }),
            },
            Some("LimitRange") => self.limit_ranges.push(object.clone()),
            Some("HorizontalPodAutoscaler") => self.autoscalers.extend(Autoscaler::read(&object)),
            Some("RuntimeClass" | "PriorityClass") => self.classes.observe(&object),
            _ => {}
        }
        self.objects.push(object);
    }
}
