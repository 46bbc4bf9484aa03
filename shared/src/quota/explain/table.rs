//! Who takes what, for people.

use std::io::{self, Write};

use serde_json::Value;

use super::{Beside, QuotaExplanation, Section, Share, Taken};
use crate::{
    quota::columns::Columns,
    report::{Make, Options, Output, Printable},
    text::counted,
};

/// So many objects of a workload that are alike are named one by one; of more, the first two.
const FEW: usize = 3;

/// The outputs that only this document has.
static OUTPUTS: &[&Output<QuotaExplanation>] = &[&TABLE];
static TABLE: Output<QuotaExplanation> =
    Output { name: "table", about: "lines for people; the default", make: Make::Plain(table) };

impl Printable for QuotaExplanation {
    const DEFAULT: &'static str = "table";

    fn own_outputs() -> &'static [&'static Output<Self>] {
        OUTPUTS
    }

    fn items(&self) -> Box<dyn Iterator<Item = serde_json::Result<Value>> + '_> {
        Box::new(self.sections.iter().map(serde_json::to_value))
    }
}

/// Writes a tree for each section, the sum above it and what is not charged below.
pub fn table(explanation: &QuotaExplanation, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    for (n, section) in explanation.sections.iter().enumerate() {
        if n > 0 {
            out.write_all(b"\n")?;
        }
        out.write_all(render(section, options).as_bytes())?;
    }
    Ok(())
}

fn render(section: &Section, options: &Options) -> String {
    let mut text = Columns::default();
    let place = match (&section.project, &section.namespace) {
        (Some(project), _) => format!("project {project}"),
        (None, Some(namespace)) => format!("namespace {namespace}"),
        (None, None) => "everywhere".to_owned(),
    };
    let cluster = section.cluster.as_ref().map(|cluster| format!(", cluster {cluster}")).unwrap_or_default();
    text.text(&format!("{} in {place}{cluster}: {}", section.key, section.sum));
    for beside in &section.quotas {
        text.paragraph(2, "", &quota(beside, section.project.is_some()), options.width);
    }
    let mut out = text.render();
    let mut tree = Columns::default();
    for (n, share) in section.workloads.iter().enumerate() {
        branch(&mut tree, section, share, n + 1 == section.workloads.len());
    }
    out.push_str(&tree.render());
    if !section.uncharged.is_empty() {
        let mut left = Columns::default();
        left.text(&format!("not charged: {}", counted(section.uncharged.len(), "object")));
        for one in &section.uncharged {
            left.row([format!("  {}", name(&one.object, section)), one.amount.to_string(), one.why.clone()]);
        }
        out.push_str(&left.render());
    }
    out
}

fn quota(beside: &Beside, of_project: bool) -> String {
    let place =
        beside.namespace.as_ref().filter(|_| of_project).map(|place| format!("{place}/")).unwrap_or_default();
    let rate = beside.rate.map(|rate| format!(" ({rate})")).unwrap_or_default();
    let mut line = format!("quota {place}{}: {} of {}{rate}", beside.quota, beside.counted, beside.hard);
    if !beside.scopes.is_empty() {
        line = format!("{line}, only {}", beside.scopes.join(" and "));
    }
    if beside.out_of_scope > 0 {
        line = format!("{line}; {} not in its scopes", counted(beside.out_of_scope, "object"));
    }
    match beside.used {
        Some(used) if used != beside.counted => {
            format!("{line}; its status says {used}: see kubectl quota-usage verify")
        }
        None => format!("{line}; it has no status yet"),
        Some(_) => line,
    }
}

fn branch(tree: &mut Columns, section: &Section, share: &Share, last: bool) {
    let (start, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
    let place = if section.project.is_some() { format!("{}/", share.namespace) } else { String::new() };
    let own = match &share.objects[..] {
        // Nobody controls it: it is its own workload.
        [only] if only.object.short() == share.owner => Some(only),
        _ => None,
    };
    let said = own.map_or_else(|| counted(share.objects.len(), "object"), told);
    tree.row([format!("{start}{place}{}", share.owner), share.amount.to_string(), said]);
    if own.is_some() {
        return;
    }
    let groups = alike(&share.objects);
    for (n, group) in groups.iter().enumerate() {
        let start = if n + 1 == groups.len() { "└─ " } else { "├─ " };
        let Some(first) = group.first() else { continue };
        let names: Vec<String> = group.iter().map(|taken| taken.object.short()).collect();
        let (name, amount) = if group.len() == 1 {
            (names.join(""), first.amount.to_string())
        } else {
            let named = names.iter().take(2).cloned().collect::<Vec<_>>().join(", ");
            (format!("{named} and {} alike", group.len() - 2), format!("{} each", first.amount))
        };
        tree.row([format!("{below}{start}{name}"), amount, told(first)]);
    }
}

/// Objects that take the same for the same reasons stand together where there are many.
fn alike(objects: &[Taken]) -> Vec<Vec<&Taken>> {
    let mut groups: Vec<Vec<&Taken>> = Vec::new();
    for taken in objects {
        let same = |group: &&mut Vec<&Taken>| {
            group.first().is_some_and(|first| {
                first.amount == taken.amount
                    && first.formula == taken.formula
                    && first.notes == taken.notes
                    && first.object.kind == taken.object.kind
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(taken),
            None => groups.push(vec![taken]),
        }
    }
    let mut shown = Vec::new();
    for group in groups {
        if group.len() > FEW {
            shown.push(group);
        } else {
            shown.extend(group.into_iter().map(|one| vec![one]));
        }
    }
    shown
}

fn told(taken: &Taken) -> String {
    let formula = if taken.formula.is_empty() { Vec::new() } else { vec![format!("= {}", taken.formula)] };
    formula.into_iter().chain(taken.notes.iter().cloned()).collect::<Vec<_>>().join("; ")
}

fn name(object: &crate::model::ObjectKey, section: &Section) -> String {
    if section.project.is_some() {
        format!("{}/{}", object.namespace, object.short())
    } else {
        object.short()
    }
}
