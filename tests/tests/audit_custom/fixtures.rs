//! Rules, and objects that they are about.

/// A policy with these rules.
pub(crate) fn policy(rules: &str) -> String {
    format!(
        "apiVersion: passmuster.dev/v1alpha1\nkind: AuditPolicy\nmetadata: {{name: p}}\nspec:\n  \
         customParameters: {{most: 2}}\n  customRules:\n{rules}"
    )
}

/// What the objects below are judged by.
pub(crate) const RULES: &str = "
  - id: too-many-replicas
    severity: high
    category: reliability
    title: There are too many replicas.
    why: They cost money.
    remediation: Scale down.
    references: [CIS 9.9.9]
    kinds: [Deployment.apps]
    match: object.spec.?replicas.orValue(1) > 0
    expression: object.spec.?replicas.orValue(1) <= params.most
    path: spec.replicas
    message: '{.metadata.name} has {.spec.replicas} replicas'
    admission: Deny
  - id: service-selects-nothing-here
    severity: medium
    category: network
    title: A service selects no deployment.
    why: Nobody answers.
    remediation: Correct the selector.
    kinds: [Service]
    related:
    - {name: deployments, kind: Deployment.apps, where: 'it.spec.template.metadata.?labels.orValue({}) == object.spec.selector'}
    expression: deployments.size() > 0
    path: spec.selector
    messageExpression: \"'no deployment has the labels ' + object.spec.selector.transformList(k, v, k + '=' + v).join(',')\"
  - id: widget-too-large
    severity: low
    category: operators
    title: A widget is too large.
    why: It does not fit.
    remediation: Make it smaller.
    kinds: [Widget.example.com]
    expression: quantity(object.spec.size) <= quantity('0')
  - id: widget-larger-than-budget
    severity: low
    category: operators
    title: A widget is larger than the budget.
    why: It does not fit.
    remediation: Make it smaller.
    kinds: [Widget.example.com]
    related: [{name: secrets, kind: Secret, namespace: any}, {name: maps, kind: ConfigMap}]
    variables:
    - {name: size, expression: quantity(object.spec.size)}
    - {name: twice, expression: variables.size.add(variables.size)}
    expression: variables.twice.isLessThan(quantity('3Gi')) && secrets.all(s, !has(s.data)) && maps.all(m, !has(m.data))
    message: a widget of {.spec.size}
  - id: host-network-of-ours
    severity: critical
    category: security
    title: Pods use the network of the node.
    why: They see everything.
    remediation: Leave it out.
    kinds: [Workload]
    expression: '!podSpec.?hostNetwork.orValue(false)'
    path: podSpec.hostNetwork
    admission: Deny
";

pub(crate) const OBJECTS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  replicas: 5
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {hostNetwork: true, containers: [{name: main, image: x}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}, creationTimestamp: null}
    spec: {containers: [{name: main, image: x}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: gone, namespace: shop}
spec: {selector: {app: gone, tier: back}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: shop}
stringData: {password: hidden}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: m, namespace: shop}
data: {key: value}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: small, namespace: shop}
spec: {size: 1Gi, nothing: null}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: large, namespace: shop}
spec: {size: 2Gi}
";

pub(crate) const IDS: &str = "too-many-replicas,service-selects-nothing-here,widget-too-large,widget-larger-than-budget,host-network-of-ours";
