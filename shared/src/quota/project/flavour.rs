use serde_json::Value;

use super::{At, FieldError, Project, own};
use crate::{
    model::{Kind, ObjectKey, ObjectMeta},
    quota::Amounts,
};

include!(concat!(env!("OUT_DIR"), "/flavours.rs"));

/// A product whose objects are quotas of projects: what one file in `flavours/` declares.
pub struct Flavour {
    /// As `import --from` takes it.
    pub name: &'static str,
    /// As people call it.
    pub title: &'static str,
    /// The kinds that it reads. No kind is read by two flavours.
    pub readers: &'static [KindReader],
    /// What tells the project of a namespace where the product's objects are not served.
    pub marks: &'static [Mark],
    /// What a namespace itself says that it is given of its project's quota, where the product writes that there.
    pub given: Option<Given>,
}

/// Where a namespace says what it is given.
pub struct Given {
    /// The annotation.
    pub annotation: &'static str,
    /// What it says.
    pub read: fn(&str) -> Result<Amounts, FieldError>,
}

/// How objects of a kind are read.
pub struct KindReader {
    /// The kind.
    pub kind: Kind,
    /// The quotas in an object: none, one, or one for each set of scopes.
    pub read: fn(&Found<'_>) -> Result<Vec<Project>, FieldError>,
}

/// A label or annotation of a namespace that names its project.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// Label or annotation.
    pub on: MarkOn,
    /// Its key.
    pub key: &'static str,
    /// The project's name in its value; `None` when there is none in it.
    pub project: fn(&str) -> Option<&str>,
}

/// Where a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkOn {
    /// On a label.
    Label,
    /// On an annotation.
    Annotation,
}

/// An object of a kind that a flavour reads.
pub struct Found<'a> {
    /// Its root.
    pub object: At<'a>,
    /// What it is.
    pub key: ObjectKey,
    /// The flavour's name.
    pub flavour: &'static str,
}

impl<'a> Found<'a> {
    /// A project that the object tells of.
    pub fn project(&self, name: impl Into<String>) -> Project {
        Project::new(name, self.flavour, self.key.clone())
    }

    /// A place in the object.
    pub fn at(&self, fields: &[&str]) -> Result<At<'a>, FieldError> {
        self.object.fields(fields)
    }
}

impl Mark {
    /// The project that a namespace is marked with.
    pub fn of<'a>(&self, namespace: &'a ObjectMeta) -> Option<&'a str> {
        let marks = match self.on {
            MarkOn::Label => &namespace.labels,
            MarkOn::Annotation => &namespace.annotations,
        };
        marks.get(self.key).and_then(|value| (self.project)(value)).filter(|project| !project.is_empty())
    }
}

/// Every product, our own first: in this order they are believed.
pub fn flavours() -> impl Iterator<Item = &'static Flavour> {
    std::iter::once(&own::FLAVOUR).chain(FLAVOURS.iter().copied())
}

/// The product of this name.
pub fn flavour(name: &str) -> Option<&'static Flavour> {
    flavours().find(|flavour| flavour.name == name)
}

/// How objects of a kind are read, and by which product.
pub fn reader(group: &str, kind: &str) -> Option<(&'static Flavour, &'static KindReader)> {
    flavours().find_map(|flavour| {
        let reader = flavour.readers.iter().find(|reader| reader.kind.is(group, kind))?;
        Some((flavour, reader))
    })
}

/// Reads an object of a kind that a flavour reads.
pub fn read(flavour: &Flavour, reader: &KindReader, object: &Value) -> Result<Vec<Project>, FieldError> {
    let root = At::root(object);
    let metadata = root.field("metadata")?;
    let text = |name| metadata.field(name).and_then(|at| Ok(at.some_text()?.unwrap_or_default()));
    let key = ObjectKey::new(
        reader.kind.group,
        reader.kind.kind,
        text("namespace")?,
        metadata.field("name")?.required()?,
    );
    (reader.read)(&Found { object: root, key, flavour: flavour.name })
}
