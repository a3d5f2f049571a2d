//! The key-value stores, through both interfaces.

mod support;

use std::collections::BTreeSet;

use http::StatusCode;
use support::{Folder, MANIFEST};

#[tokio::test]
async fn two_hundred_concurrent_swaps_and_increments_lose_nothing() {
    let host = Folder::new(MANIFEST).start(&[]);
    let swaps = (0..200).map(|_| host.tell("swap", "swapped"));
    let increments = (0..200).map(|_| host.tell("increment", "incremented"));
    let (swaps, increments) =
        tokio::join!(futures::future::join_all(swaps), futures::future::join_all(increments));
    let expected: BTreeSet<u32> = (1..=200).collect();
    for results in [swaps, increments] {
        let seen: BTreeSet<u32> = results.iter().map(|number| number.parse().unwrap()).collect();
        assert_eq!(seen, expected);
    }
    assert_eq!(host.tell("get", "swapped").await, "200");
}

#[tokio::test]
async fn a_swap_that_saw_nothing_does_not_overwrite_what_came_in_between() {
    let host = Folder::new(MANIFEST).start(&[]);
    assert_eq!(host.tell("create", "key=ours").await, "refused: it is theirs");
    assert_eq!(host.tell("get", "key").await, "theirs");
}

#[tokio::test]
async fn both_interfaces_see_the_same_data() {
    let host = Folder::new(MANIFEST).start(&[]);
    assert_eq!(host.tell("get", "a").await, "none");
    host.tell("set", "a=1").await;
    host.tell("set", "b=2").await;
    assert_eq!(host.tell("get-many", "a,b,c").await, "a=1 b=2 c=none");
    assert_eq!(host.tell("keys", "").await, "a b");
    assert_eq!(host.tell("exists", "a").await, "true");
    host.tell("delete", "a").await;
    assert_eq!(host.tell("exists", "a").await, "false");
    assert_eq!(host.tell("swap", "b").await, "3");
    assert_eq!(host.tell("get", "b").await, "3");
}

#[tokio::test]
async fn only_stores_of_the_manifest_can_be_opened() {
    let folder = Folder::new(MANIFEST);
    folder.write(
        "runtime.toml",
        "[key_value_store.default]\ntype = \"spin\"\n[key_value_store.other]\ntype = \"spin\"\n",
    );
    let host = folder.start(&["--runtime-config-file", "runtime.toml"]);
    assert_eq!(host.tell("open", "default").await, "opened");
    for label in ["other", "nowhere"] {
        let answer = host.ask("open", label).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("AccessDenied"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_full_store_says_so_and_goes_on() {
    let host = Folder::new(MANIFEST).start(&["--max-store-bytes", "100"]);
    host.tell("set", "a=1").await;
    let answer = host.ask("set", &format!("b={}", "x".repeat(200))).await;
    assert!(answer.body.contains("the store is full"), "{}", answer.body);
    assert_eq!(host.tell("get", "a").await, "1");
}

#[tokio::test]
async fn the_data_is_gone_after_a_restart() {
    let folder = Folder::new(MANIFEST);
    let host = folder.start(&[]);
    host.tell("set", "a=1").await;
    drop(host);
    let host = folder.start(&[]);
    assert_eq!(host.tell("get", "a").await, "none");
}
