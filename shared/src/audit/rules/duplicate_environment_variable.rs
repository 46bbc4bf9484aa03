use std::collections::BTreeMap;

use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container sets an environment variable twice.
    ///
    /// ## Why it matters
    ///
    /// The last one wins, silently: whoever reads or changes the first changes nothing. Server-side apply merges such
    /// lists by name and may keep either.
    ///
    /// ## Remediation
    ///
    /// Keep the one that is meant.
    severity: Medium,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail("twice, at the second", pod!("containers: [{name: a, image: x, env: [{name: LEVEL, value: info}, {name: PORT, value: '80'}, {name: LEVEL, value: debug}]}]"), &["Pod/shop/p [a] spec.containers[0].env[2]: LEVEL is set before, at env[0]"]),
        Case::pass("in two containers, and in another case", pod!("containers: [{name: a, image: x, env: [{name: LEVEL, value: info}, {name: level, value: info}]}, {name: b, image: x, env: [{name: LEVEL, value: debug}]}]")),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in pods.containers() {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, variable) in container.get().env.iter().enumerate() {
            let before = *first.entry(&variable.name).or_insert(index);
            if before != index {
                let message = format!("{} is set before, at env[{before}]", variable.name);
                out.fail_in(&container, &format!("env[{index}]"), message);
            }
        }
    }
    Ok(())
}
