use super::Field;

/// Between columns, as kubectl pads them.
pub(super) const GAP: usize = 3;
/// A bar's columns, with the blank before it.
const BARS: [usize; 3] = [11, 6, 0];
/// The least that names are cut to before columns go, and when nothing else is left.
const LEAST: [usize; 2] = [16, 8];
/// Keys of storage classes are long, and their ends matter.
const LEAST_RESOURCE: usize = 22;

/// What goes when there is no room, the least important first; what is not here stays.
const GO: &[Field] = &[
    Field::DisplayName,
    Field::Limited,
    Field::Share,
    Field::Allocatable,
    Field::ConcurrentPeak,
    Field::Requested,
    Field::Now,
    Field::Peak,
    Field::Quota,
    Field::PeakRate,
    Field::Used,
    Field::Hard,
];

/// How wide each column is; zero: it is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Widths {
    pub(super) columns: Vec<usize>,
    /// Columns of a bar behind a rate, with the blank before it.
    pub(super) bar: usize,
}

/// What stays as long as names can be cut.
const KEPT: &[Field] = &[Field::Used, Field::Hard];

impl Widths {
    /// Of columns that take so much. Where a terminal is too narrow, bars shrink, names are cut, and columns go.
    pub(super) fn fit(fields: &[Field], takes: &[usize], limit: Option<usize>) -> Self {
        let mut widths = Self { columns: takes.to_vec(), bar: BARS.first().copied().unwrap_or_default() };
        let Some(limit) = limit else {
            widths.bar = 0; // No terminal.
            return widths;
        };
        for bar in BARS {
            widths.bar = bar;
            if widths.fits(fields, limit) {
                return widths;
            }
        }
        for least in LEAST {
            let kept = |field: &&Field| least != LEAST[0] || !KEPT.contains(field);
            let goes =
                GO.iter().filter(kept).filter_map(|field| fields.iter().position(|other| other == field));
            // With one column less, names may be cut less.
            let mut columns = takes.to_vec();
            for gone in std::iter::once(None).chain(goes.map(Some)) {
                if let Some(width) = gone.and_then(|at| columns.get_mut(at)) {
                    *width = 0;
                }
                widths.columns.clone_from(&columns);
                if widths.squeeze(fields, limit, least) {
                    return widths;
                }
            }
        }
        widths
    }

    /// All columns with what is between them.
    pub(super) fn total(&self, fields: &[Field]) -> usize {
        let shown = self.columns.iter().filter(|width| **width > 0);
        let (count, sum) = shown.fold((0_usize, 0), |(count, sum), width| (count + 1, sum + width));
        let bars = fields.iter().zip(&self.columns).filter(|(field, width)| has_bar(**field) && **width > 0);
        sum + GAP * count.saturating_sub(1) + self.bar * bars.count()
    }

    fn fits(&self, fields: &[Field], limit: usize) -> bool {
        self.total(fields) <= limit
    }

    /// Cuts the widest names, evenly and no further than is needed, until all fits. Nothing is cut when that does not
    /// help, but to the least.
    fn squeeze(&mut self, fields: &[Field], limit: usize, least: usize) -> bool {
        while !self.fits(fields, limit) {
            let widest = fields
                .iter()
                .zip(&mut self.columns)
                .filter_map(|(field, width)| {
                    let least = match field {
                        Field::Resource if least == LEAST[0] => LEAST_RESOURCE,
                        Field::Resource => least + 6,
                        _ if *field < Field::Resource => least,
                        _ => return None,
                    };
                    (*width > least).then_some(width)
                })
                .max_by_key(|width| **width);
            match widest {
                Some(width) => *width -= 1,
                None => return false,
            }
        }
        true
    }
}

/// Whether a terminal shows it as a bar, too.
pub(super) fn has_bar(field: Field) -> bool {
    field == Field::Rate
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [Field; 9] = [
        Field::Cluster,
        Field::Namespace,
        Field::Quota,
        Field::Resource,
        Field::Hard,
        Field::Used,
        Field::Rate,
        Field::Requested,
        Field::Limited,
    ];
    const TAKES: [usize; 9] = [20, 40, 30, 15, 6, 6, 5, 9, 8];

    #[test]
    fn the_least_important_goes_first() {
        let at = |limit| Widths::fit(&FIELDS, &TAKES, Some(limit));
        assert_eq!(at(200).bar, 11);
        assert_eq!(at(170).bar, 6);
        assert_eq!((at(163).bar, &at(163).columns[..]), (0, &TAKES[..]));
        assert_eq!(at(150).columns, [20, 29, 28, 15, 6, 6, 5, 9, 8]);
        assert_eq!(at(115).columns, [18, 18, 17, 15, 6, 6, 5, 9, 0]);
        assert_eq!(at(80).columns, [17, 16, 0, 15, 6, 6, 5, 0, 0]);
        assert_eq!(at(60).columns, [12, 11, 0, 14, 6, 0, 5, 0, 0]);
        assert_eq!(Widths::fit(&FIELDS, &TAKES, None), Widths { columns: TAKES.to_vec(), bar: 0 });
    }

    #[test]
    fn whatever_can_fit_fits() {
        for limit in 44..200 {
            let widths = Widths::fit(&FIELDS, &TAKES, Some(limit));
            assert!(widths.total(&FIELDS) <= limit, "{limit}: {widths:?}");
        }
    }
}
