//! The HTML page, used as people use it: real clicks and keys in a real browser.

use std::fmt::Write as _;

use passmuster_tests::Plugin;
use serde_json::json;

use super::{Browser, NAMES, file, hostile, shop};

const DETAILS: &str =
    "document.getElementById('details').hidden ? '' : document.querySelector('#details .name').textContent";
const VISIBLE: &str = "[...document.querySelectorAll('.card:not(.gone)')].length";
const VIEW: &str = "document.getElementById('view').getAttribute('transform')";

fn card(browser: &mut Browser, title: &str) -> String {
    let at = browser.value(&format!(
        "[...document.querySelectorAll('.cards .card')].find((card) => card.querySelector('title').textContent === {})?.dataset.card",
        json!(title)
    ));
    format!(".card[data-card=\"{}\"]", at.as_str().unwrap_or_else(|| panic!("no card {title}")))
}

#[test]
fn clicks_choose_and_links_lead_on() {
    let (path, _dir) = file(shop(), "html", "graph.html");
    let mut browser = Browser::start();
    browser.open(&path);
    assert_eq!(browser.text(DETAILS), "");
    let deployment = card(&mut browser, "Deployment.apps/shop/nginx");
    browser.click(&deployment);
    assert_eq!(browser.text(DETAILS), "nginx");
    let told = browser.text("document.getElementById('details').textContent");
    for said in [
        "Deployment.apps/shop/nginx",
        "Needs (",
        "ConfigMap/shop/banners",
        "missing",
        "Needed by (",
        "HorizontalPodAutoscaler",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert!(browser.value("document.querySelectorAll('.wire.near').length").as_u64() > Some(5));
    // On to what it needs, by the link in the details.
    browser.value(
        "[...document.querySelectorAll('#details button')].find((link) => link.textContent === 'Secret/shop/session').id = 'next'; 1",
    );
    browser.click("#next");
    assert_eq!(browser.text(DETAILS), "session");
    assert_eq!(
        browser.text("document.querySelector('.card.chosen title').textContent"),
        "Secret/shop/session"
    );
    browser.click("#details .close");
    assert_eq!(browser.text(DETAILS), "");
    browser.click(&deployment);
    browser.press("Escape");
    assert_eq!(browser.text(DETAILS), "");
    browser.is_content();
}

#[test]
fn search_finds_and_filters_hide() {
    let (path, _dir) = file(shop(), "html", "graph.html");
    let mut browser = Browser::start();
    browser.open(&path);
    browser.press("/");
    browser.write("nginx pod");
    assert!(browser.value("document.querySelectorAll('.card.found').length").as_u64() >= Some(2));
    assert!(browser.text("document.getElementById('matches').textContent").ends_with(" found"));
    browser.press("Enter");
    assert!(browser.text("document.querySelector('.card.chosen title').textContent").contains("nginx"));
    browser.press("Escape");
    assert_eq!(browser.value("document.getElementById('search').value"), "");

    let all = browser.value(VISIBLE);
    browser.click("#kinds input[name=Secret]");
    let left = browser.value(VISIBLE);
    assert!(left.as_u64() < all.as_u64(), "{left} of {all}");
    assert_eq!(browser.value("[...document.querySelectorAll('.card:not(.gone) title')].some((title) => title.textContent.startsWith('Secret'))"), false);
    browser.click("#kinds h2 button");
    assert_eq!(browser.value(VISIBLE), all);
    let wires = browser.value("document.querySelectorAll('.wire:not(.gone)').length");
    browser.value("document.querySelector('#types input[name=uses]').scrollIntoView(); 1");
    browser.click("#types input[name=uses]");
    assert!(browser.value("document.querySelectorAll('.wire:not(.gone)').length").as_u64() < wires.as_u64());
    assert_eq!(browser.value("[...document.querySelectorAll('.label:not(.gone)')].some((label) => label.textContent === 'uses')"), false);
    browser.is_content();
}

#[test]
fn the_drawing_is_moved_and_zoomed() {
    let (path, _dir) = file(shop(), "html", "graph.html");
    let mut browser = Browser::start();
    browser.open(&path);
    let fitted = browser.text(VIEW);
    let middle = browser.middle("#canvas");
    browser.drag(middle, (middle.0 + 120.0, middle.1 - 80.0));
    let moved = browser.text(VIEW);
    assert_ne!(moved, fitted);
    assert_eq!(browser.text(DETAILS), "", "a drag is no click");
    browser.wheel(middle, -300.0);
    assert_ne!(browser.text(VIEW), moved);
    browser.click("#fit");
    assert_eq!(browser.text(VIEW), fitted);
    browser.click("#in");
    browser.press("0");
    assert_eq!(browser.text(VIEW), fitted);
    let paper = "getComputedStyle(document.body).backgroundColor";
    let light = browser.text(paper);
    browser.click("#theme");
    let dark = browser.text(paper);
    assert_ne!(dark, light);
    browser.click("#theme");
    assert_eq!(browser.text(paper), light);
    let dark_preferred = json!({"features": [{"name": "prefers-color-scheme", "value": "dark"}]});
    browser.call("Emulation.setEmulatedMedia", &dark_preferred);
    browser.open(&path);
    assert_eq!(browser.text(paper), dark, "as the reader prefers");
    browser.is_content();
}

#[test]
fn keys_are_enough() {
    let (path, _dir) = file(shop(), "html", "graph.html");
    let mut browser = Browser::start();
    browser.open(&path);
    browser.value("document.getElementById('theme').focus(); 1");
    let mut steps = 0;
    while browser.value("document.activeElement.classList.contains('card')") != true {
        browser.press("Tab");
        steps += 1;
        assert!(steps < 200, "no card is reached");
    }
    let focused = "document.activeElement.dataset.card";
    let first = browser.text(focused);
    browser.press("Enter");
    assert_eq!(browser.text("document.querySelector('.card.chosen').dataset.card"), first);
    browser.press("ArrowRight");
    let second = browser.text(focused);
    assert_ne!(second, first);
    browser.press("Enter");
    assert_eq!(browser.text("document.querySelector('.card.chosen').dataset.card"), second);
    assert!(browser.text("document.activeElement.getAttribute('aria-label')").contains('/'));
    browser.is_content();
}

#[test]
fn names_are_text_and_nothing_else() {
    let (path, _dir) = file(hostile(), "html", "graph.html");
    let mut browser = Browser::start();
    browser.open(&path);
    let title = browser.text("document.title");
    assert_ne!(title, "taken");
    assert!(browser.value("document.querySelectorAll('script').length") == 2);
    assert!(browser.value("document.querySelectorAll('img').length") == 0);
    for name in &NAMES[..2] {
        browser.value("document.getElementById('search').focus(); 1");
        browser.write(name.split_once(' ').map_or(*name, |(word, _)| word));
        browser.press("Enter");
        assert_eq!(browser.text(DETAILS), *name);
        browser.press("Escape");
        browser.press("Escape");
    }
    assert_eq!(browser.text("document.title"), title);
    browser.is_content();
}

/// Nearly two thousand objects that cannot be drawn as fewer.
#[test]
fn a_large_graph_stays_usable() {
    let mut list = String::new();
    for at in 0..990 {
        let namespace = at / 99;
        let _ = writeln!(
            list,
            "---\n{{apiVersion: v1, kind: Pod, metadata: {{name: p{at}, namespace: n{namespace}}}, spec: {{nodeName: node{}, \
             containers: [{{name: c, image: i, envFrom: [{{configMapRef: {{name: c{at}}}}}]}}]}}}}",
            at % 7
        );
    }
    let plugin = Plugin::new("kubectl-graph").args(["-A", "-f", "-"]).stdin(list);
    let start = std::time::Instant::now();
    let (path, _dir) = file(plugin, "html", "graph.html");
    let mut browser = Browser::start();
    browser.open(&path);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    assert!(browser.value("document.querySelectorAll('.cards .card').length").as_u64() >= Some(1980));
    browser.press("/");
    browser.write("Pod/n7/p750");
    browser.press("Enter");
    assert_eq!(browser.text(DETAILS), "p750");
    let now = std::time::Instant::now();
    let chosen = card(&mut browser, "ConfigMap/n7/c750");
    browser.click(&chosen);
    assert_eq!(browser.text(DETAILS), "c750");
    assert!(now.elapsed().as_secs() < 5, "{:?}", now.elapsed());
    browser.is_content();
}
