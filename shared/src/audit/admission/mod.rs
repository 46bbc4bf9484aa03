//! The same rules at admission: one object is judged, the others are looked up among what is cached.
//!
//! A [`Subject`] is the object as the API server would store it; [`Cached`] is what a watch has seen of the cluster, with
//! the indexes that rules ask for. [`look_up`] tells which kinds that must be, and [`judged`] of which kinds any object
//! can be judged at all.

mod admitted;
mod cached;
mod needs;
mod subject;

pub use admitted::Admitted;
pub use cached::Cached;
pub use needs::{judged, look_up, pods, speaks};
pub use subject::Subject;
