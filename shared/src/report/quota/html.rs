use std::io::{self, Write};

use crate::{
    quota::{QuotaUsage, Rate, Row, sheet::decimal},
    report::{
        Make, Options, Output,
        markup::escaped,
        page::Page,
        usage::{Field, Level, Value, telling_totals},
    },
    text::counted,
};

pub(super) static OUTPUT: Output<QuotaUsage> = Output {
    name: "html",
    about: "one page, without network: the rows to sort, search and filter",
    make: Make::Plain(render),
};

const PAGE: Page = Page {
    style: concat!(include_str!("../assets/theme.css"), include_str!("../assets/usage.css")),
    script: include_str!("../assets/usage.js"),
};

/// The table is in the page as it is: without its script it can be read, searched and printed all the same.
fn render(usage: &QuotaUsage, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    PAGE.begin(&title(usage), &mut out)?;
    head(usage, &mut out)?;
    writeln!(out, "<main>")?;
    unread(usage, &mut out)?;
    table(usage, &mut out)?;
    writeln!(out, "</main>")?;
    PAGE.end(&mut out)?;
    out.flush()
}

fn title(usage: &QuotaUsage) -> String {
    match &usage.clusters[..] {
        [only] => format!("Quota usage of {}", only.name),
        _ => "Quota usage".to_owned(),
    }
}

fn head(usage: &QuotaUsage, out: &mut impl Write) -> io::Result<()> {
    let mut facts = vec![counted(usage.clusters.len(), "cluster"), counted(usage.rows.len(), "row")];
    facts.extend(usage.at.as_ref().map(|at| format!("read at {at}")));
    facts.extend(usage.period.as_ref().map(|period| format!("peaks of {period}")));
    writeln!(
        out,
        "<header>\n<div class=\"title\"><h1>{}</h1><p>{}</p></div>",
        escaped(&title(usage)),
        escaped(&facts.join(" · "))
    )?;
    let mut resources: Vec<&str> = usage.rows.iter().map(|row| row.resource.as_str()).collect();
    resources.sort_unstable();
    resources.dedup();
    out.write_all(
        br#"<form class="tools" id="filters" role="search">
<input id="search" type="search" placeholder="Search  ( / )" aria-label="search in all columns" autocomplete="off">
<label>Resource <select id="resource"><option value="">all</option>"#,
    )?;
    for resource in resources {
        write!(out, "<option>{}</option>", escaped(resource))?;
    }
    out.write_all(
        br#"</select></label>
<label>At least <input id="threshold" type="number" min="0" max="1000" step="5" placeholder="0" aria-label="at least so many percent full"> %</label>
<output id="shown" for="search resource threshold"></output>
<button id="reset" type="reset">Reset</button>
<button id="theme" type="button" title="Light or dark">Theme</button>
</form>
</header>
"#,
    )
}

/// What could not be read comes first: who reads the table must know what is not in it.
fn unread(usage: &QuotaUsage, out: &mut impl Write) -> io::Result<()> {
    if usage.clusters.iter().all(|cluster| cluster.error.is_none() && cluster.skipped.is_empty()) {
        return Ok(());
    }
    writeln!(
        out,
        "<section class=\"unread\" aria-labelledby=\"unread\">\n<h2 id=\"unread\">Not read</h2>\n<ul>"
    )?;
    for cluster in &usage.clusters {
        let name = escaped(&cluster.name);
        if let Some(error) = &cluster.error {
            writeln!(out, "<li class=\"failed\"><b>{name}</b> {}</li>", escaped(error))?;
        }
        for skipped in &cluster.skipped {
            let place = skipped.namespace.as_deref().map(|name| format!(" in {name}")).unwrap_or_default();
            let what = escaped(&format!("{}{place}: {}", skipped.resource, skipped.message));
            writeln!(out, "<li><b>{name}</b> {what}</li>")?;
        }
    }
    writeln!(out, "</ul>\n</section>")
}

fn table(usage: &QuotaUsage, out: &mut impl Write) -> io::Result<()> {
    let fields = Field::with_content(usage);
    writeln!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"quota usage\">\n<table id=\"usage\">\n\
         <caption>{}; headings sort</caption>\n<thead><tr>",
        escaped(&title(usage))
    )?;
    for field in &fields {
        let (header, meaning) = (escaped(&field.header(usage)), escaped(field.meaning()));
        let class = if is_number(*field) { " class=\"number\"" } else { "" };
        writeln!(
            out,
            "<th scope=\"col\"{class} aria-sort=\"none\"><button type=\"button\" title=\"{meaning}\">{header}</button></th>"
        )?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in &usage.rows {
        let fullest = row.rate.max(row.peak_rate);
        let rate = fullest.map(|rate| format!(" data-rate=\"{}\"", percent(rate))).unwrap_or_default();
        write!(out, "<tr data-resource=\"{}\"{rate}>", escaped(&row.resource))?;
        for field in &fields {
            cell(*field, row, out)?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>")?;
    let totals = telling_totals(usage);
    if !totals.is_empty() {
        writeln!(out, "<tfoot>")?;
        let names = fields.iter().filter(|field| **field < Field::Resource).count();
        for row in totals {
            write!(out, "<tr>")?;
            if names > 0 {
                write!(out, "<th scope=\"row\" colspan=\"{names}\">Total of all rows</th>")?;
            }
            for field in fields.iter().skip(names) {
                cell(*field, row, out)?;
            }
            writeln!(out, "</tr>")?;
        }
        writeln!(out, "</tfoot>")?;
    }
    writeln!(out, "</table>\n</div>\n<p id=\"none\" role=\"status\" hidden>No row is like that.</p>")
}

fn cell(field: Field, row: &Row, out: &mut impl Write) -> io::Result<()> {
    match field.value(row) {
        Value::Nothing if is_number(field) => write!(out, "<td class=\"number nothing\">–</td>"),
        Value::Nothing => write!(out, "<td class=\"nothing\">–</td>"),
        Value::Text(text) => write!(out, "<td>{}</td>", escaped(text)),
        Value::Amount(amount) => {
            let (human, exact) = (amount.human().to_string(), amount.to_string());
            let title =
                if human == exact { String::new() } else { format!(" title=\"{}\"", escaped(&exact)) };
            write!(
                out,
                "<td class=\"number\" data-value=\"{}\"{title}>{}</td>",
                decimal(amount),
                escaped(&human)
            )
        }
        Value::Rate(rate) if matches!(field, Field::Rate | Field::PeakRate) => write!(
            out,
            "<td class=\"number {}\" data-value=\"{}\">{}<span class=\"percent\">{rate}</span></td>",
            Level::of(rate).name(),
            rate.decimal(),
            bar(rate)
        ),
        Value::Rate(rate) => {
            write!(out, "<td class=\"number\" data-value=\"{}\">{rate}</td>", rate.decimal())
        }
    }
}

fn bar(rate: Rate) -> String {
    let width = percent(rate).clamp(0, 100);
    format!(
        "<svg class=\"bar\" width=\"64\" height=\"8\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"track\" width=\"100\" height=\"8\"/><rect width=\"{width}\" height=\"8\"/></svg>"
    )
}

fn percent(rate: Rate) -> i128 {
    rate.percent()
}

fn is_number(field: Field) -> bool {
    field >= Field::Hard
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{
        page::hash,
        usage::sample::{fleet, hostile},
    };

    fn html(usage: &QuotaUsage) -> String {
        let mut out = Vec::new();
        render(usage, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_name_is_markup() {
        for usage in [fleet(), hostile(), QuotaUsage::default()] {
            let text = html(&usage);
            assert_eq!(text.matches("<script").count(), 1);
            assert_eq!(text.matches("</script>").count(), 1);
            assert_eq!(text.matches("<tr ").count(), usage.rows.len());
        }
    }

    #[test]
    fn nothing_comes_from_elsewhere() {
        let text = html(&fleet());
        let policy = text.split_once("content=\"default-src 'none'").unwrap().1;
        assert!(policy.contains(&hash(PAGE.script)) && policy.contains(&hash(PAGE.style)));
        let own =
            text.replace("script-src ", "").replace("style-src ", "").replace("https://10.1.2.3:6443", "");
        for fetched in ["src=", "href=", "@import", "http://", "https://", "url(", "style=\""] {
            assert!(!own.contains(fetched), "{fetched}");
        }
    }
}
