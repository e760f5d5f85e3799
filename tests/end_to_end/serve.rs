//! `serve`: deliveries in, figures out, and nothing lost when it ends.

use balancebot::domain::bank::BankId;
use balancebot::sandbox::messenger::{FailNext, Faults};
use balancebot::sandbox::switch::Switch;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::process::until;
use crate::town::{MAYA, NOOR, Town};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_travels_the_whole_way_and_comes_back_with_the_figures() {
    let town = Town::build().await;
    let program = town.serve();
    for (path, word) in [("live", "live"), ("ready", "ready")] {
        let answer = reqwest::get(format!("{}/{path}", program.origin())).await.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.text().await.expect("a body").as_str()), (200, word));
    }
    assert!(town.messenger.verify_webhook().await, "the challenge comes back");
    let wrong = format!("{}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess", program.address);
    assert_eq!(reqwest::get(wrong).await.expect("an answer").status().as_u16(), 403);

    let said = town.ask("maya", "what's my balance?", "1179").await;
    for figure in [
        "Everyday Checking ••4821: $2,184.05 available",
        "Joint Checking ••3305: $940.12 available",
        "Rainy Day Savings ••7730: $8,450.00 available",
        "Cashback Visa ••1179: $642.18 owed",
    ] {
        assert!(said.contains(figure), "{figure:?} is not in:\n{said}");
    }
    // With `turn.cache = "0s"` nothing is answered from memory.
    assert!(!town.banks.take_calls().is_empty());
    town.ask("maya", "balance", "$2,184.05").await;
    assert!(!town.banks.take_calls().is_empty(), "the bank is asked again");
    town.ask("noor", "what's my balance?", "none is linked yet").await;
    assert_eq!(town.banks.take_calls(), [], "without a consent no bank is called");
    program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forged_or_comes_again_is_not_answered() {
    let town = Town::build().await;
    let program = town.serve();
    town.ask("maya", "thanks", "").await;
    until("everything is sent", async || town.stats()["outgoing"] == 0).await;
    let before = town.messenger.mark("maya").expect("a person");

    let body = r#"{"object":"page","entry":[]}"#;
    let forged = format!("sha256={}", "5a".repeat(32));
    let post = reqwest::Client::new().post(&program.address).header("x-hub-signature-256", forged).body(body);
    let answer = post.send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.bytes().await.expect("a body").len()), (401, 0));
    let status = town.messenger.forge("maya", "what's my balance?").await.expect("a person");
    assert_eq!(status.map(|status| status.as_u16()), Some(401));
    let status = town.messenger.redeliver("maya").await.expect("a message");
    assert_eq!(status.map(|status| status.as_u16()), Some(200));

    // Whoever was to be answered would be answered before somebody who asks afterwards.
    town.ask("noor", "help", "").await;
    assert_eq!(town.heard("maya", before), [""; 0]);
    let stats = town.stats();
    assert_eq!((&stats["duplicate"], &stats["buried"], &stats["broken"]), (&1.into(), &0.into(), &0.into()), "{stats}");
    let sum = ["kept", "ignored", "broken", "duplicate"].map(|name| stats[name].as_u64().expect("a count"));
    assert_eq!(stats["received"].as_u64(), Some(sum.iter().sum()), "{stats}");
    program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_hangs_up_changes_nothing() {
    let town = Town::build().await;
    let program = town.serve();
    let address = program.origin().trim_start_matches("http://").to_owned();
    // The platform takes replies only for whom it has seen write.
    town.ask("noor", "help", "").await;
    for number in 0..10 {
        let mark = town.messenger.mark("noor").expect("a person");
        let delivery = town.delivery(NOOR, &format!("m_hangs_up_{number}"), "help");
        let mut caller = TcpStream::connect(&address).await.expect("a connection");
        caller.write_all(&delivery).await.expect("written");
        // It does not wait for its 200, as after a timeout of its own, and sends again what was perhaps not taken.
        drop(caller);
        let mut caller = TcpStream::connect(&address).await.expect("a connection");
        caller.write_all(&delivery).await.expect("written");
        let mut answer = [0; 15];
        caller.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 200 OK");
        // A claim that went with the first caller would be held for longer than anybody waits here.
        town.hears("noor", mark, "").await;
    }
    program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_that_could_not_be_sent_is_sent_after_the_restart() {
    let town = Town::build().await;
    let program = town.serve();
    let fail = FailNext { count: 1000, code: 2, subcode: None, status: 500, is_transient: true };
    town.messenger.set_faults(Faults { fail_next: Some(fail), ..Faults::default() });
    let mark = town.messenger.mark("maya").expect("a person");
    town.messenger.say("maya", "what's my balance?").await.expect("a person");
    until("a reply waits", async || town.stats()["outgoing"].as_u64() > Some(0)).await;
    program.terminate().await;
    assert_eq!(town.heard("maya", mark), [""; 0]);
    assert_eq!(town.stats()["waiting"], 0, "the turn itself was done");

    town.messenger.set_faults(Faults::default());
    let program = town.serve();
    town.hears("maya", mark, "$2,184.05").await;
    until("everything is sent", async || town.stats()["outgoing"] == 0).await;
    let times = town.heard("maya", mark).iter().filter(|said| said.contains("$2,184.05")).count();
    assert_eq!(times, 1);
    program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_that_died_with_the_process_is_thought_again() {
    let town = Town::build().await;
    let northgate = BankId::new("northgate");
    town.banks.switch(&northgate, Switch::Slow { seconds: 600 }).expect("a bank");
    let program = town.serve();
    let mark = town.messenger.mark("maya").expect("a person");
    town.messenger.say("maya", "what's my balance?").await.expect("a person");
    until("the bank is being asked", async || !town.banks.calls().is_empty()).await;
    program.kill();
    assert_eq!(town.stats()["waiting"], 1, "what was acknowledged is there");

    town.banks.switch(&northgate, Switch::Up).expect("a bank");
    let program = town.serve();
    town.hears("maya", mark, "$2,184.05").await;
    until("nothing waits", async || town.stats()["waiting"] == 0).await;
    program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_forgotten_while_the_program_runs() {
    let town = Town::build().await;
    let program = town.serve();
    town.ask("maya", "what's my balance?", "$2,184.05").await;
    until("everything is sent", async || town.stats()["outgoing"] == 0).await;
    let words = format!("forget {MAYA}");
    let forget = |person: &str, words: &str| town.run(&["forget", crate::town::PAGE, person, "--confirm", words], 0);
    let told = forget(MAYA, &words);
    assert!(
        told.starts_with("Erased ") && told.ends_with(&format!("rows of messenger/{}/{MAYA}.\n", crate::town::PAGE))
    );
    town.ask("maya", "what's my balance?", "none is linked yet").await;
    let told = forget(NOOR, &format!("forget {NOOR}"));
    assert!(told.starts_with("Nothing was kept of "), "{told}");
    program.terminate().await;
}
