//! AdmissionReview v1, to the letter: what the API server sends, what it must get back, and the seam to judges.
//!
//! [`parse`] makes a [`Request`] of the bytes or says why not ([`Unreadable`]); a [`Judge`] makes a [`Decision`] of it;
//! [`answer`] makes the bytes that go back, within the API server's limits. What is never blocked, whatever any policy
//! says, is decided in one place: [`passes`].

mod annotations;
mod answer;
mod deadline;
mod decision;
mod depth;
mod judge;
mod object;
mod parse;
mod passes;
mod request;
mod strict;
mod text;
mod warnings;

pub use annotations::annotations;
pub use answer::answer;
pub use deadline::{Budget, Deadline};
pub use decision::{Decision, Grounds, Verdict};
pub use judge::{AllowAll, Failure, Judge, Judging};
pub use object::{Metadata, Raw};
pub use parse::{MAX_DEPTH, Unreadable, parse};
pub use passes::{Pass, passes};
pub use request::{Kind, Operation, Request, Resource, UserInfo};
pub use text::Text;
pub use warnings::warnings;

/// The only version that is understood.
pub const API_VERSION: &str = "admission.k8s.io/v1";
