use std::collections::BTreeSet;

use crate::{
    graph::Document,
    report::{
        Format, Options,
        sketch::{DEPLOYMENT, NOW, deployment, sketch},
        tree,
    },
    text::width,
};

fn options() -> Options {
    Options { now: Some(NOW), ..Options::default() }
}

/// The tree, after a check of what holds for every tree.
fn draw(document: &Document, options: &Options) -> String {
    let lines = tree::lines(document, options);
    let shown: BTreeSet<u32> = lines.iter().filter_map(|line| line.node).collect();
    assert_eq!(shown.len(), document.nodes.len(), "every node has a line");
    let mut out = Vec::new();
    Format::parse("", |_| unreachable!()).unwrap().render(document, options, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    for line in text.lines() {
        assert!(options.width.is_none_or(|limit| width(line) <= limit), "{line:?} is too wide");
        assert_eq!(line.trim_end(), line);
    }
    text
}

fn tree_of(text: &str) -> String {
    draw(&sketch(text), &options())
}

#[test]
fn deployment_tree() {
    insta::assert_snapshot!(draw(&deployment(), &options()));
}

#[test]
fn deployment_in_narrow_terminals() {
    let drawn: Vec<String> = [110, 80, 60, 40, 20, 5]
        .map(|width| draw(&deployment(), &Options { width: Some(width), ..options() }))
        .into();
    insta::assert_snapshot!(drawn.join("\n"));
}

#[test]
fn deployment_in_colour() {
    let document = sketch(
        "Deployment.apps/shop/nginx root ready=1/2 progressing
         Deployment.apps/shop/nginx uses Secret/shop/gone
         Secret/shop/gone missing
         Pod/shop/a owned_by Deployment.apps/shop/nginx
         Pod/shop/a ready=0/1 status=CrashLoopBackOff degraded",
    );
    let mut out = Vec::new();
    tree::draw(&tree::lines(&document, &options()), &Options { colour: true, ..options() }, &mut out)
        .unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap().replace('\u{1b}', "^["));
}

#[test]
fn deployment_without_headers_and_ages() {
    insta::assert_snapshot!(draw(&deployment(), &Options { headers: false, ..Options::default() }));
}

const STATEFUL_SET: &str = "
    StatefulSet.apps/shop/db ready=2/2 healthy
    StatefulSet.apps/shop/db governed_by Service/shop/db
    StatefulSet.apps/shop/db provisions PersistentVolumeClaim/shop/data-db-0
    StatefulSet.apps/shop/db provisions PersistentVolumeClaim/shop/data-db-1
    StatefulSet.apps/shop/db provisions PersistentVolumeClaim/shop/data-db-2
    PersistentVolumeClaim/shop/data-db-1 owned_by StatefulSet.apps/shop/db
    StatefulSet.apps/shop/db runs_as ServiceAccount/shop/db
    Pod/shop/db-0 ready=1/1 status=Running healthy
    Pod/shop/db-0 owned_by StatefulSet.apps/shop/db
    Pod/shop/db-1 owned_by StatefulSet.apps/shop/db
    Pod/shop/db-0 runs_on Node/n1
    Pod/shop/db-1 runs_on Node/n1
    Pod/shop/db-0 runs_as ServiceAccount/shop/db
    Pod/shop/db-1 runs_as ServiceAccount/shop/db
    Pod/shop/db-0 mounts PersistentVolumeClaim/shop/data-db-0
    Pod/shop/db-1 mounts PersistentVolumeClaim/shop/data-db-1
    PersistentVolumeClaim/shop/data-db-0 status=Bound healthy
    PersistentVolumeClaim/shop/data-db-0 bound_to PersistentVolume/pv-a
    PersistentVolume/pv-a claimed_by PersistentVolumeClaim/shop/data-db-0
    PersistentVolumeClaim/shop/data-db-0 uses_class StorageClass.storage.k8s.io/fast
    PersistentVolumeClaim/shop/data-db-1 uses_class StorageClass.storage.k8s.io/fast
    PersistentVolume/pv-a uses_class StorageClass.storage.k8s.io/fast
    Service/shop/db targets Pod/shop/db-0
    Service/shop/db targets Pod/shop/db-1
    VolumeSnapshot.snapshot.storage.k8s.io/shop/nightly snapshot_of PersistentVolumeClaim/shop/data-db-0
";

#[test]
fn stateful_set_with_claims() {
    insta::assert_snapshot!(tree_of(&format!("{STATEFUL_SET}\n StatefulSet.apps/shop/db root")));
}

#[test]
fn claim_root() {
    insta::assert_snapshot!(tree_of(&format!("{STATEFUL_SET}\n PersistentVolumeClaim/shop/data-db-0 root")));
}

#[test]
fn config_map_root_shows_who_uses_it() {
    let document = DEPLOYMENT.replace("nginx root", "nginx");
    insta::assert_snapshot!(tree_of(&format!("{document}\n ConfigMap/shop/nginx-conf root")));
}

#[test]
fn service_root() {
    let document = DEPLOYMENT.replace("nginx root", "nginx");
    insta::assert_snapshot!(tree_of(&format!("{document}\n Service/shop/nginx root")));
}

#[test]
fn pod_root() {
    let document = DEPLOYMENT.replace("nginx root", "nginx");
    insta::assert_snapshot!(tree_of(&format!("{document}\n Pod/shop/nginx-7c5ddbdf54-2xkqp root")));
}

#[test]
fn node_root() {
    insta::assert_snapshot!(tree_of(
        "Node/n1 root status=Ready healthy
         Lease.coordination.k8s.io/kube-node-lease/n1 owned_by Node/n1
         Pod/kube-system/etcd-n1 owned_by Node/n1
         Pod/kube-system/etcd-n1 runs_on Node/n1
         Pod/shop/a runs_on Node/n1
         Pod/shop/b runs_on Node/n1
         Pod/shop/c runs_on Node/n1
         Pod/shop/a owned_by ReplicaSet.apps/shop/web-1
         Pod/shop/b owned_by ReplicaSet.apps/shop/web-1
         ReplicaSet.apps/shop/web-1 owned_by Deployment.apps/shop/web
         Service/shop/web targets Pod/shop/a
         Service/shop/web targets Pod/shop/b
         Ingress.networking.k8s.io/shop/web routes_to Service/shop/web"
    ));
}

#[test]
fn several_roots() {
    let document =
        DEPLOYMENT.to_owned() + "\n Service/shop/nginx root\n Ingress.networking.k8s.io/shop/nginx root";
    insta::assert_snapshot!(tree_of(&document));
}

#[test]
fn diamond_is_expanded_once() {
    insta::assert_snapshot!(tree_of(
        "App.example.com/shop/top root
         App.example.com/shop/top uses App.example.com/shop/left
         App.example.com/shop/top uses App.example.com/shop/right
         App.example.com/shop/left needs App.example.com/shop/bottom
         App.example.com/shop/right needs App.example.com/shop/bottom
         App.example.com/shop/bottom needs App.example.com/shop/deep"
    ));
}

#[test]
fn cycles_end() {
    insta::assert_snapshot!(tree_of(
        "App.example.com/shop/a root
         App.example.com/shop/a uses App.example.com/shop/b
         App.example.com/shop/b uses App.example.com/shop/c
         App.example.com/shop/c uses App.example.com/shop/a
         App.example.com/shop/a uses App.example.com/shop/a
         Own.example.com/shop/a owned_by Own.example.com/shop/b
         Own.example.com/shop/b owned_by Own.example.com/shop/c
         Own.example.com/shop/c owned_by Own.example.com/shop/a
         Own.example.com/shop/c uses App.example.com/shop/c"
    ));
}

#[test]
fn two_owners_and_two_kinds_of_one_name() {
    insta::assert_snapshot!(tree_of(
        "Service.serving.knative.dev/shop/web root
         Service/shop/web owned_by Service.serving.knative.dev/shop/web
         Secret/shop/shared owned_by Service/shop/web
         Secret/shop/shared owned_by Service.serving.knative.dev/shop/web
         Secret/other/tls used_by Secret/shop/shared"
    ));
}

#[test]
fn path_across_a_shared_object() {
    insta::assert_snapshot!(tree_of(
        "Deployment.apps/shop/a root
         Deployment.apps/shop/a uses ConfigMap/shop/shared
         Deployment.apps/shop/b uses ConfigMap/shop/shared
         Pod/shop/unrelated runs_on Node/n9"
    ));
}

#[test]
fn names_that_would_steer_the_terminal() {
    let mut document = sketch(
        "Deployment.apps/shop/日本語の名前 root status=ok
         Pod/shop/x owned_by Deployment.apps/shop/日本語の名前
         Deployment.apps/shop/日本語の名前 uses ConfigMap/shop/x",
    );
    document.nodes[0].key.name = "evil\u{1b}[2J\u{202e}\r\nname".into();
    document.nodes[1].status.status = Some("\u{9b}31mRunning\u{7}".to_owned());
    document.edges[0].edge_type = "us\u{1b}es".into();
    let text = draw(&document, &options());
    assert!(!text.chars().any(|character| character.is_control() && character != '\n'), "{text:?}");
    insta::assert_snapshot!(text);
}

#[test]
fn namespace_graph() {
    insta::assert_snapshot!(tree_of(
        "Deployment.apps/shop/web uses ConfigMap/shop/web
         ReplicaSet.apps/shop/web-1 owned_by Deployment.apps/shop/web
         Pod/shop/web-1-a owned_by ReplicaSet.apps/shop/web-1
         Pod/shop/web-1-a runs_on Node/n1
         Pod/shop/web-1-a uses ConfigMap/shop/web
         Service/shop/web targets Pod/shop/web-1-a
         Ingress.networking.k8s.io/shop/all routes_to Service/shop/web
         Ingress.networking.k8s.io/shop/all routes_to Service/shop/api
         Deployment.apps/shop/api uses Secret/shop/api
         Pod/shop/api-1 owned_by Deployment.apps/shop/api
         Pod/shop/api-1 runs_on Node/n1
         Service/shop/api targets Pod/shop/api-1
         NetworkPolicy.networking.k8s.io/shop/deny applies_to Pod/shop/api-1
         NetworkPolicy.networking.k8s.io/shop/deny applies_to Pod/shop/web-1-a
         Pod/shop/bare runs_on Node/n1
         ConfigMap/shop/unused
         RoleBinding.rbac.authorization.k8s.io/shop/rb binds ServiceAccount/shop/web
         RoleBinding.rbac.authorization.k8s.io/shop/rb grants ClusterRole.rbac.authorization.k8s.io/view
         Deployment.apps/shop/web runs_as ServiceAccount/shop/web"
    ));
}

#[test]
fn cluster_graph() {
    insta::assert_snapshot!(tree_of(
        "Namespace/shop status=Active age=60
         Namespace/empty status=Active
         Deployment.apps/shop/web uses ConfigMap/shop/web
         Pod/shop/web-1 owned_by Deployment.apps/shop/web
         Pod/shop/web-1 runs_on Node/n1
         Pod/kube-system/etcd-n1 owned_by Node/n1
         Pod/kube-system/etcd-n1 runs_on Node/n1
         Node/n2
         ResourceQuota/shop/small limits Namespace/shop
         PersistentVolume/spare uses_class StorageClass.storage.k8s.io/fast
         DaemonSet.apps/kube-system/proxy root2=1"
            .lines()
            .filter(|line| !line.contains("root2"))
            .collect::<Vec<_>>()
            .join("\n")
            .as_str()
    ));
}

#[test]
fn nothing_is_no_line() {
    assert_eq!(draw(&Document::default(), &options()), "");
}

/// Ten thousand pods of one deployment, all with the same service, and a chain of owners as long as that.
#[test]
fn size_is_linear() {
    use std::fmt::Write as _;

    let (mut pods, mut chain) = (String::new(), String::new());
    for pod in 0..10_000 {
        let _ = writeln!(
            pods,
            "Pod/shop/p{pod} owned_by ReplicaSet.apps/shop/rs\nPod/shop/p{pod} uses ConfigMap/shop/c"
        );
        let _ = writeln!(
            pods,
            "Service/shop/s targets Pod/shop/p{pod}\nPod/shop/p{pod} runs_on Node/n{}",
            pod % 100
        );
        let _ = writeln!(chain, "Pod/shop/p{pod} owned_by Pod/shop/p{}", pod + 1);
    }
    for text in [
        format!(
            "{pods}\nReplicaSet.apps/shop/rs owned_by Deployment.apps/shop/d\n Deployment.apps/shop/d root"
        ),
        format!("{pods}\nReplicaSet.apps/shop/rs owned_by Deployment.apps/shop/d"),
        format!("{pods}\nNode/n1 root"),
        format!("{pods}\nConfigMap/shop/c root"),
        format!("{chain}\nPod/shop/p10000 root"),
        format!("{chain}\nPod/shop/p0 root"),
        chain,
    ] {
        let document = sketch(&text);
        let start = std::time::Instant::now();
        let lines = tree::lines(&document, &options());
        assert!(
            start.elapsed() < std::time::Duration::from_secs(3),
            "{:?} for {} lines",
            start.elapsed(),
            lines.len()
        );
        let shown: BTreeSet<u32> = lines.iter().filter_map(|line| line.node).collect();
        assert_eq!(shown.len(), document.nodes.len());
    }
}
