//! CEL, as the API server has it in ValidatingAdmissionPolicies.
//!
//! ```text
//!  text ─ the cel crate's parser ─► lower ─► Node ─ machine ─► Value
//!                                     │              │
//!                       names and functions checked  every step counted; functions of kube-cel for strings, lists,
//!                                                    sets, addresses, versions…
//! ```
//!
//! The crates parse and hold the libraries of functions. Evaluating is ours, because a rule runs over whatever a cluster
//! holds: steps are counted and bounded, which the crates can't; objects are read where they are instead of being copied
//! into values; variables are evaluated when they are asked for. The API server's own evaluation is the oracle.

mod access;
mod compare;
mod conversions;
mod error;
mod folds;
mod format;
mod functions;
mod library;
mod lists;
mod lower;
mod machine;
mod macros;
mod methods;
mod negations;
mod node;
mod operators;
mod semver;
mod signatures;
mod strings;
mod time;
mod url;
mod value;

pub(super) use error::Error;
pub(super) use lower::{Names, RESERVED};
pub(super) use machine::{Globals, Machine};
pub(super) use node::{Global, Node};
pub(super) use value::Value;

use std::thread;

use kube_cel::cel;

use lower::lower;
use negations::twice_negated;

/// Whether a name is that of a type.
pub(super) fn is_type(name: &str) -> bool {
    signatures::type_named(name).is_some()
}

/// Stack for reading an expression, in bytes: enough for the worst of the longest.
const STACK: usize = 256 << 20;
/// Longest expression, in bytes.
const LONGEST: usize = 8 * 1024;

/// An expression, ready to be evaluated.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) node: Node,
}

impl Program {
    /// Reads an expression and checks the names in it.
    pub(super) fn compile(text: &str, names: &Names<'_>) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("the expression is missing".to_owned());
        }
        if text.len() > LONGEST {
            return Err(format!("the expression is longer than {LONGEST} bytes"));
        }
        if twice_negated(text) {
            return Err("!! and -- are not supported: write it without them".to_owned());
        }
        // The parser goes as deep as a text makes it, and only then sees how deep that is.
        let read = || -> Result<Node, String> { lower(&parse(text)?, names) };
        let node = thread::scope(|scope| {
            let reader = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read);
            let reader = reader.map_err(|error| format!("no thread to read it: {error}"))?;
            reader.join().unwrap_or_else(|_| Err("the parser failed".to_owned()))
        })?;
        Ok(Self { node })
    }
}

/// Parses an expression.
fn parse(text: &str) -> Result<cel::common::ast::IdedExpr, String> {
    cel::parser::Parser::new().enable_optional_syntax(true).parse(text).map_err(|errors| {
        let first = errors.errors.into_iter().next();
        first.map_or_else(
            || "it is no expression".to_owned(),
            |error| format!("at {}:{}: {}", error.pos.0, error.pos.1, error.msg),
        )
    })
}

#[cfg(test)]
mod tests;
