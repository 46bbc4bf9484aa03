//! Metrics, probes and logs.
