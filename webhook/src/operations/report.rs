//! What a replica knows of its own standing, for probes and metrics.

use jiff::Timestamp;

/// The outcome of the last look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// When the last look was that could read everything; none before the first.
    pub looked: Option<Timestamp>,
    /// Why the last look failed, if it did.
    pub error: Option<String>,
    /// Until when the served certificate is good.
    pub certificate_not_after: Option<Timestamp>,
    /// Until when the first of the authorities that API servers trust is good.
    pub authority_not_after: Option<Timestamp>,
    /// Why API servers would not trust what is served, if so. While no configuration is there, nobody calls.
    pub distrust: Option<String>,
    /// Whether a configuration is there that makes API servers call.
    pub configured: bool,
    /// Whether the live configuration is as it should be; known to the replica that leads.
    pub in_sync: Option<bool>,
    /// Whether this replica holds the Lease.
    pub leads: bool,
    /// How many looks failed since the start.
    pub failures: u64,
    /// How often another certificate was served since the start, the first included.
    pub switches: u64,
}

impl Report {
    /// Why this replica should not be called, for the readiness check `certificate`: what is served must be what API
    /// servers trust, under the name that they call, and still good.
    pub fn unready(&self, now: Timestamp) -> Option<String> {
        match self.certificate_not_after {
            None => return Some("there is no certificate yet".to_owned()),
            Some(end) if end < now => return Some(format!("the served certificate ended at {end}")),
            Some(_) => {}
        }
        let distrust = self.distrust.as_ref()?;
        Some(format!("API servers would not trust the served certificate: {distrust}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readiness_is_about_the_certificate_that_is_served() {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let mut report = Report::default();
        assert_eq!(report.unready(now).unwrap(), "there is no certificate yet");
        report.certificate_not_after = Some(now);
        assert_eq!(report.unready(now), None);
        let late = now + std::time::Duration::from_secs(1);
        assert_eq!(report.unready(late).unwrap(), "the served certificate ended at 2026-11-28T12:00:00Z");
        report.distrust = Some("caBundle is empty".to_owned());
        assert!(report.unready(now).unwrap().ends_with("trust the served certificate: caBundle is empty"));
    }
}
