use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A preStop hook sleeps as long as the whole grace period, or longer.
    ///
    /// ## Why it matters
    ///
    /// The grace period counts from before the hook: when the container at last gets its signal, it is killed, so that it
    /// can't end its requests.
    ///
    /// ## Remediation
    ///
    /// Set `terminationGracePeriodSeconds` to the seconds of the hook plus those that the container needs to end.
    severity: Low,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "asleep for the default of 30 s, in three ways",
            pod!("containers: [{name: a, image: x, lifecycle: {preStop: {sleep: {seconds: 30}}}}, {name: b, image: x, lifecycle: {preStop: {exec: {command: [sleep, '45']}}}}, {name: c, image: x, lifecycle: {preStop: {exec: {command: [/bin/sh, -c, sleep 60]}}}}]"),
            &[
                "Pod/shop/p [a] spec.containers[0].lifecycle.preStop.sleep: sleeps 30 s of a grace period of 30 s",
                "Pod/shop/p [b] spec.containers[1].lifecycle.preStop.exec: sleeps 45 s of a grace period of 30 s",
                "Pod/shop/p [c] spec.containers[2].lifecycle.preStop.exec: sleeps 60 s of a grace period of 30 s",
            ],
        ),
        Case::pass("time is left, and a hook that does something", pod!("terminationGracePeriodSeconds: 60, containers: [{name: a, image: x, lifecycle: {preStop: {sleep: {seconds: 30}}}}, {name: b, image: x, lifecycle: {preStop: {exec: {command: [nginx, -s, quit]}}}}, {name: c, image: x, lifecycle: {preStop: {exec: {command: [sh, -c, sleep 5 && quit]}}}}]")),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let grace = pods.spec.termination_grace_period_seconds.unwrap_or(30);
    for container in pods.running_containers() {
        let Some(hook) = container.get().lifecycle.as_ref().and_then(|lifecycle| lifecycle.pre_stop.as_ref())
        else {
            continue;
        };
        let slept = match (&hook.sleep, &hook.exec) {
            (Some(sleep), _) => Some((sleep.seconds, "sleep")),
            (None, Some(exec)) => asleep(&exec.command).map(|seconds| (seconds, "exec")),
            (None, None) => None,
        };
        if let Some((seconds, how)) = slept.filter(|(seconds, _)| *seconds > 0 && *seconds >= grace) {
            let message = format!("sleeps {seconds} s of a grace period of {grace} s");
            out.fail_in(&container, &format!("lifecycle.preStop.{how}"), message);
        }
    }
    Ok(())
}

/// Seconds of `sleep N`, with a shell or without.
fn asleep(command: &[String]) -> Option<i64> {
    let words: Vec<&str> = command.iter().flat_map(|word| word.split_whitespace()).collect();
    let words = match words.as_slice() {
        [_, "-c" | "-ec" | "-lc", rest @ ..] => rest,
        all => all,
    };
    match words {
        ["sleep" | "/bin/sleep" | "/usr/bin/sleep", seconds, ..] => {
            seconds.trim_end_matches([';', 's']).parse().ok()
        }
        _ => None,
    }
}
