//! kubectl's grammar of resource arguments: `TYPE`, `TYPE NAME…`, `TYPE1,TYPE2 NAME…`, `TYPE/NAME…`.
//!
//! Refusals read as those of cli-runtime's `resource.Builder`. Which type a name means is for
//! [`Discovery`](crate::model::discovery::Discovery) to say.

/// What the arguments ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Roots {
    /// Nothing in particular: the namespace, or with `-A` the cluster.
    All,
    /// Every object of these types, or those that `selector` picks. A category may stand for types.
    Types {
        /// The types as they were written, each once.
        types: Vec<String>,
        /// A label selector.
        selector: Option<String>,
    },
    /// Single objects.
    Objects(Vec<ObjectArg>),
}

/// One object that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectArg {
    /// Its type as it was written; a category is none.
    pub resource: String,
    /// Its name.
    pub name: String,
}

/// Arguments that kubectl refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArgsError {
    /// `pods/a b`
    #[error(
        "there is no need to specify a resource type as a separate argument when passing arguments in resource/name \
         form (e.g. '{0} resource/<resource_name>' instead of '{0} resource resource/<resource_name>'"
    )]
    Mixed(String),
    /// `pods/a/b`
    #[error("arguments in resource/name form may not have more than one slash")]
    Slashes,
    /// `pods/`, `pods,deploy/a`
    #[error("arguments in resource/name form must have a single resource and name")]
    Incomplete,
    /// `pods a -l app=web`
    #[error("name cannot be provided when a selector is specified")]
    NameAndSelector,
    /// `pods/a -l app=web`
    #[error("selectors and the all flag cannot be used when passing resource/name arguments")]
    ObjectAndSelector,
    /// `-l app=web` alone
    #[error("at least one resource must be specified to use a selector")]
    SelectorAlone,
    /// `pods a -A`
    #[error("a resource cannot be retrieved by name across all namespaces")]
    NameEverywhere,
}

/// Reads the arguments; `command` is how the user calls the program (`kubectl graph`), for the message that shows how.
pub fn parse(args: &[String], selector: Option<&str>, command: &str) -> Result<Roots, ArgsError> {
    let selector = selector.filter(|selector| !selector.is_empty()).map(str::to_owned);
    let args = spread(args);
    let slashes = args.iter().filter(|arg| arg.contains('/')).count();
    if slashes > 0 {
        if slashes < args.len() {
            return Err(ArgsError::Mixed(command.to_owned()));
        }
        let objects = args.iter().map(|arg| object(arg)).collect::<Result<Vec<_>, _>>()?;
        return if selector.is_some() {
            Err(ArgsError::ObjectAndSelector)
        } else {
            Ok(Roots::Objects(objects))
        };
    }
    match args.split_first() {
        None if selector.is_some() => Err(ArgsError::SelectorAlone),
        None => Ok(Roots::All),
        Some((types, [])) => Ok(Roots::Types { types: split(types), selector }),
        Some(_) if selector.is_some() => Err(ArgsError::NameAndSelector),
        Some((resource, names)) => Ok(Roots::Objects(
            names.iter().map(|name| ObjectArg { resource: resource.clone(), name: name.clone() }).collect(),
        )),
    }
}

impl Roots {
    /// Refuses names without a namespace; whether a type has namespaces, which makes the difference, the caller knows.
    pub fn refuse_names_everywhere(&self, is_namespaced: impl Fn(&str) -> bool) -> Result<(), ArgsError> {
        match self {
            Self::Objects(objects) if objects.iter().any(|object| is_namespaced(&object.resource)) => {
                Err(ArgsError::NameEverywhere)
            }
            _ => Ok(()),
        }
    }
}

/// `a,b c d` as `a/c a/d b/c b/d`; anything else as it is.
fn spread(args: &[String]) -> Vec<String> {
    if let [types, names @ ..] = args
        && !names.is_empty()
    {
        let types = split(types);
        if types.len() > 1 {
            return types
                .iter()
                .flat_map(|kind| names.iter().map(move |name| format!("{kind}/{name}")))
                .collect();
        }
    }
    args.to_vec()
}

/// A comma list, each entry once. Empty entries stay: they are types that no server has.
fn split(list: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for entry in list.split(',') {
        if !entries.iter().any(|known| known == entry) {
            entries.push(entry.to_owned());
        }
    }
    entries
}

fn object(arg: &str) -> Result<ObjectArg, ArgsError> {
    let (resource, name) = arg.split_once('/').ok_or(ArgsError::Incomplete)?;
    if name.contains('/') {
        return Err(ArgsError::Slashes);
    }
    if resource.is_empty() || name.is_empty() || split(resource).len() != 1 {
        return Err(ArgsError::Incomplete);
    }
    Ok(ObjectArg { resource: resource.to_owned(), name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, selector: Option<&str>) -> Result<Roots, String> {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&args, selector, "kubectl get").map_err(|error| error.to_string())
    }

    fn objects(pairs: &[(&str, &str)]) -> Roots {
        let object =
            |&(resource, name): &(&str, &str)| ObjectArg { resource: resource.into(), name: name.into() };
        Roots::Objects(pairs.iter().map(object).collect())
    }

    fn types(types: &[&str], selector: Option<&str>) -> Roots {
        let types = types.iter().map(ToString::to_string).collect();
        Roots::Types { types, selector: selector.map(str::to_owned) }
    }

    #[test]
    fn forms() {
        assert_eq!(read("", None), Ok(Roots::All));
        assert_eq!(read("pods", None), Ok(types(&["pods"], None)));
        assert_eq!(read("pods,deploy,pods", Some("a=b")), Ok(types(&["pods", "deploy"], Some("a=b"))));
        assert_eq!(read("pods a b", None), Ok(objects(&[("pods", "a"), ("pods", "b")])));
        assert_eq!(read("po,svc a", None), Ok(objects(&[("po", "a"), ("svc", "a")])));
        assert_eq!(read("deploy/a svc/b", None), Ok(objects(&[("deploy", "a"), ("svc", "b")])));
        assert_eq!(read("deployments.v1.apps/a", Some("")), Ok(objects(&[("deployments.v1.apps", "a")])));
    }

    #[test]
    fn refusals_are_kubectls() {
        // Each was checked with `kubectl get ARGS`.
        for (line, selector, expected) in [
            (
                "pods/a b",
                None,
                "there is no need to specify a resource type as a separate argument when passing arguments in \
                 resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource \
                 resource/<resource_name>'",
            ),
            ("pods/a/b", None, "arguments in resource/name form may not have more than one slash"),
            ("pods/", None, "arguments in resource/name form must have a single resource and name"),
            ("/a", None, "arguments in resource/name form must have a single resource and name"),
            ("pods,svc/a", None, "arguments in resource/name form must have a single resource and name"),
            ("pods a", Some("x=y"), "name cannot be provided when a selector is specified"),
            (
                "pods/a",
                Some("x=y"),
                "selectors and the all flag cannot be used when passing resource/name arguments",
            ),
            ("", Some("x=y"), "at least one resource must be specified to use a selector"),
        ] {
            assert_eq!(read(line, selector), Err(expected.to_owned()), "{line}");
        }
    }

    #[test]
    fn names_need_a_namespace() {
        let roots = read("pods a", None).unwrap();
        assert_eq!(roots.refuse_names_everywhere(|_| true), Err(ArgsError::NameEverywhere));
        assert_eq!(roots.refuse_names_everywhere(|_| false), Ok(()));
    }
}
