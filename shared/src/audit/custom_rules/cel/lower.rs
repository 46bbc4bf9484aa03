//! From the parser's tree to [`Node`]: macros are expanded, and every name is resolved or refused.

use kube_cel::cel::common::ast::{
    CallExpr, EntryExpr, Expr, IdedExpr, ListExpr, LiteralValue, SelectExpr, operators,
};
use regex::RegexBuilder;

use super::{
    node::{Global, Node, Operator},
    signatures::{check, is_global, type_named},
};

/// Deepest nesting of an expression.
const DEEPEST: usize = 100;
/// Largest pattern once compiled, in bytes.
const LARGEST_PATTERN: usize = 1 << 20;

/// The names that an expression may use.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Names<'n> {
    /// Names of lists of related objects.
    pub(crate) related: &'n [&'n str],
    /// Names after `variables.` so far.
    pub(crate) variables: &'n [&'n str],
    /// Whether there is a candidate, `it`.
    pub(crate) it: bool,
    /// Whether every object has a pod template: `podSpec`, `podMetadata`.
    pub(crate) pods: bool,
}

/// Words that stand for something in every expression, and so can name nothing else.
pub(crate) const RESERVED: &[&str] =
    &["object", "params", "now", "it", "podSpec", "podMetadata", "variables", "oldObject", "request"];

impl Names<'_> {
    fn find(&self, name: &str) -> Option<Global> {
        Some(match name {
            "object" => Global::Object,
            "params" => Global::Params,
            "now" => Global::Now,
            "it" if self.it => Global::It,
            "podSpec" if self.pods => Global::PodSpec,
            "podMetadata" if self.pods => Global::PodMetadata,
            _ => Global::Related(self.related.iter().position(|known| *known == name)?),
        })
    }

    fn unknown(&self, name: &str) -> String {
        match name {
            "podSpec" | "podMetadata" => format!("{name} is there for the kind Workload alone"),
            "it" => "it is there where related objects are chosen".to_owned(),
            "variables" => "variables are named one by one: variables.NAME".to_owned(),
            "request" | "oldObject" | "authorizer" | "namespaceObject" => {
                format!("there is no {name}: a rule says the same of an object wherever it was read")
            }
            _ => {
                let mut known = vec!["object", "params", "now"];
                known.extend(self.related);
                if self.pods {
                    known.extend(["podSpec", "podMetadata"]);
                }
                if self.it {
                    known.push("it");
                }
                format!("there is no variable {name:?}; there are {}", known.join(", "))
            }
        }
    }
}

/// Resolves an expression.
pub(crate) fn lower(parsed: &IdedExpr, names: &Names<'_>) -> Result<Node, String> {
    Lowering { names, locals: Vec::new(), depth: 0 }.node(parsed)
}

/// An expression on its way.
pub(super) struct Lowering<'n> {
    names: &'n Names<'n>,
    pub(super) locals: Vec<String>,
    depth: usize,
}

impl Lowering<'_> {
    pub(super) fn node(&mut self, parsed: &IdedExpr) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("the expression is nested deeper than {DEEPEST}"));
        }
        let node = match &parsed.expr {
            Expr::Literal(literal) => literal_of(literal),
            Expr::Ident(name) => self.named(name)?,
            Expr::Select(select) => self.select(select, &parsed.expr)?,
            Expr::List(list) => self.list(list)?,
            Expr::Map(map) => {
                let mut entries = Vec::new();
                for entry in &map.entries {
                    let EntryExpr::MapEntry(entry) = &entry.expr else {
                        return Err("a map has keys and values".to_owned());
                    };
                    entries.push((self.node(&entry.key)?, self.node(&entry.value)?, entry.optional));
                }
                Node::Map(entries)
            }
            Expr::Call(call) => self.call(call)?,
            Expr::Struct(made) => return Err(format!("there is no type {:?} to make", made.type_name)),
            Expr::Comprehension(made) => self.expanded(made)?,
            Expr::Unspecified => return Err("it is no expression".to_owned()),
        };
        self.depth -= 1;
        Ok(node)
    }

    fn boxed(&mut self, parsed: &IdedExpr) -> Result<Box<Node>, String> {
        self.node(parsed).map(Box::new)
    }

    fn named(&self, name: &str) -> Result<Node, String> {
        if let Some(at) = self.locals.iter().rposition(|local| local == name) {
            return Ok(Node::Local(at));
        }
        if let Some(global) = self.names.find(name) {
            return Ok(Node::Global(global));
        }
        type_named(name).map(Node::Type).ok_or_else(|| self.names.unknown(name))
    }

    fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|local| local == name)
    }

    fn select(&mut self, select: &SelectExpr, whole: &Expr) -> Result<Node, String> {
        if let Expr::Ident(root) = &select.operand.expr
            && root == "variables"
            && !self.is_local(root)
        {
            if select.test {
                return Err(format!("variables.{} is always there", select.field));
            }
            return self.variable(&select.field);
        }
        if let Some(known) = path(whole).as_deref().and_then(type_named) {
            return Ok(Node::Type(known));
        }
        let of = self.boxed(&select.operand)?;
        let name = select.field.as_str().into();
        Ok(if select.test { Node::Has { of, name } } else { Node::Field { of, name, optional: false } })
    }

    fn variable(&self, name: &str) -> Result<Node, String> {
        let at = self.names.variables.iter().position(|known| *known == name);
        at.map(|at| Node::Global(Global::Variable(at))).ok_or_else(|| {
            let known = self.names.variables.join(", ");
            let known = if known.is_empty() { "none".to_owned() } else { known };
            format!("there is no variables.{name} so far; there are {known}")
        })
    }

    fn list(&mut self, list: &ListExpr) -> Result<Node, String> {
        let mut elements = Vec::new();
        for (at, element) in list.elements.iter().enumerate() {
            elements.push((self.node(element)?, list.optional_indices.contains(&at)));
        }
        Ok(Node::List(elements))
    }

    fn call(&mut self, call: &CallExpr) -> Result<Node, String> {
        let name = call.func_name.as_str();
        if let Some(node) = self.operator(name, &call.args)? {
            return Ok(node);
        }
        let Some(target) = &call.target else {
            return self.global(name, &call.args);
        };
        // `sets.contains(a, b)` is no method of something that is called `sets`.
        if let Some(space) = path(&target.expr)
            && !self.is_local(space.split('.').next().unwrap_or_default())
        {
            let full = format!("{space}.{name}");
            if is_global(&full) {
                return self.global(&full, &call.args);
            }
        }
        if let Some(node) = self.comprehension(name, target, &call.args)? {
            return Ok(node);
        }
        check(name, true, call.args.len())?;
        if name == "matches" {
            return self.matches(target, call.args.first());
        }
        let target = Some(self.boxed(target)?);
        let arguments = call.args.iter().map(|argument| self.node(argument)).collect::<Result<_, _>>()?;
        Ok(Node::Call { name: name.into(), target, arguments })
    }

    fn global(&mut self, name: &str, arguments: &[IdedExpr]) -> Result<Node, String> {
        check(name, false, arguments.len())?;
        if let ("matches", [of, pattern]) = (name, arguments) {
            return self.matches(of, Some(pattern));
        }
        let arguments = arguments.iter().map(|argument| self.node(argument)).collect::<Result<_, _>>()?;
        Ok(Node::Call { name: name.into(), target: None, arguments })
    }

    /// A pattern that is known now is compiled now, once for all objects.
    fn matches(&mut self, of: &IdedExpr, pattern: Option<&IdedExpr>) -> Result<Node, String> {
        let pattern = pattern.ok_or("matches takes a pattern")?;
        let of = self.boxed(of)?;
        let pattern = self.node(pattern)?;
        if let Node::Text(text) = &pattern {
            let pattern = compile(text)?;
            return Ok(Node::Matches { of, pattern });
        }
        Ok(Node::Call { name: "matches".into(), target: Some(of), arguments: vec![pattern] })
    }

    fn operator(&mut self, name: &str, arguments: &[IdedExpr]) -> Result<Option<Node>, String> {
        let binary = match name {
            operators::ADD => Some(Operator::Add),
            operators::SUBSTRACT => Some(Operator::Subtract),
            operators::MULTIPLY => Some(Operator::Multiply),
            operators::DIVIDE => Some(Operator::Divide),
            operators::MODULO => Some(Operator::Modulo),
            operators::EQUALS => Some(Operator::Equal),
            operators::NOT_EQUALS => Some(Operator::NotEqual),
            operators::LESS => Some(Operator::Less),
            operators::LESS_EQUALS => Some(Operator::LessOrEqual),
            operators::GREATER => Some(Operator::Greater),
            operators::GREATER_EQUALS => Some(Operator::GreaterOrEqual),
            operators::IN => Some(Operator::In),
            _ => None,
        };
        Ok(Some(match (binary, arguments) {
            (Some(operator), [one, other]) => {
                Node::Binary(operator, Box::new((self.node(one)?, self.node(other)?)))
            }
            (None, [one, other]) if name == operators::LOGICAL_AND => {
                Node::And(Box::new((self.node(one)?, self.node(other)?)))
            }
            (None, [one, other]) if name == operators::LOGICAL_OR => {
                Node::Or(Box::new((self.node(one)?, self.node(other)?)))
            }
            (None, [of]) if name == operators::LOGICAL_NOT => Node::Not(self.boxed(of)?),
            (None, [of]) if name == operators::NEGATE => match self.node(of)? {
                Node::Int(it) => Node::Int(it.checked_neg().ok_or("the number is too large")?),
                Node::Double(it) => Node::Double(-it),
                node => Node::Negate(Box::new(node)),
            },
            (None, [condition, then, otherwise]) if name == operators::CONDITIONAL => {
                Node::If(Box::new((self.node(condition)?, self.node(then)?, self.node(otherwise)?)))
            }
            (None, [of, at]) if name == operators::INDEX => {
                Node::Index { of: self.boxed(of)?, at: self.boxed(at)?, optional: false }
            }
            (None, [of, at]) if name == operators::OPT_INDEX => {
                Node::Index { of: self.boxed(of)?, at: self.boxed(at)?, optional: true }
            }
            (None, [of, field]) if name == operators::OPT_SELECT => {
                let Expr::Literal(LiteralValue::String(name)) = &field.expr else {
                    return Err("expected the name of a field after .?".to_owned());
                };
                Node::Field { of: self.boxed(of)?, name: name.inner().into(), optional: true }
            }
            _ => return Ok(None),
        }))
    }
}

/// Compiles a pattern, within bounds.
pub(super) fn compile(pattern: &str) -> Result<regex::Regex, String> {
    let built =
        RegexBuilder::new(pattern).size_limit(LARGEST_PATTERN).dfa_size_limit(LARGEST_PATTERN).build();
    built.map_err(|error| {
        let text = error.to_string();
        let why = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
        format!("{pattern:?} is no pattern: {why}")
    })
}

fn literal_of(literal: &LiteralValue) -> Node {
    match literal {
        LiteralValue::Boolean(it) => Node::Bool(*it.inner()),
        LiteralValue::Bytes(it) => Node::Bytes(it.inner().into()),
        LiteralValue::Double(it) => Node::Double(*it.inner()),
        LiteralValue::Int(it) => Node::Int(*it.inner()),
        LiteralValue::Null => Node::Null,
        LiteralValue::String(it) => Node::Text(it.inner().into()),
        LiteralValue::UInt(it) => Node::Uint(*it.inner()),
    }
}

/// The name that fields of names make up: `google.protobuf.Timestamp`.
fn path(expr: &Expr) -> Option<String> {
    let mut parts = Vec::new();
    let mut at = expr;
    loop {
        match at {
            Expr::Ident(name) => {
                parts.push(name.as_str());
                parts.reverse();
                return Some(parts.join("."));
            }
            Expr::Select(select) if !select.test => {
                parts.push(&select.field);
                at = &select.operand.expr;
            }
            _ => return None,
        }
    }
}
