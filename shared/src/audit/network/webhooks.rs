//! Webhooks of both kinds, alike.

use crate::{
    audit::{
        api::{
            MatchCondition, MutatingWebhookConfiguration, RuleWithOperations, ValidatingWebhookConfiguration,
            WebhookClientConfig, WebhookService,
        },
        world::Object,
    },
    model::LabelSelector,
};

/// One webhook of a configuration.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hook<'w> {
    /// Its place.
    pub(crate) at: usize,
    pub(crate) name: &'w str,
    pub(crate) client: &'w WebhookClientConfig,
    pub(crate) rules: &'w [RuleWithOperations],
    pub(crate) namespaces: Option<&'w LabelSelector>,
    pub(crate) objects: Option<&'w LabelSelector>,
    pub(crate) conditions: &'w [MatchCondition],
    failure_policy: Option<&'w str>,
    timeout: Option<i32>,
}

impl<'w> Hook<'w> {
    /// Whether requests are refused when it can't be asked; so it is where nothing is said.
    pub(crate) fn fails_closed(&self) -> bool {
        self.failure_policy != Some("Ignore")
    }

    /// Seconds that the API server waits for it; ten where nothing is said.
    pub(crate) fn effective_timeout(&self) -> i32 {
        self.timeout.unwrap_or(10)
    }

    /// The service that is asked, with the number of its port; none where it is a URL.
    pub(crate) fn service(&self) -> Option<(&'w WebhookService, i32)> {
        let service = self.client.service.as_ref()?;
        Some((service, service.port.unwrap_or(443)))
    }

    /// Path of one of its fields.
    pub(crate) fn path(&self, field: &str) -> String {
        format!("webhooks[{}].{field}", self.at)
    }
}

/// A configuration of webhooks.
pub(crate) trait Hooks: Object {
    /// All of them.
    fn hooks(&self) -> impl Iterator<Item = Hook<'_>>;
}

macro_rules! hooks {
    ($($kind:ty),*) => {
        $(impl Hooks for $kind {
            fn hooks(&self) -> impl Iterator<Item = Hook<'_>> {
                self.webhooks.iter().enumerate().map(|(at, webhook)| Hook {
                    at,
                    name: &webhook.name,
                    client: &webhook.client_config,
                    rules: &webhook.rules,
                    namespaces: webhook.namespace_selector.as_ref(),
                    objects: webhook.object_selector.as_ref(),
                    conditions: &webhook.match_conditions,
                    failure_policy: webhook.failure_policy.as_deref(),
                    timeout: webhook.timeout_seconds,
                })
            }
        })*
    };
}

hooks!(ValidatingWebhookConfiguration, MutatingWebhookConfiguration);
