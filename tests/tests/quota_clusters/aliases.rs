//! Contexts that lead to one cluster.

use std::cell::RefCell;

use passmuster::cluster::{
    Error,
    fleet::{Member, Which},
};
use passmuster_tests::{Kubeconfig, kubeconfig::User};

use crate::world::{DEADLINE, ask, elsewhere, may_list, told, world};

/// Contexts `a` to `d` of the strict cluster: two users who may nothing, two administrators, each by two addresses.
fn contexts() -> Kubeconfig {
    let plane = &world().strict;
    Kubeconfig::new()
        .cluster("one", &plane.cluster())
        .cluster("two", &elsewhere(plane))
        .user("nobody", &plane.user("nobody", None).unwrap())
        .user("nemo", &plane.user("nemo", None).unwrap())
        .user("admin", &plane.admin())
        .user("unknown", &User::token("wrong"))
        .context("a", "one", "nobody", None)
        .context("b", "two", "admin", None)
        .context("c", "one", "admin", None)
        .context("d", "one", "nemo", None)
        .context("e", "one", "unknown", None)
}

fn of(names: &[&str]) -> Which {
    Which::Contexts(names.iter().map(ToString::to_string).collect())
}

/// What came of asking these contexts, and which were asked.
fn asked(current: &str, names: &[&str]) -> (Vec<String>, Vec<String>) {
    let config = world().write(&contexts().current(current));
    let seen = RefCell::new(Vec::new());
    let question = async |member: Member| {
        seen.borrow_mut().push(member.context.clone());
        may_list(member).await
    };
    let asked = ask(&config, &of(names), Some(DEADLINE), question).unwrap();
    (told(&asked), seen.into_inner())
}

#[test]
fn the_first_by_name_asks_unless_another_is_the_current_one() {
    assert_eq!(asked("", &["b", "c"]), (vec!["b also c: ok".to_owned()], vec!["b".to_owned()]));
    assert_eq!(asked("c", &["b", "c"]), (vec!["c also b: ok".to_owned()], vec!["c".to_owned()]));
    // The current one is not asked when it is not among them.
    assert_eq!(asked("a", &["c", "b"]), (vec!["b also c: ok".to_owned()], vec!["b".to_owned()]));
    assert_eq!(asked("", &["c", "c"]), (vec!["c: ok".to_owned()], vec!["c".to_owned()]));
}

#[test]
fn another_is_tried_before_the_cluster_is_given_up() {
    // Forbidden, and known to be the same by its address alone.
    assert_eq!(
        asked("a", &["a", "c"]),
        (vec!["c also a: ok".to_owned()], vec!["a".to_owned(), "c".to_owned()])
    );
    // Not even known to the server.
    assert_eq!(asked("e", &["c", "e"]), (vec!["c also e: ok".to_owned()], vec!["c".to_owned()]));
    assert_eq!(
        asked("a", &["a", "b", "c", "d", "e"]).0,
        ["b also a,c,d,e: ok"],
        "the uid ties b to c, and the address c to the others"
    );
}

#[test]
fn a_cluster_that_nobody_may_ask_is_one_error_the_preferred_ones() {
    let forbidden = |user: &str| {
        format!(
            "Error from server (Forbidden): pods is forbidden: User \"{user}\" cannot list resource \"pods\" in API group \
             \"\" at the cluster scope"
        )
    };
    assert_eq!(asked("", &["a", "d"]).0, [format!("a also d: {}", forbidden("nobody"))]);
    assert_eq!(asked("d", &["a", "d"]).0, [format!("d also a: {}", forbidden("nemo"))]);
}

#[test]
fn a_failure_that_is_not_the_rights_is_tried_with_the_other_too() {
    let config = world().write(&contexts());
    let question = async |member: Member| {
        if member.context == "b" { Err(Error::Unreachable("EOF".into())) } else { may_list(member).await }
    };
    let asked = ask(&config, &of(&["b", "c"]), Some(DEADLINE), question).unwrap();
    assert_eq!(told(&asked), ["c also b: ok"]);
}
