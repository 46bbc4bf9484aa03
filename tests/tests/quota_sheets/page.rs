//! The HTML page, used as people use it: real clicks and keys in a real browser.

use passmuster::quota::QuotaUsage;
use serde_json::json;

use super::{browser::Browser, fleet, hostile, printed};

/// The namespaces of the rows that are shown, in their order.
const SHOWN: &str = "[...document.querySelectorAll('#usage tbody tr:not([hidden])')].map((row) => row.cells[3].textContent + ' ' + row.dataset.resource).join(', ')";
const COUNT: &str =
    "[...document.querySelectorAll('#usage tbody tr')].filter((row) => row.offsetHeight > 0).length";

fn open(usage: &QuotaUsage) -> (Browser, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("usage.html");
    std::fs::write(&path, printed(usage, "html")).expect("a file");
    let mut browser = Browser::start();
    browser.open(&path);
    (browser, dir)
}

/// The button above a column.
fn heading(text: &str) -> String {
    format!(
        "[...document.querySelectorAll('thead button')].find((button) => button.textContent === {})",
        json!(text)
    )
}

fn sort_by(browser: &mut Browser, text: &str) -> String {
    browser.value(&format!("{}.id = 'clicked'; 1", heading(text)));
    browser.click("#clicked");
    let order = browser.text("document.querySelector('#clicked').parentElement.getAttribute('aria-sort')");
    browser.value("document.querySelector('#clicked').removeAttribute('id'); 1");
    order
}

#[test]
fn every_column_sorts() {
    let (mut browser, _dir) = open(&fleet());
    let before = browser.text(SHOWN);
    assert_eq!(sort_by(&mut browser, "RATE"), "descending");
    assert!(
        browser
            .text(SHOWN)
            .starts_with("web requests.memory, web requests.cpu, core requests.cpu, api requests.cpu")
    );
    assert!(browser.text(SHOWN).ends_with("kube-system cpu"), "what has no rate comes last");
    assert_eq!(sort_by(&mut browser, "RATE"), "ascending");
    assert!(
        browser
            .text(SHOWN)
            .starts_with("core requests.memory, api pods, api requests.cpu, core requests.cpu")
    );
    assert!(browser.text(SHOWN).ends_with("kube-system cpu"), "either way");
    assert_eq!(sort_by(&mut browser, "RATE"), "none");
    assert_eq!(browser.text(SHOWN), before, "as it was");
    assert_eq!(sort_by(&mut browser, "NAMESPACE"), "ascending");
    assert!(browser.text(SHOWN).starts_with("api requests.cpu, api pods, core"));
    assert_eq!(
        browser.value("document.querySelectorAll('th[aria-sort=none]').length"),
        browser.value("document.querySelectorAll('thead th').length - 1")
    );
    // A column sorts by what it means, not by its digits: 512Ti before 32Gi before 8.
    sort_by(&mut browser, "HARD");
    assert!(
        browser
            .text(SHOWN)
            .starts_with("core requests.memory, web requests.memory, api pods, web requests.cpu")
    );
    // With keys alone.
    browser.value(&format!("{}.focus(); 1", heading("CLUSTER")));
    browser.press("Enter");
    assert!(browser.text(SHOWN).starts_with("web requests.cpu"));
    browser.is_content();
}

#[test]
fn text_resource_and_threshold_filter() {
    let (mut browser, _dir) = open(&fleet());
    assert_eq!(browser.value(COUNT), 7);
    browser.press("/");
    browser.write("SHOP requests");
    assert_eq!(browser.text(SHOWN), "web requests.cpu, web requests.memory, api requests.cpu");
    assert_eq!(browser.value(COUNT), 3);
    assert_eq!(browser.text("document.getElementById('shown').textContent"), "3 of 7");
    browser.click("#threshold");
    browser.write("80");
    assert_eq!(browser.text(SHOWN), "web requests.cpu, web requests.memory");
    browser.value("document.getElementById('resource').value = 'requests.memory'; document.getElementById('resource').dispatchEvent(new Event('input')); 1");
    assert_eq!(browser.text(SHOWN), "web requests.memory");
    browser.click("#search");
    browser.press("Escape");
    browser.write("nothing like it");
    assert_eq!(browser.text(SHOWN), "");
    assert_eq!(browser.value("document.getElementById('none').hidden"), false);
    browser.click("#reset");
    browser.value("new Promise((done) => setTimeout(() => done(1), 0))");
    assert_eq!(browser.value(COUNT), 7);
    assert_eq!(browser.text("document.getElementById('search').value"), "");
    browser.is_content();
}

#[test]
fn it_tells_what_is_not_in_it() {
    let (mut browser, _dir) = open(&fleet());
    let told = browser.text("document.querySelector('.unread').innerText");
    assert!(told.contains("prod-b connection refused"), "{told}");
    assert!(told.contains("prod-a metrics.k8s.io: the server has no metrics API"), "{told}");
    assert!(browser.text("document.querySelector('tfoot').innerText").starts_with("Total of all rows"));
}

#[test]
fn it_is_light_and_dark_and_prints() {
    let (mut browser, _dir) = open(&fleet());
    let paper = "getComputedStyle(document.body).backgroundColor";
    let scheme = |name: &str| json!({"features": [{"name": "prefers-color-scheme", "value": name}]});
    browser.call("Emulation.setEmulatedMedia", &scheme("light"));
    let light = browser.text(paper);
    browser.call("Emulation.setEmulatedMedia", &scheme("dark"));
    let dark = browser.text(paper);
    assert_ne!(light, dark);
    browser.click("#theme");
    assert_eq!(browser.text(paper), light);
    browser.click("#theme");
    assert_eq!(browser.text(paper), dark);
    browser.call("Emulation.setEmulatedMedia", &json!({"media": "print"}));
    assert_eq!(browser.value("document.querySelector('.tools').offsetHeight"), 0, "paper has no buttons");
    let overflow = "getComputedStyle(document.querySelector('.scroll')).overflow";
    assert_eq!(browser.text(overflow), "visible", "and does not scroll");
    assert_eq!(browser.value(COUNT), 7);
    browser.is_content();
}

#[test]
fn no_name_becomes_a_script() {
    let (mut browser, _dir) = open(&hostile());
    assert_eq!(browser.text("document.title"), "Quota usage");
    assert_eq!(browser.value("document.images.length"), 0);
    assert_eq!(browser.value("document.scripts.length"), 1);
    assert_eq!(browser.value(COUNT), 16);
    assert!(browser.text("document.querySelector('tbody').textContent").contains("</script><script>"));
    browser.is_content();
}
