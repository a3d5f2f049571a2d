//! Tasks' positions: the texts that sort them.

use crate::support::Database;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio_postgres::Client;

async fn between(client: &Client, low: Option<&str>, high: Option<&str>) -> String {
    let row = client.query_one("SELECT position_between($1, $2)", &[&low, &high]).await;
    let place: String = row.expect("a position").get(0);
    assert!(low.is_none_or(|low| low < place.as_str()), "{low:?} < {place}");
    assert!(high.is_none_or(|high| place.as_str() < high), "{place} < {high:?}");
    place
}

/// Bisects one gap in a loop inside the server; `half` selects the half by the step's number.
async fn bisect(client: &Client, low: &str, high: &str, half: &str) -> i32 {
    let block = format!(
        "DO $$ DECLARE low text COLLATE \"C\" := '{low}'; high text COLLATE \"C\" := '{high}'; middle text COLLATE \"C\"; longest int := 0; BEGIN \
         FOR n IN 1..1000 LOOP \
           middle := position_between(low, high); \
           IF NOT (low < middle AND middle < high) THEN RAISE 'not between: % % %', low, middle, high; END IF; \
           longest := greatest(longest, octet_length(middle)); \
           IF {half} THEN low := middle; ELSE high := middle; END IF; \
         END LOOP; PERFORM set_config('test.longest', longest::text, false); END $$"
    );
    client.batch_execute(&block).await.expect("bisected");
    let row = client.query_one("SELECT current_setting('test.longest')::int", &[]).await;
    row.expect("a row").get(0)
}

#[tokio::test]
async fn api_move_a_thousand_bisections_of_one_gap_stay_under_200_bytes() {
    let database = Database::new().await;
    let gaps =
        [("a0", "a1"), ("az", "b00"), ("Zz", "a0"), ("Yzz", "Z0"), ("a0V", "a1"), ("a0", "d0000")];
    // Always the lower half, always the upper, alternating, in runs, and pseudo-randomly.
    let halves = [
        "false",
        "true",
        "n % 2 = 0",
        "(n / 7) % 2 = 0",
        "hashint4(n) % 2 = 0",
        "hashint4(n) % 3 = 0",
    ];
    for (low, high) in gaps {
        for half in halves {
            let longest = bisect(&database.client, low, high, half).await;
            assert!(longest < 200, "{longest} bytes between {low} and {high}, {half}");
        }
    }
}

#[tokio::test]
async fn api_move_appending_and_prepending_grow_at_most_logarithmically() {
    let database = Database::new().await;
    for (from_end, step) in
        [("position_between(place, NULL)", ">"), ("position_between(NULL, place)", "<")]
    {
        let block = format!(
            "DO $$ DECLARE place text COLLATE \"C\" := 'a0'; other text COLLATE \"C\"; BEGIN \
             FOR n IN 1..20000 LOOP other := {from_end}; \
               IF NOT other {step} place THEN RAISE 'out of order: % %', place, other; END IF; place := other; \
             END LOOP; PERFORM set_config('test.longest', octet_length(place)::text, false); END $$"
        );
        database.client.batch_execute(&block).await.expect("appended");
        let row =
            database.client.query_one("SELECT current_setting('test.longest')::int", &[]).await;
        // 62 + 62² + 62³ positions have up to three digits after their letter.
        assert_eq!(row.expect("a row").get::<_, i32>(0), 4);
    }
}

#[tokio::test]
async fn positions_that_have_no_room_between_them_are_an_error_and_no_wrong_answer() {
    let database = Database::new().await;
    for (low, high) in [("a1", "a0"), ("a0", "a0")] {
        let statement = "SELECT position_between($1, $2)";
        assert!(database.client.query_one(statement, &[&low, &high]).await.is_err());
    }
}

/// An insertion: the gap, as a fraction of 65,536.
fn insertions() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(
        prop_oneof![Just(0), Just(u16::MAX), any::<u16>(), 30_000_u16..30_010],
        1..60,
    )
}

#[test]
fn any_insertions_keep_the_column_in_its_order_by_bytes_without_a_collision() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let database = runtime.block_on(Database::new());
    let mut runner = TestRunner::new(ProptestConfig { cases: 40, ..ProptestConfig::default() });
    let outcome = runner.run(&insertions(), |insertions| {
        let mut column: Vec<String> = Vec::new();
        for share in insertions {
            let gap = usize::from(share) * (column.len() + 1) / 65_536;
            let low = gap.checked_sub(1).map(|index| column[index].as_str());
            let high = column.get(gap).map(String::as_str);
            let place = runtime.block_on(between(&database.client, low, high));
            let form = place.starts_with(|first: char| first.is_ascii_alphabetic())
                && place.bytes().all(|byte| byte.is_ascii_alphanumeric());
            prop_assert!(form, "{place}");
            column.insert(gap, place);
        }
        prop_assert!(column.windows(2).all(|pair| pair[0] < pair[1]), "{column:?}");
        Ok(())
    });
    runtime.block_on(async { drop(database) });
    outcome.expect("in order");
}
