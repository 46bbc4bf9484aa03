//! The ValidatingWebhookConfiguration: generated from what is judged, and kept in the cluster as generated.
