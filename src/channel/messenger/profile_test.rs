//! The page profile against a Graph API that keeps what it is told.

use std::sync::Mutex;

use super::*;

/// Keeps the profile and the subscription as the platform would, and every call.
#[derive(Default)]
struct Platform {
    profile: Mutex<Map<String, Value>>,
    fields: Mutex<Vec<Value>>,
    calls: Mutex<Vec<String>>,
}

#[async_trait]
impl Graph for Platform {
    async fn get(&self, path: &str, _query: &[(&str, String)]) -> Result<Value, String> {
        match path {
            "me/messenger_profile" => Ok(json!({ "data": [*self.profile.lock().expect("not poisoned")] })),
            "1/subscribed_apps" => {
                let ours = json!({ "id": "20", "subscribed_fields": *self.fields.lock().expect("not poisoned") });
                Ok(json!({ "data": [{ "id": "19", "subscribed_fields": SUBSCRIBED_FIELDS }, ours] }))
            }
            other => Err(format!("unknown path {other}")),
        }
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        self.calls.lock().expect("not poisoned").push(format!("POST {path}"));
        if path == "1/subscribed_apps" {
            *self.fields.lock().expect("not poisoned") =
                body["subscribed_fields"].as_array().cloned().unwrap_or_default();
        } else {
            self.profile.lock().expect("not poisoned").extend(body.as_object().cloned().unwrap_or_default());
        }
        Ok(json!({ "result": "success" }))
    }

    async fn delete(&self, path: &str, body: Value) -> Result<Value, String> {
        self.calls.lock().expect("not poisoned").push(format!("DELETE {path}"));
        for field in body["fields"].as_array().into_iter().flatten() {
            self.profile.lock().expect("not poisoned").remove(field.as_str().unwrap_or_default());
        }
        Ok(json!({ "result": "success" }))
    }
}

fn tap(title: &str, payload: &str) -> Tap {
    Tap { title: title.to_owned(), payload: payload.to_owned() }
}

fn wanted() -> Profile {
    let all = |taps: Vec<Tap>| BTreeMap::from([("default".to_owned(), taps)]);
    Profile::wanted(
        BTreeMap::from([
            ("default".to_owned(), "I am a bot.".to_owned()),
            ("es_ES".to_owned(), "Soy un bot.".to_owned()),
        ]),
        all(vec![tap("What is my balance?", "BALANCE"), tap("Is this safe?", "HELP:SAFETY")]),
        all(vec![tap("Accounts", "ACCOUNTS")]),
    )
}

#[tokio::test]
async fn what_is_applied_needs_no_further_change() {
    let (platform, wanted) = (Platform::default(), wanted());
    let before = fetch(&platform, "1", Some("20")).await.expect("answers");
    let changes = before.changes_to(&wanted);
    let properties: Vec<&str> = changes.iter().map(|change| change.property).collect();
    assert_eq!(properties, ["get_started", "greeting", "ice_breakers", "persistent_menu", "subscribed_fields"]);

    apply(&platform, "1", &wanted, &changes).await.expect("takes it");
    let after = fetch(&platform, "1", Some("20")).await.expect("answers");
    assert_eq!(after, wanted);
    assert_eq!(after.changes_to(&wanted), []);
    let calls = platform.calls.lock().expect("not poisoned").join(", ");
    assert_eq!(calls, "POST me/messenger_profile, POST 1/subscribed_apps", "all properties in one call");
}

#[tokio::test]
async fn only_what_differs_is_sent_and_what_is_unwanted_is_removed() {
    let (platform, mut wanted) = (Platform::default(), wanted());
    let changes = Profile::default().changes_to(&wanted);
    apply(&platform, "1", &wanted, &changes).await.expect("takes it");
    platform.fields.lock().expect("not poisoned").retain(|field| field != "message_echoes");
    platform.fields.lock().expect("not poisoned").push(json!("feed"));
    wanted.greeting.clear();
    wanted.ice_breakers.insert("default".to_owned(), vec![tap("What is my balance?", "BALANCE")]);

    let changes = fetch(&platform, "1", Some("20")).await.expect("answers").changes_to(&wanted);
    let changed: Vec<&str> = changes.iter().map(|change| change.property).collect();
    assert_eq!(changed, ["greeting", "ice_breakers", "subscribed_fields"]);
    assert_eq!(changes[0].after, [""; 0]);
    assert_eq!(changes[1].after, ["default: What is my balance? -> BALANCE"]);
    apply(&platform, "1", &wanted, &changes).await.expect("takes it");
    assert_eq!(fetch(&platform, "1", Some("20")).await.expect("answers").changes_to(&wanted), []);
    assert!(platform.fields.lock().expect("not poisoned").contains(&json!("feed")), "others' subscriptions stay");
}

#[test]
fn no_more_ice_breakers_than_the_platform_shows() {
    let many = (0..6).map(|n| tap(&format!("Question {n}"), "Q")).collect();
    let profile = Profile::wanted(BTreeMap::new(), BTreeMap::from([("default".to_owned(), many)]), BTreeMap::new());
    assert_eq!(profile.ice_breakers["default"].len(), ICE_BREAKERS_MAX);
}

#[test]
fn fields_that_somebody_else_subscribed_to_are_no_difference() {
    let mut actual = wanted();
    actual.subscribed.insert("feed".to_owned());
    assert_eq!(actual.changes_to(&wanted()), []);
}
