//! `kubectl graph -w` on a real API server: the demo, faults, and incremental against fresh.

mod demo;
mod incremental;
mod mirror;
mod world;
