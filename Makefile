# Thin targets: each line could be typed by hand. `make test` needs Rust, Go and, for what else is missing, apt.
.PHONY: test test-webhook fmt lint controlplane demo cluster cluster-down bench soak bench-admission fuzz image deny setup install clean
.DELETE_ON_ERROR:

GRAPH := target/release/kubectl-graph
AUDIT := target/release/kubectl-audit
EXAMPLES := manifests/examples
DEMO := target/demo

# What is installed, what is built, lints, and all tests but those of the target below.
test: setup controlplane lint
	cargo build --workspace
	cargo test --workspace --all-features

# The webhook on a real node (containerd, kubelet, kube-proxy): some minutes more after the building, and root.
test-webhook: setup node-packages controlplane node image
	cargo build --workspace
	cargo test -p passmuster-tests --test webhook_node

# Formats what `cargo fmt` sees and what only a build script finds.
fmt:
	find . -path ./target -prune -o -name '*.rs' -print0 | xargs -0 rustfmt --edition 2024

# Each package is checked alone as well: in a build of the whole workspace one package's features hide what
# another forgot to ask for. Files that only a build script finds are unknown to `cargo fmt`, hence rustfmt.
lint:
	cargo fmt --all --check
	find . -path ./target -prune -o -name '*.rs' -print0 | xargs -0 rustfmt --check --edition 2024
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	cargo clippy -p passmuster -- -D warnings
	cargo clippy -p passmuster --features cluster -- -D warnings
	cargo clippy -p passmuster --features cli -- -D warnings
	cargo clippy -p kubectl-graph -- -D warnings
	cargo clippy -p kubectl-quota-usage -- -D warnings
	cargo clippy -p passmuster-webhook -- -D warnings
	cargo clippy -p kubectl-audit -- -D warnings
	cargo clippy -p passmuster-tests -- -D warnings
	cargo clippy -p passmuster-tests --test webhook_node -- -D warnings

# Licences, sources and known vulnerabilities of the dependencies. Not part of `test`: the tool takes four minutes
# to build, and what it says depends on the day's advisories and not on the commit alone.
deny:
	command -v cargo-deny > /dev/null || cargo install --locked cargo-deny
	cargo deny --all-features check

# The example shop without a cluster: its tree, what it refers to and does not have, what is wrong, and two pictures.
demo:
	cargo build --release -p kubectl-graph -p kubectl-audit
	mkdir -p $(DEMO)
	$(GRAPH) -f $(EXAMPLES) -R deploy/nginx -n shop
	$(GRAPH) -f $(EXAMPLES) -R --missing -n shop
	$(AUDIT) -f $(EXAMPLES) -R --select high,medium
	$(GRAPH) -f $(EXAMPLES) -R -n shop -o html > $(DEMO)/shop.html
	$(GRAPH) -f $(EXAMPLES) -R -n shop -o svg > $(DEMO)/shop.svg
	@printf '%s\n' '' 'Pictures:' '  $(abspath $(DEMO))/shop.html' '  $(abspath $(DEMO))/shop.svg'

# A real control plane with simulated nodes and the example shop: eval "$(make -s cluster)"
cluster: controlplane
	@cargo run -q -p passmuster-tests --bin controlplane -- up target/cluster $(EXAMPLES)

cluster-down:
	@cargo run -q -p passmuster-tests --bin controlplane -- down target/cluster

# Speed and memory on 10,000 pods beside the bare fetch of the same bytes; half an hour, most of it building.
bench: controlplane
	cargo build --release -p kubectl-graph -p kubectl-quota-usage -p kubectl-audit
	$(SHIPPED)
	cargo bench -p passmuster-tests --bench speed
	cargo bench -p passmuster-tests --bench admission

# The webhook is measured as it is shipped.
SHIPPED = cargo build --profile server -p passmuster-webhook && mkdir -p $(TARGET)/release && \
  ln -f $(TARGET)/server/passmuster $(TARGET)/release/passmuster

# The webhook alone: reviews a second, latency and cost, over TLS; some minutes, and twenty to build.
bench-admission: controlplane
	$(SHIPPED)
	cargo bench -p passmuster-tests --bench admission

# Quotas of projects under racing clients while replicas are killed, watches break and the API server restarts, at full
# length, and what a reservation costs; some ten minutes, and ten to build.
soak: controlplane
	$(SHIPPED)
	LEDGER_REQUESTS=10000 cargo test --release -p passmuster-tests --test webhook_ledger race -- --nocapture --test-threads=1

# Mutated reviews against the webhook's reader and mutated manifests against every rule, for as long as "SEED ROUNDS"
# says; `make test` has a short turn of both.
FUZZ ?= 1 20000000
FUZZ_AUDIT ?= 1 200000
fuzz:
	PASSMUSTER_FUZZ='$(FUZZ)' cargo test --release -p passmuster-tests --test webhook_fuzz -- --nocapture
	PASSMUSTER_FUZZ='$(FUZZ_AUDIT)' cargo test --release -p passmuster-tests --test audit_fuzz -- --nocapture

# The webhook's container image, without Docker: an OCI archive of one static program. The same sources give the same
# digest: no path of this machine is in the program, and its time is the commit's.
MUSL := $(shell uname -m)-unknown-linux-musl
TARGET := $(or $(CARGO_TARGET_DIR),target)
IMAGE := docker.io/library/passmuster:$(shell awk -F '"' '/^version =/ { print $$2; exit }' Cargo.toml)
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2> /dev/null || echo 0)
image: REMAP := --remap-path-prefix=$(CURDIR)=/passmuster \
  --remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)=/cargo
image: image-packages
	rustup target list --installed | grep -qx $(MUSL) || rustup target add $(MUSL)
	CARGO_TARGET_$(shell echo $(MUSL) | tr a-z- A-Z_)_RUSTFLAGS='$(REMAP)' \
	  cargo build --profile server --locked --target $(MUSL) -p passmuster-webhook --bin passmuster
	mkdir -p target
	cargo run -q -p passmuster-tests --bin image -- $(TARGET)/$(MUSL)/server/passmuster $(IMAGE) target/passmuster.tar

install:
	for plugin in plugins/*; do cargo install --locked --path "$$plugin"; done

clean:
	cargo clean

# The programs that tests call, as program=package of Debian.
APT_PACKAGES := dot=graphviz chromium=chromium node=nodejs npm=npm prometheus=prometheus soffice=libreoffice-calc-nogui \
  zsh=zsh fish=fish
# Those that only the real node needs, and those that a static program does.
NODE_PACKAGES := containerd=containerd runc=runc /usr/lib/cni/bridge=containernetworking-plugins ip=iproute2 unshare=util-linux \
  /usr/sbin/iptables=iptables /usr/sbin/conntrack=conntrack
IMAGE_PACKAGES := musl-gcc=musl-tools
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

# Installs what is missing, and asks the network only then.
setup: target/browser/node_modules/.package-lock.json
target/browser/node_modules/.package-lock.json: $(wildcard tests/browser/package*.json) | packages
	mkdir -p target/browser
	cp $^ target/browser/
	cd target/browser && npm ci --loglevel=error --no-audit --no-fund --ignore-scripts

# The packages' own services stay off: the tests start the programs themselves.
NO_SERVICE = if command -v systemctl > /dev/null; then $(SUDO) systemctl mask --quiet $(1).service; fi

.PHONY: packages node-packages image-packages node
packages: WANTED := $(APT_PACKAGES)
node-packages: WANTED := $(NODE_PACKAGES)
image-packages: WANTED := $(IMAGE_PACKAGES)
packages node-packages image-packages:
	@missing=; for pair in $(WANTED); do \
	  command -v "$${pair%=*}" > /dev/null || missing="$$missing $${pair#*=}"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "installing$$missing"; \
	  case "$$missing" in *prometheus*) $(call NO_SERVICE,prometheus);; esac; \
	  case "$$missing" in *" containerd"*) $(call NO_SERVICE,containerd);; esac; \
	  $(SUDO) apt-get update -q && $(SUDO) apt-get install -qy --no-install-recommends $$missing; \
	fi

# The control plane: Kubernetes' own programs, built from the versions in tests/controlplane/go.mod. Those that
# KUBEBUILDER_ASSETS has are used from there. Go's build cache makes a second build a matter of seconds.
ASSETS := target/controlplane
GO_MODULE := tests/controlplane
PACKAGE_etcd := go.etcd.io/etcd/server/v3
PACKAGE_kube-apiserver := k8s.io/kubernetes/cmd/kube-apiserver
PACKAGE_kube-controller-manager := k8s.io/kubernetes/cmd/kube-controller-manager
PACKAGE_kube-scheduler := k8s.io/kubernetes/cmd/kube-scheduler
PACKAGE_kubectl := k8s.io/kubernetes/cmd/kubectl
PACKAGE_kubelet := k8s.io/kubernetes/cmd/kubelet
PACKAGE_kube-proxy := k8s.io/kubernetes/cmd/kube-proxy
PACKAGE_kwok := sigs.k8s.io/kwok/cmd/kwok
PROGRAMS := etcd kube-apiserver kube-controller-manager kube-scheduler kubectl kwok
GIVEN := $(if $(KUBEBUILDER_ASSETS),$(notdir $(wildcard $(addprefix $(KUBEBUILDER_ASSETS)/,$(PROGRAMS)))))

controlplane: $(addprefix $(ASSETS)/bin/,$(filter-out $(GIVEN),$(PROGRAMS))) $(ASSETS)/stages/.done \
  $(ASSETS)/usage/.done $(ASSETS)/bin/metrics-server

# What the real node runs.
node: $(ASSETS)/bin/kubelet $(ASSETS)/bin/kube-proxy $(ASSETS)/bin/pause

# The programs know their version only when the linker is told.
VERSION := $(shell awk '$$1 == "k8s.io/kubernetes" { print substr($$2, 2) }' $(GO_MODULE)/go.mod)
VERSION_PACKAGE := k8s.io/component-base/version
LDFLAGS := -s -w -X $(VERSION_PACKAGE).gitVersion=v$(VERSION) \
  -X $(VERSION_PACKAGE).gitMajor=$(word 1,$(subst ., ,$(VERSION))) \
  -X $(VERSION_PACKAGE).gitMinor=$(word 2,$(subst ., ,$(VERSION)))

$(ASSETS)/bin/%: $(GO_MODULE)/go.mod $(GO_MODULE)/go.sum
	go build -C $(GO_MODULE) -trimpath -ldflags '$(LDFLAGS)' -o $(abspath $@) $(PACKAGE_$*)

# It has dependencies of its own, and so a module of its own.
METRICS_MODULE := tests/controlplane/metrics-server
$(ASSETS)/bin/metrics-server: $(METRICS_MODULE)/go.mod $(METRICS_MODULE)/go.sum
	go build -C $(METRICS_MODULE) -trimpath -ldflags '-s -w' -o $(abspath $@) sigs.k8s.io/metrics-server/cmd/metrics-server

# The first process of every pod on the real node; static, as it is all there is in its image.
$(ASSETS)/bin/pause: tests/node/pause/main.go
	CGO_ENABLED=0 GO111MODULE=off go build -trimpath -ldflags '-s -w' -o $(abspath $@) $<

# How kwok's nodes and pods behave; copied, so that running a test needs no Go.
STAGES := node/fast/node-initialize node/heartbeat-with-lease/node-heartbeat-with-lease \
  pod/fast/pod-ready pod/fast/pod-complete pod/fast/pod-delete
$(ASSETS)/stages/.done: $(GO_MODULE)/go.mod
	mkdir -p $(@D)
	kwok=$$(go list -C $(GO_MODULE) -m -f '{{.Dir}}' sigs.k8s.io/kwok) && \
	  for stage in $(STAGES); do install -m 644 "$$kwok/kustomize/stage/$$stage.yaml" $(@D)/; done
	touch $@

# What they say they use: what an annotation of the pod says.
$(ASSETS)/usage/.done: $(GO_MODULE)/go.mod
	mkdir -p $(@D)
	kwok=$$(go list -C $(GO_MODULE) -m -f '{{.Dir}}' sigs.k8s.io/kwok) && \
	  install -m 644 -t $(@D) "$$kwok"/kustomize/metrics/*/*-*.yaml
	touch $@
