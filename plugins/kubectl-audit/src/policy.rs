//! The policy of a run.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use passmuster::audit::{AuditPolicy, CustomRules, PolicyError, Rules};

/// Reads a policy; with it comes its name, as it was given.
pub(crate) fn read(path: &Path) -> Result<(String, AuditPolicy)> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).with_context(|| format!("reading the policy {name}"))?;
    let policy = AuditPolicy::parse(&text).with_context(|| name.clone())?;
    Ok((name, policy))
}

/// The rules that are asked for, those of the policy among them.
pub(crate) fn rules(
    policy: Option<&(String, AuditPolicy)>,
    select: &[String],
    ignore: &[String],
) -> Result<Rules> {
    let Some((name, policy)) = policy else {
        return Ok(Rules::select(select, ignore, &CustomRules::default(), None)?);
    };
    let custom = CustomRules::compile(&policy.spec).map_err(PolicyError::Invalid);
    let custom = custom.with_context(|| name.clone())?;
    Ok(Rules::select(select, ignore, &custom, Some(&policy.spec))?)
}
