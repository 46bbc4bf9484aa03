//! A real browser, told over pipes what to do: Chrome's DevTools protocol, messages that end in a zero byte.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page. It ends with its pipes, also when the test panics.
pub(crate) struct Browser {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    session: Option<String>,
    sent: u64,
    /// What went wrong in the page, and what it asked the network for.
    complaints: Vec<String>,
    pub(crate) requests: Vec<String>,
    _profile: TempDir,
}

impl Browser {
    pub(crate) fn start() -> Self {
        let profile = tempfile::tempdir().expect("a directory");
        let mut child = Command::new("sh")
            .args(["-c", r#"exec 3<&0 4>&1 </dev/null >/dev/null 2>&1; exec chromium "$@""#, "sh"])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"])
            .args(["--remote-debugging-pipe", "--window-size=1400,900", "--disable-background-networking"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh starts");
        let stdout = child.stdout.take().expect("a pipe");
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            for message in BufReader::new(stdout).split(0).map_while(Result::ok) {
                let Ok(value) = serde_json::from_slice(&message) else { break };
                if sender.send(value).is_err() {
                    break;
                }
            }
        });
        let stdin = child.stdin.take();
        let (complaints, requests) = (Vec::new(), Vec::new());
        let mut browser =
            Self { child, stdin, messages, session: None, sent: 0, complaints, requests, _profile: profile };
        let targets = browser.call("Target.getTargets", &json!({}));
        let target =
            targets["targetInfos"].as_array().expect("targets").iter().find(|info| info["type"] == "page");
        let target = target.expect("chromium has a page")["targetId"].clone();
        let attached = browser.call("Target.attachToTarget", &json!({"targetId": target, "flatten": true}));
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Network", "Log"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser
    }

    /// One command and its answer.
    pub(crate) fn call(&mut self, method: &str, params: &Value) -> Value {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.stdin.as_mut().expect("a pipe").write_all(&bytes).expect("chromium listens");
        let answer = self.until(method, |message| message["id"].is_u64()); // One at a time: it is ours.
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].clone()
    }

    /// Reads messages until the one that is waited for.
    fn until(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let message = self
                .messages
                .recv_timeout(left)
                .unwrap_or_else(|error| panic!("{what}: {error}; is chromium installed?"));
            match message["method"].as_str() {
                Some("Runtime.exceptionThrown") => self.complaints.push(message["params"].to_string()),
                Some("Log.entryAdded") if message["params"]["entry"]["level"] == "error" => {
                    self.complaints.push(message["params"]["entry"].to_string());
                }
                Some("Page.javascriptDialogOpening") => self.complaints.push(message.to_string()),
                Some("Network.requestWillBeSent") => {
                    self.requests
                        .push(message["params"]["request"]["url"].as_str().unwrap_or_default().to_owned());
                }
                _ => {}
            }
            if wanted(&message) {
                return message;
            }
        }
    }

    /// Opens a file and waits until it is loaded.
    pub(crate) fn open(&mut self, file: &Path) {
        self.requests.clear();
        self.call("Page.navigate", &json!({"url": format!("file://{}", file.display())}));
        self.until("load", |message| message["method"] == "Page.loadEventFired");
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", &params);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// The text of an expression in the page.
    pub(crate) fn text(&mut self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_default().to_owned()
    }

    /// The middle of an element.
    pub(crate) fn middle(&mut self, selector: &str) -> (f64, f64) {
        let selector = json!(selector);
        let point = self.value(&format!(
            "(() => {{ const box = document.querySelector({selector})?.getBoundingClientRect();
               return box && [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        ));
        let number = |at: usize| point[at].as_f64().unwrap_or_else(|| panic!("no {selector} in the page"));
        (number(0), number(1))
    }

    /// Clicks as a hand does: moves there, presses, lets go.
    pub(crate) fn click(&mut self, selector: &str) {
        let (x, y) = self.middle(selector);
        self.drag((x, y), (x, y));
    }

    pub(crate) fn drag(&mut self, from: (f64, f64), to: (f64, f64)) {
        let mouse = |kind: &str, (x, y): (f64, f64), buttons: u8| json!({"type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1});
        self.call("Input.dispatchMouseEvent", &json!({"type": "mouseMoved", "x": from.0, "y": from.1}));
        self.call("Input.dispatchMouseEvent", &mouse("mousePressed", from, 1));
        if from != to {
            let half = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
            self.call("Input.dispatchMouseEvent", &mouse("mouseMoved", half, 1));
            self.call("Input.dispatchMouseEvent", &mouse("mouseMoved", to, 1));
        }
        self.call("Input.dispatchMouseEvent", &mouse("mouseReleased", to, 0));
    }

    pub(crate) fn wheel(&mut self, (x, y): (f64, f64), delta: f64) {
        let params = json!({"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": delta});
        self.call("Input.dispatchMouseEvent", &params);
        // Wheel events reach the page a frame later.
        self.value(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))",
        );
    }

    /// Presses a key: `Enter`, `Tab`, `/`.
    pub(crate) fn press(&mut self, key: &str) {
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "Tab" => 9,
            "ArrowRight" => 39,
            "ArrowLeft" => 37,
            _ => 0,
        };
        let mut down = json!({"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code});
        if key.chars().count() == 1 {
            down["text"] = json!(key);
        } else if key == "Enter" {
            down["text"] = json!("\r");
        }
        self.call("Input.dispatchKeyEvent", &down);
        self.call(
            "Input.dispatchKeyEvent",
            &json!({"type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code}),
        );
    }

    /// Types into what has the focus.
    pub(crate) fn write(&mut self, text: &str) {
        self.call("Input.insertText", &json!({"text": text}));
    }

    /// Fails when anything went wrong in the page, or it asked for more than itself.
    pub(crate) fn is_content(&mut self) {
        self.value("1");
        assert!(self.complaints.is_empty(), "{:#?}", self.complaints);
        assert_eq!(self.requests.len(), 1, "{:?}", self.requests);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.stdin = None; // It ends when nobody can tell it anything any more.
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
