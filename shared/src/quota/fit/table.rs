//! Whether it fits, for people.

use std::io::{self, Write};

use serde_json::Value;

use super::{ObjectFit, QuotaFit, Refusal, StageFit};
use crate::{
    quantity::Quantity,
    quota::columns::Columns,
    report::{Make, Options, Output, Printable},
    text::counted,
};

/// The outputs that only this document has.
static OUTPUTS: &[&Output<QuotaFit>] = &[&TABLE];
static TABLE: Output<QuotaFit> =
    Output { name: "table", about: "lines for people; the default", make: Make::Plain(table) };

impl Printable for QuotaFit {
    const DEFAULT: &'static str = "table";

    fn own_outputs() -> &'static [&'static Output<Self>] {
        OUTPUTS
    }

    fn items(&self) -> Box<dyn Iterator<Item = serde_json::Result<Value>> + '_> {
        Box::new(self.objects.iter().map(serde_json::to_value))
    }
}

/// Writes the verdict, how it goes for each object, and what becomes of the quotas.
pub fn table(fit: &QuotaFit, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Columns::default();
    text.paragraph(0, "", &verdict(fit), options.width);
    for note in &fit.notes {
        text.paragraph(0, "note: ", note, options.width);
    }
    out.write_all(text.render().as_bytes())?;
    if !fit.objects.is_empty() {
        out.write_all(format!("\n{}", objects(fit, options)).as_bytes())?;
    }
    if !fit.quotas.is_empty() {
        out.write_all(format!("\n{}", quotas(fit, options)).as_bytes())?;
    }
    Ok(())
}

fn verdict(fit: &QuotaFit) -> String {
    match &fit.first {
        Some(breaks) => {
            let Refusal { quota, replica, message, .. } = &breaks.refusal;
            let who = match replica {
                Some(replica) => format!("{} breaks at replica {replica}", breaks.object),
                None => format!("{} is refused", breaks.object),
            };
            let by = quota.as_ref().map_or_else(String::new, |quota| format!(" by quota {quota}"));
            format!("does not fit: {who} ({}){by}: {message}", breaks.stage.name())
        }
        None if fit.nodes.as_ref().is_some_and(|nodes| !nodes.fits) => {
            "does not fit: the quotas allow it, but the nodes have no room".to_owned()
        }
        None if fit.objects.is_empty() => "nothing to fit".to_owned(),
        None => "fits".to_owned(),
    }
}

fn objects(fit: &QuotaFit, options: &Options) -> String {
    let mut columns = Columns::default();
    if options.headers {
        columns.row(["OBJECT", "STAGE", "ADMITTED", "FITS", "NODES"]);
    }
    for object in &fit.objects {
        for (n, stage) in object.stages.iter().enumerate() {
            let name = if n == 0 { object.object.to_string() } else { String::new() };
            let admitted = format!("{}/{}", stage.admitted, stage.wanted);
            let nodes = if n == 0 { room(object) } else { String::new() };
            columns.row([name.as_str(), stage.stage.name(), &admitted, fits(stage), &nodes]);
            if let Some(refusal) = &stage.refusal {
                let replica =
                    refusal.replica.map_or_else(String::new, |replica| format!("replica {replica}: "));
                columns.paragraph(2, "", &format!("{replica}{}", refusal.message), options.width);
                for other in &refusal.others {
                    columns.paragraph(2, "or ", other, options.width);
                }
            }
            match stage.goes_on {
                Some(true) => columns.text("  the rollout goes on all the same, with fewer pods at once"),
                Some(false) => {
                    columns.text("  the rollout stops there: no new pod comes and no old one may go");
                }
                None => {}
            }
        }
        for note in &object.notes {
            columns.paragraph(2, "note: ", note, options.width);
        }
    }
    if let Some(nodes) = &fit.nodes {
        let mut line = format!(
            "nodes: {} by what their pods request; node selectors, affinity and taints are not looked at",
            counted(nodes.schedulable, "node")
        );
        if nodes.waiting > 0 {
            line = format!(
                "{line}; {} for a node already and {} not counted",
                if nodes.waiting == 1 {
                    "1 pod waits".to_owned()
                } else {
                    format!("{} pods wait", nodes.waiting)
                },
                if nodes.waiting == 1 { "is" } else { "are" }
            );
        }
        columns.paragraph(0, "", &line, options.width);
    }
    columns.render()
}

fn fits(stage: &StageFit) -> &'static str {
    match (stage.fits, stage.goes_on) {
        (true, _) => "yes",
        (false, Some(true)) => "slowly",
        (false, _) => "no",
    }
}

fn room(object: &ObjectFit) -> String {
    object.nodes.map_or_else(String::new, |nodes| {
        let more = match nodes.more {
            0 => "no more fit".to_owned(),
            more => format!("at most {more} more fit"),
        };
        format!("room for {} of {}, {more}", nodes.placed, nodes.wanted)
    })
}

fn quotas(fit: &QuotaFit, options: &Options) -> String {
    let mut columns = Columns::default();
    if options.headers {
        columns.row(["NAMESPACE", "QUOTA", "RESOURCE", "HARD", "USED", "NOW", "ROLLOUT", "AUTOSCALED"]);
    }
    for room in &fit.quotas {
        let over = |amount: Quantity| {
            let mark = if amount > room.hard { " !" } else { "" };
            format!("{amount}{mark}")
        };
        let maybe = |amount: Option<Quantity>| amount.map_or_else(|| "-".to_owned(), over);
        columns.row([
            room.namespace.clone().unwrap_or_else(|| "-".to_owned()),
            room.quota.clone(),
            room.resource.clone(),
            room.hard.to_string(),
            room.used.to_string(),
            over(room.now),
            maybe(room.rollout),
            maybe(room.autoscaled),
        ]);
    }
    columns.render()
}
