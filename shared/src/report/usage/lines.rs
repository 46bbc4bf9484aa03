use crate::quota::{ClusterEntry, QuotaUsage, Row};

/// A line of a table.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) enum Line<'a> {
    Row(&'a Row),
    /// A cluster that nothing could be read of, and why.
    Failed(&'a ClusterEntry, &'a str),
}

/// The rows, and the clusters that failed: each where its rows would be as long as rows are sorted by cluster, and
/// after all rows otherwise.
pub(in crate::report) fn lines(usage: &QuotaUsage) -> Vec<Line<'_>> {
    let mut failed = usage
        .clusters
        .iter()
        .filter_map(|cluster| Some(Line::Failed(cluster, cluster.error.as_deref()?)))
        .peekable();
    let name = |row: &Row| row.cluster.clone();
    let sorted = usage.rows.is_sorted_by_key(name) && usage.rows.iter().all(|row| row.cluster.is_some());
    let mut lines = Vec::with_capacity(usage.rows.len() + 1);
    for row in &usage.rows {
        while let Some(line) = failed.next_if(
            |line| matches!(line, Line::Failed(cluster, _) if sorted && Some(&cluster.name) < row.cluster.as_ref()),
        ) {
            lines.push(line);
        }
        lines.push(Line::Row(row));
    }
    lines.extend(failed);
    lines
}
