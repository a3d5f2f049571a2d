//! Black-box tests of what realtime.md promises about events: order, once, no hole, slow readers.

use crate::support::{Functions, Relay};
use serde_json::json;

#[tokio::test]
async fn realtime_1_and_2_a_posted_event_reaches_a_subscribed_client() {
    let functions = Functions::start().await;
    functions.create(7, "e1");
    let relay = Relay::start(&functions, &[]).await;
    let mut client = relay.client().await;
    assert_eq!(client.subscribe(7, None).await, 0);
    let event = functions.commit(7);
    assert_eq!(functions.post(&relay.url, &event).await, 204);
    let message = client.next().await;
    let mut expected = event.clone();
    expected["type"] = json!("event");
    expected["board"] = json!(7);
    assert_eq!(message, expected, "the event's own members, inlined");
}
