//! Macros: those that the parser has expanded, and those that it does not know.

use kube_cel::cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, ListExpr, operators};

use super::{
    lower::Lowering,
    node::{Fold, FoldKind, Node},
};

impl Lowering<'_> {
    /// A macro that the parser has expanded: what it was is seen by the step of its loop.
    pub(super) fn expanded(&mut self, made: &ComprehensionExpr) -> Result<Node, String> {
        let unknown = || "it is no expression".to_owned();
        let range = self.node(&made.iter_range)?;
        let is_result =
            |parsed: &IdedExpr| matches!(&parsed.expr, Expr::Ident(name) if *name == made.accu_var);
        // What is added to the result: an item of a list, or one to a count.
        let added = |step: &'_ IdedExpr| match &step.expr {
            Expr::Call(call) if call.func_name == operators::ADD => match &call.args[..] {
                [result, added] if is_result(result) => Some(added.clone()),
                _ => None,
            },
            _ => None,
        };
        let Expr::Call(step) = &made.loop_step.expr else {
            return Err(unknown());
        };
        let outer = self.locals.len();
        self.locals.push(made.iter_var.clone());
        let kind = match (step.func_name.as_str(), &step.args[..]) {
            (operators::LOGICAL_AND, [result, test]) if is_result(result) => FoldKind::All(self.node(test)?),
            (operators::LOGICAL_OR, [result, test]) if is_result(result) => {
                FoldKind::Exists(self.node(test)?)
            }
            (operators::CONDITIONAL, [test, then, otherwise]) if is_result(otherwise) => {
                let test = self.node(test)?;
                match added(then).ok_or_else(unknown)?.expr {
                    Expr::List(list) => FoldKind::List { filter: Some(test), each: self.only(&list)? },
                    _ => FoldKind::One(test),
                }
            }
            _ => match added(&made.loop_step).ok_or_else(unknown)?.expr {
                Expr::List(list) => FoldKind::List { filter: None, each: self.only(&list)? },
                _ => return Err(unknown()),
            },
        };
        self.locals.truncate(outer);
        Ok(Node::Fold(Box::new(Fold { range, two: false, kind })))
    }

    fn only(&mut self, list: &ListExpr) -> Result<Node, String> {
        match &list.elements[..] {
            [only] => self.node(only),
            _ => Err("it is no expression".to_owned()),
        }
    }

    /// The macros that bind variables and that the parser does not know.
    pub(super) fn comprehension(
        &mut self,
        name: &str,
        target: &IdedExpr,
        arguments: &[IdedExpr],
    ) -> Result<Option<Node>, String> {
        let two = match (name, arguments.len()) {
            ("sortBy" | "optMap" | "optFlatMap", 2) => false,
            ("all" | "exists" | "existsOne", 3)
            | ("transformList" | "transformMap" | "transformMapEntry", 3 | 4) => true,
            _ => return Ok(None),
        };
        let range = self.node(target)?;
        let (bound, rest) = arguments.split_at(if two { 2 } else { 1 });
        let mut added = Vec::new();
        for argument in bound {
            let Expr::Ident(local) = &argument.expr else {
                return Err(format!("{name}() takes the name of a variable first"));
            };
            if added.contains(local) {
                return Err(format!("{name}() takes two names that differ"));
            }
            added.push(local.clone());
        }
        let outer = self.locals.len();
        self.locals.extend(added);
        let mut inner = rest.iter().map(|argument| self.node(argument)).collect::<Result<Vec<_>, _>>()?;
        self.locals.truncate(outer);
        let last = inner.pop().ok_or("the expression is missing")?;
        let filter = inner.pop();
        let kind = match name {
            "all" => FoldKind::All(last),
            "exists" => FoldKind::Exists(last),
            "existsOne" => FoldKind::One(last),
            "transformList" => FoldKind::List { filter, each: last },
            "transformMap" => FoldKind::Map { filter, each: last },
            "transformMapEntry" => FoldKind::Entries { filter, each: last },
            "sortBy" => FoldKind::SortBy(last),
            _ => return Ok(Some(Node::OptionalMap(Box::new((range, last, name == "optFlatMap"))))),
        };
        Ok(Some(Node::Fold(Box::new(Fold { range, two, kind }))))
    }
}
