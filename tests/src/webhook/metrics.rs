//! What a webhook counts.

/// Metrics at one moment.
#[derive(Debug, Clone)]
pub struct Figures(Vec<(String, f64)>);

impl Figures {
    pub(super) fn read(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let figures = lines.filter_map(|line| line.rsplit_once(' '));
        Self(figures.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?))).collect())
    }

    /// The sum of all series of this name, without its prefix, whose labels have all of these: `reason="idle"`.
    pub fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let name = format!("passmuster_{name}");
        let series = self.0.iter().filter(|(series, _)| {
            let (own, rest) = series.split_once('{').unwrap_or((series, ""));
            own == name && labels.iter().all(|label| rest.contains(label))
        });
        series.map(|(_, value)| value).sum()
    }

    /// How many series there are in all.
    pub fn series(&self) -> usize {
        self.0.len()
    }
}
