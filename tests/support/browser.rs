//! Drives a real browser: Chromium through chromedriver, each with a port and a profile of its own.
//! On Debian: `apt-get install chromium chromium-driver`. Without them the tests fail and say so.
#![allow(dead_code, reason = "each test file that includes this uses a part of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// How long anything may take to appear.
const PATIENCE: Duration = Duration::from_secs(15);

/// How often something may be drawn anew under the pointer.
const REDRAWS_MAX: usize = 20;

/// Narrower than this, Chromium opens no window: a phone is emulated instead.
const WINDOW_MIN: u32 = 520;

/// Whether tests with a browser are left out of this run, which is then said. `tests/all` installs a browser and never
/// leaves them out; `cargo test` alone runs what needs nothing.
pub(crate) fn left_out() -> bool {
    let wanted = std::env::var_os("BALANCEBOT_TEST_BROWSER").is_some();
    if !wanted {
        // Straight to the stream: what a passing test prints is not shown.
        let name = std::thread::current().name().unwrap_or("a test").to_owned();
        let note = "left out, needs Chromium (run tests/all, or set BALANCEBOT_TEST_BROWSER=1)";
        let _ = writeln!(std::io::stderr(), "{name}: {note}");
    }
    !wanted
}

/// One browser window.
pub(crate) struct Browser {
    client: Client,
    driver: Driver,
    _profile: tempfile::TempDir,
}

struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts chromedriver on a port that it picks itself, so that two tests never want the same.
    fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("browser tests need chromedriver (Debian: apt-get install chromium chromium-driver): {error}")
            });
        let stdout = process.stdout.take().expect("stdout is piped");
        let port = BufReader::new(stdout)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok())
            .expect("chromedriver tells its port when it has started");
        Self { process, port }
    }

    /// Asks chromedriver to end its browsers and itself.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        stream.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Also after a failed test: or the browser would outlive it.
        drop(self.shut_down());
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Browser {
    /// Opens `url` in a window of this size, light or dark.
    pub(crate) async fn open(url: &str, width: u32, height: u32, dark: bool) -> Self {
        let driver = Driver::start();
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let capabilities = capabilities(profile.path(), width, height, dark);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .unwrap_or_else(|error| panic!("chromium does not start (Debian: apt-get install chromium): {error}"));
        client.goto(url).await.expect("the page opens");
        Self { client, driver, _profile: profile }
    }

    /// Goes to another page.
    pub(crate) async fn go(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Types into the element that the selector finds. The driver takes no characters beyond U+FFFF: no emoji.
    pub(crate) async fn type_into(&self, selector: &str, text: &str) {
        self.element(selector).await.send_keys(text).await.expect("the element takes keys");
    }

    /// Types a line and presses Enter.
    pub(crate) async fn enter(&self, selector: &str, text: &str) {
        self.type_into(selector, &format!("{text}{}", char::from(Key::Enter))).await;
    }

    /// Clicks the element that the selector finds.
    pub(crate) async fn click(&self, selector: &str) {
        self.click_found(Locator::Css(selector), selector).await;
    }

    /// Clicks what a locator finds. The page may draw it anew between finding and clicking: then it is found again.
    async fn click_found(&self, locator: Locator<'_>, what: &str) {
        for _ in 0..REDRAWS_MAX {
            let found = self.client.wait().at_most(PATIENCE).for_element(locator).await;
            let found = found.unwrap_or_else(|error| panic!("nothing to click: {what}: {error}"));
            match found.click().await {
                Err(error) if error.is_stale_element_reference() => {}
                clicked => return clicked.unwrap_or_else(|error| panic!("cannot be clicked: {what}: {error}")),
            }
        }
        panic!("is drawn anew all the time: {what}");
    }

    /// Clicks the button or link that shows exactly this text, once there is one.
    pub(crate) async fn click_text(&self, text: &str) {
        let path = format!("//*[self::button or self::a][normalize-space(text())={text:?}]");
        self.click_found(Locator::XPath(&path), text).await;
    }

    /// Waits until `text` can be read inside the element that the selector finds.
    pub(crate) async fn wait_for_text(&self, selector: &str, text: &str) {
        let script = format!("document.querySelector({selector:?})?.innerText.includes({})", json!(text));
        self.wait_until(&script, &format!("{text:?} in {selector}")).await;
    }

    /// Waits until a JavaScript expression is true; `what` is said when it does not become so.
    pub(crate) async fn wait_until(&self, expression: &str, what: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1]; const end = Date.now() + {};
             (function look() {{ if ({expression}) done(true); else if (Date.now() > end) done(false);
               else setTimeout(look, 20); }})();",
            PATIENCE.as_millis()
        );
        let came = self.client.execute_async(&script, vec![]).await.expect("the script runs");
        assert_eq!(came, Value::Bool(true), "did not come: {what}");
    }

    /// The value of a JavaScript expression.
    pub(crate) async fn evaluate(&self, expression: &str) -> Value {
        self.client.execute(&format!("return {expression};"), vec![]).await.expect("the script runs")
    }

    /// Saves what the window shows as PNG.
    pub(crate) async fn screenshot(&self, path: impl AsRef<Path>) {
        let png = self.client.screenshot().await.expect("a picture");
        std::fs::write(path, png).expect("the picture is written");
    }

    /// Ends the browser.
    pub(crate) async fn close(self) {
        self.client.close().await.expect("the browser closes");
        drop(self.driver);
    }

    async fn element(&self, selector: &str) -> fantoccini::elements::Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        found.unwrap_or_else(|error| panic!("no element {selector}: {error}"))
    }
}

fn capabilities(profile: &Path, width: u32, height: u32, dark: bool) -> serde_json::Map<String, Value> {
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--window-size={},{height}", width.max(WINDOW_MIN)));
    arguments.push(format!("--blink-settings=preferredColorScheme={}", if dark { 0 } else { 1 }));
    let mut options = json!({"args": arguments});
    if width < WINDOW_MIN {
        let metrics = json!({"width": width, "height": height, "pixelRatio": 2.0, "mobile": true, "touch": true});
        options["mobileEmulation"] = json!({"deviceMetrics": metrics});
    }
    let mut capabilities = serde_json::Map::new();
    capabilities.insert("browserName".to_owned(), json!("chrome"));
    capabilities.insert("goog:chromeOptions".to_owned(), options);
    // Pages that hold an event stream open never finish loading in the strict sense.
    capabilities.insert("pageLoadStrategy".to_owned(), json!("eager"));
    capabilities.insert("timeouts".to_owned(), json!({"script": 20_000, "pageLoad": 20_000}));
    capabilities
}
