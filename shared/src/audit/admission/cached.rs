use super::Subject;
use crate::audit::{
    context::Context, engine::find_in, finding::Finding, rule_set::Rules, settings::Settings, world::World,
};

/// One for each of the settings, in their order.
type Contexts<'w> = Vec<Context<'w>>;

self_cell::self_cell!(
    struct Cell {
        owner: (World, Vec<Settings>),
        #[not_covariant]
        dependent: Contexts,
    }
);

/// What is cached of a cluster at one moment, with indexes that are made when first asked for: one for many requests.
pub struct Cached(Cell);

impl std::fmt::Debug for Cached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cached").field("objects", &self.0.borrow_owner().0.len()).finish()
    }
}

impl Cached {
    /// These objects, for rules that are run with each of these settings.
    pub fn new(objects: World, settings: Vec<Settings>) -> Self {
        Self(Cell::new((objects, settings), |(world, settings)| {
            settings.iter().map(|settings| Context::new(world, settings)).collect()
        }))
    }

    /// The objects.
    pub fn objects(&self) -> &World {
        &self.0.borrow_owner().0
    }

    /// Judges one object by these rules, which are about its kind (see [`Admitted::of`](super::Admitted::of)), with the
    /// settings at this place. The findings are those that `kubectl audit` has for the object, in the same order.
    pub fn judge(&self, settings: usize, rules: &Rules, subject: &Subject) -> Vec<Finding> {
        self.0.with_dependent(|(world, all), contexts| {
            let (Some(cx), Some(settings)) = (contexts.get(settings), all.get(settings)) else {
                return Vec::new();
            };
            let subjects = Context::new(&subject.world, settings);
            if rules.entries().iter().any(|entry| subject.is_compared_by(entry)) {
                // As if it were stored already. Costs the copying of an index, not of objects.
                let world = world.with(&subject.world);
                return find_in(&subjects, &Context::new(&world, settings), rules);
            }
            find_in(&subjects, cx, rules)
        })
    }
}
