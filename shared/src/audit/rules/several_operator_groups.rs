use crate::{
    audit::{
        case::Case,
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    model::{ObjectKey, kinds},
};

rule! {
    /// A namespace has more than one operator group.
    ///
    /// ## Why it matters
    ///
    /// OLM then knows for no operator of the namespace where it may work, and all of them fail with
    /// `TooManyOperatorGroups`.
    ///
    /// ## Remediation
    ///
    /// Keep the group that the operators need, and delete the others.
    severity: High,
    category: Operators,
    admission: Never,
    needs: Objects,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::OPERATOR_GROUP, check)],
    cases: [
        Case::pass(
            "one in each namespace",
            "{apiVersion: operators.coreos.com/v1, kind: OperatorGroup, metadata: {name: g, namespace: one}}\n---\n{apiVersion: operators.coreos.com/v1, kind: OperatorGroup, metadata: {name: g, namespace: two}}",
        ).in_files_only(),
        Case::fail(
            "two in one, told once",
            "{apiVersion: operators.coreos.com/v1, kind: OperatorGroup, metadata: {name: b, namespace: ops}}\n---\n{apiVersion: operators.coreos.com/v1, kind: OperatorGroup, metadata: {name: a, namespace: ops}}",
            &["OperatorGroup.operators.coreos.com/ops/a 2 operator groups in namespace ops: a, b"],
        ).in_files_only(),
    ],
}

fn check(key: &ObjectKey, _: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    // Sorted: those of one namespace stand together, and the first of them tells.
    let here =
        cx.custom(kinds::OPERATOR_GROUP)?.map(|(key, _)| key).filter(|it| it.namespace == key.namespace);
    let names: Vec<&str> = here.map(|key| &*key.name).collect();
    if names.len() > 1 && names.first() == Some(&&*key.name) {
        let (count, all) = (names.len(), names.join(", "));
        out.fail("", format!("{count} operator groups in namespace {}: {all}", key.namespace));
    }
    Ok(())
}
