/// Objects, and exactly the edges of the family's types that must come of them.
///
/// The objects include near-misses: an empty selector, the same name in another namespace or group, an owner of
/// another uid. Every case runs twice: from its YAML, and through a real API server.
pub struct Case {
    /// What it shows, as a sentence.
    pub name: &'static str,
    /// The objects, as YAML documents. Namespaces are made as needed.
    pub objects: &'static str,
    /// Every edge of the family's types from these objects, as `source edge target`, ids as everywhere; any order.
    /// `?` after the edge type marks an optional one; `!` after the target one that does not exist.
    pub edges: &'static [&'static str],
}
