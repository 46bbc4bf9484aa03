//! Clusters that don't answer.

use std::{net::TcpListener, time::Duration};

use passmuster::cli::block_on;
use passmuster::cluster::{
    ConnectOptions, Env, Error,
    fleet::{self, Which},
};
use passmuster_tests::{
    Kubeconfig, Plugin,
    kubeconfig::{Cluster, User},
};

use crate::world::{DEADLINE, ask, closed_port, may_list, told, world};

#[test]
fn the_living_answer_and_the_dead_are_told() {
    let config = world().contexts();
    let asked = ask(&world().write(&config), &Which::All, Some(DEADLINE), may_list).unwrap();
    let mut told = told(&asked);
    let refused = told.iter_mut().find(|line| line.starts_with("nowhere")).expect("a line of it");
    assert!(
        refused.contains("nowhere: The connection to the server 127.0.0.1:")
            && refused.contains("was refused"),
        "{refused}"
    );
    "nowhere: refused".clone_into(refused);
    assert_eq!(
        told,
        [
            "asking: Unable to connect to the server: getting credentials: exec plugin cannot support interactive mode: \
             standard input is unavailable: several clusters are asked at once",
            "forbidden: Error from server (Forbidden): pods is forbidden: User \"nobody\" cannot list resource \"pods\" in \
             API group \"\" at the cluster scope",
            "frozen: Unable to connect to the server: context deadline exceeded: no answer within 8s",
            "live also mirror: ok",
            "no-plugin: Unable to connect to the server: getting credentials: exec: fork/exec /nonexistent/plugin: no such \
             file or directory",
            "nowhere: refused",
        ]
    );
    let uid = |plane: &passmuster_tests::ControlPlane| {
        plane.api().get("/api/v1/namespaces/kube-system").unwrap()["metadata"]["uid"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let live = asked.iter().find(|asked| asked.name == "live").unwrap();
    assert_eq!(live.uid, Some(uid(&world().live)));
    let member = live.answer.as_ref().unwrap();
    assert_eq!((member.name.as_str(), &member.uid), ("live", &live.uid));
}

/// As many silent servers as would take a quarter of an hour one after the other.
#[test]
fn the_silent_are_waited_for_together() {
    let silent: Vec<TcpListener> = (0..60).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let mut config = Kubeconfig::new()
        .cluster("live", &world().live.cluster())
        .user("admin", &world().live.admin())
        .context("live", "live", "admin", None);
    for (n, listener) in silent.iter().enumerate() {
        let name = format!("a-{n:02}");
        let server = format!("https://{}", listener.local_addr().unwrap());
        config = config.cluster(&name, &Cluster::new(&server)).context(&name, &name, "admin", None);
    }
    let asked = ask(&world().write(&config), &Which::All, Some(DEADLINE), may_list).unwrap();
    let (live, dead) = asked.split_last().unwrap();
    assert!(live.name == "live" && live.answer.is_ok(), "{:?}", live.answer);
    assert_eq!(dead.len(), silent.len());
    assert!(dead.iter().all(|asked| matches!(asked.answer, Err(Error::Timeout(_)))), "{:?}", told(dead));
}

#[test]
fn a_question_that_takes_too_long_is_its_own_clusters() {
    let config = Kubeconfig::new()
        .cluster("live", &world().live.cluster())
        .cluster("strict", &world().strict.cluster())
        .user("admin", &world().live.admin())
        .context("quick", "live", "admin", None)
        .context("slow", "strict", "admin", None);
    let asked = ask(&world().write(&config), &Which::All, Some(DEADLINE), async |member| {
        if member.name == "slow" {
            std::future::pending::<()>().await;
        }
        may_list(member).await
    });
    assert_eq!(
        told(&asked.unwrap()),
        [
            "quick: ok",
            "slow: Unable to connect to the server: context deadline exceeded: no answer within 8s"
        ]
    );
}

/// What a run waited for in vain must not keep it from ending either.
#[test]
fn a_credential_plugin_that_hangs_is_left_behind() {
    let config = Kubeconfig::new()
        .cluster("live", &world().live.cluster())
        .user("admin", &world().live.admin())
        .user("hangs", &User::exec("sh", &["-c", "while kill -0 $PPID; do sleep 0.2; done"]))
        .context("hangs", "live", "hangs", None)
        .context("live", "live", "admin", None);
    let asked = ask(&world().write(&config), &Which::All, Some(DEADLINE), may_list).unwrap();
    assert_eq!(told(&asked), ["live also hangs: ok"]);
}

#[test]
fn contexts_that_are_not_there_fail_before_anyone_is_asked() {
    let file = world().write(&world().contexts());
    let refused = |names: &[&str]| {
        let which = Which::Contexts(names.iter().map(ToString::to_string).collect());
        let asked = ask(&file, &which, None, async |_| -> Result<(), Error> { panic!("asked") });
        asked.unwrap_err().to_kubectl()
    };
    let kubectl = Plugin::through_kubectl("get").kubeconfig(&file).args(["pods", "--context", "nope"]).run();
    assert_eq!(refused(&["live", "nope"]), kubectl.stderr.trim_end());
    assert_eq!(
        refused(&["live", "nope", "no"]),
        "Error in configuration: \n* context was not found for specified context: no\n* context was not found for \
         specified context: nope"
    );
}

#[test]
fn what_is_of_one_cluster_goes_to_no_other() {
    let kubeconfig = Some(world().write(&world().contexts()));
    let given = |options: ConnectOptions| {
        let options = ConnectOptions { kubeconfig: kubeconfig.clone(), ..options };
        let env = Env::empty();
        let asking = fleet::ask(&options, &env, &Which::All, DEADLINE, async |_| Ok(()));
        block_on(asking).unwrap().map(drop).unwrap_err().to_string()
    };
    for (flag, options) in [
        ("--token", ConnectOptions { token: Some("t".into()), ..ConnectOptions::default() }),
        ("--server", ConnectOptions { server: Some("https://x".into()), ..ConnectOptions::default() }),
        ("--user", ConnectOptions { user: Some("admin".into()), ..ConnectOptions::default() }),
    ] {
        let error = given(options);
        assert!(error.starts_with(&format!("{flag} is of one cluster")), "{error}");
    }
}

#[test]
fn the_current_cluster_alone_needs_no_deadline_and_fails_as_kubectl_does() {
    let live = world().write(&world().contexts());
    let asked = ask(&live, &Which::Current, None, may_list).unwrap();
    assert_eq!(told(&asked), ["live: ok"]);
    assert!(asked[0].uid.is_some());
    let named = Kubeconfig::new()
        .cluster("its-name", &world().live.cluster())
        .user("admin", &world().live.admin())
        .context("a-context", "its-name", "admin", None)
        .current("a-context");
    let asked = ask(&world().write(&named), &Which::Current, Some(DEADLINE), may_list).unwrap();
    assert_eq!(told(&asked), ["its-name by a-context: ok"]);

    let frozen = world().write(&world().contexts().current("frozen"));
    let asked = ask(&frozen, &Which::Current, Some(Duration::from_secs(2)), may_list).unwrap();
    assert_eq!(
        told(&asked),
        ["frozen: Unable to connect to the server: context deadline exceeded: no answer within 2s"]
    );

    let server = format!("http://127.0.0.1:{}", closed_port());
    let nowhere = Kubeconfig::single("x", &Cluster::new(&server), &User::anonymous(), None);
    let asked = ask(&world().write(&nowhere), &Which::Current, None, may_list).unwrap();
    assert!(told(&asked)[0].starts_with("x: The connection to the server 127.0.0.1:"), "{:?}", told(&asked));

    // No context is asked as kubectl asks it.
    let empty = world().write(&Kubeconfig::new());
    let asked = ask(&empty, &Which::All, Some(DEADLINE), may_list).unwrap();
    assert!(
        told(&asked)[0].contains("The connection to the server localhost:8080 was refused"),
        "{:?}",
        told(&asked)
    );
}
