//! Functions of kube-cel: of strings, URLs, addresses, versions and formats.

use std::{fmt, rc::Rc, sync::Arc};

use kube_cel::{
    KubeCelExt as _,
    cel::{
        Context, Value as Theirs,
        common::ast::{CallExpr, Expr, IdedExpr},
        objects::{Opaque, OptionalValue},
    },
};

use super::{
    error::Error,
    machine::Machine,
    value::{Text, Value},
};

/// A value that only a library's functions know.
#[derive(Clone)]
pub(crate) struct Foreign(Arc<dyn Opaque>);

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.runtime_type_name())
    }
}

impl Foreign {
    pub(super) fn equals(&self, other: &Self) -> bool {
        self.0.opaque_eq(&*other.0)
    }
}

thread_local! {
    /// The functions, registered once.
    static FUNCTIONS: Context<'static> = Context::empty().with_all();
}

/// Names of the arguments of a call.
const ARGUMENTS: [&str; 4] = ["a0", "a1", "a2", "a3"];

/// Calls a function of a library.
pub(super) fn call<'v>(
    machine: &mut Machine<'_, 'v>,
    name: &str,
    target: Option<&Value<'v>>,
    arguments: &[Value<'v>],
) -> Result<Value<'v>, Error> {
    // Every argument is copied and looked at; what comes of it is bounded before it is made.
    for value in target.into_iter().chain(arguments) {
        machine.charge_for(value)?;
    }
    machine.charge(8 + growth(name, target, arguments) / 16)?;
    FUNCTIONS.with(|functions| {
        let mut scope = functions.new_inner_scope();
        let mut named = Vec::new();
        for (value, at) in target.into_iter().chain(arguments).zip(ARGUMENTS) {
            scope.add_variable_from_value(at, theirs(value)?);
            named.push(IdedExpr { id: 0, expr: Expr::Ident(at.to_owned()) });
        }
        let receiver = target.is_some().then(|| Box::new(named.remove(0)));
        let call = CallExpr { func_name: name.to_owned(), target: receiver, args: named };
        let call = IdedExpr { id: 0, expr: Expr::Call(call) };
        match scope.resolve(&call) {
            Ok(value) => ours(value),
            Err(error) => Err(Error::new(error.to_string())),
        }
    })
}

/// How long a text may become, in bytes.
fn growth(name: &str, target: Option<&Value<'_>>, arguments: &[Value<'_>]) -> u64 {
    let length = |value: Option<&Value<'_>>| match value {
        Some(Value::Text(text)) => text.len() as u64,
        _ => 0,
    };
    match (name, target) {
        ("replace", _) => (length(target) + 1).saturating_mul(length(arguments.get(1))),
        ("join", Some(Value::List(list))) => (list.len() as u64).saturating_mul(length(arguments.first())),
        _ => length(target),
    }
}

fn theirs(value: &Value<'_>) -> Result<Theirs, Error> {
    Ok(match value {
        Value::Null => Theirs::Null,
        Value::Bool(it) => Theirs::Bool(*it),
        Value::Int(it) => Theirs::Int(*it),
        Value::Uint(it) => Theirs::UInt(*it),
        Value::Double(it) => Theirs::Float(*it),
        Value::Text(text) => Theirs::String(Arc::new(text.as_str().to_owned())),
        Value::List(list) => {
            let items = list.to_vec().iter().map(theirs).collect::<Result<Vec<_>, _>>()?;
            Theirs::List(Arc::new(items))
        }
        Value::Foreign(Foreign(opaque)) => Theirs::Opaque(Arc::clone(opaque)),
        _ => return Err(Error::no_such_overload()),
    })
}

fn ours<'v>(value: Theirs) -> Result<Value<'v>, Error> {
    Ok(match value {
        Theirs::Null => Value::Null,
        Theirs::Bool(it) => Value::Bool(it),
        Theirs::Int(it) => Value::Int(it),
        Theirs::UInt(it) => Value::Uint(it),
        Theirs::Float(it) => Value::Double(it),
        Theirs::String(text) => Value::Text(Text::Shared(Rc::from(text.as_str()))),
        Theirs::List(items) => Value::list(items.iter().cloned().map(ours).collect::<Result<Vec<_>, _>>()?),
        Theirs::Map(map) => {
            let mut entries = std::collections::BTreeMap::new();
            // Sorted by their keys in ours.
            #[expect(clippy::iter_over_hash_type, reason = "the map that it becomes is sorted")]
            for (key, value) in map.map.iter() {
                let key = super::value::Key::of(&ours(Theirs::from(key))?);
                entries.insert(key.ok_or_else(Error::no_such_overload)?, ours(value.clone())?);
            }
            Value::Map(super::value::Map::Shared(Rc::new(entries)))
        }
        Theirs::Opaque(opaque) => match opaque.downcast_ref::<OptionalValue>() {
            Some(optional) => match optional.value() {
                Some(inner) => Value::some(ours(inner.clone())?),
                None => Value::Optional(None),
            },
            None => Value::Foreign(Foreign(opaque)),
        },
        _ => return Err(Error::no_such_overload()),
    })
}
