//! From an empty database, and forward from each earlier version.

use crate::races::activity_of;
use crate::support::{ADA, Database, Writes as _, add_people};
use serde_json::json;
use std::collections::BTreeSet;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

#[tokio::test]
async fn an_empty_database_is_migrated_once_and_has_nothing_to_do_the_second_time() {
    let mut database = Database::empty().await;
    let known = migrations::known();
    let versions: Vec<i32> = known.iter().map(|migration| migration.version).collect();
    assert_eq!(versions, (1..).take(known.len()).collect::<Vec<_>>(), "no gap, no number twice");
    assert_eq!(migrations::migrate(&mut database.client, None).await.expect("migrated"), known);
    assert_eq!(migrations::migrate(&mut database.client, None).await.expect("migrated"), []);
}

#[tokio::test]
async fn every_earlier_version_with_people_in_it_is_migrated_forward() {
    for version in 1..i32::try_from(migrations::known().len()).expect("few") {
        let mut database = Database::empty().await;
        migrations::migrate(&mut database.client, Some(version)).await.expect("migrated");
        add_people(&database.client).await;
        let applied = migrations::migrate(&mut database.client, None).await.expect("migrated");
        assert_eq!(applied.first().map(|migration| migration.version), Some(version + 1));
        let row =
            database.client.query_one("SELECT count(*) FROM users", &[]).await.expect("a row");
        assert_eq!(row.get::<_, i64>(0), 4, "no user was lost on the way from V{version}");
    }
}

/// The previous release's schema; none was tagged yet. What programs use of it must stay until the
/// next release.
const RELEASE_BEFORE: i32 = 25;

/// The interface for programs: functions with their parameters and results, and columns with their
/// types.
async fn offered(client: &Client) -> BTreeSet<String> {
    let offered = "SELECT oid::regprocedure || ' gives ' || pg_get_function_result(oid) FROM pg_proc \
                   WHERE pronamespace = 'public'::regnamespace \
                   UNION ALL SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod)) \
                   FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid \
                   WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped";
    let rows = client.query(offered, &[]).await.expect("rows");
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn programs_of_the_release_before_find_all_that_they_use_after_the_upgrade() {
    let mut database = Database::empty().await;
    migrations::migrate(&mut database.client, Some(RELEASE_BEFORE)).await.expect("migrated");
    let before = offered(&database.client).await;
    migrations::migrate(&mut database.client, None).await.expect("migrated");
    let now = offered(&database.client).await;
    assert_eq!(before.difference(&now).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[tokio::test]
async fn api_activity_begins_to_tell_of_boards_that_are_made_and_keeps_all_that_it_told_before() {
    let mut database = Database::empty().await;
    migrations::migrate(&mut database.client, Some(22)).await.expect("migrated");
    add_people(&database.client).await;
    let old = database.client.create_board(ADA, json!({"name": "Old"})).await;
    database.client.task(old, "one").await;
    migrations::migrate(&mut database.client, None).await.expect("migrated");
    let client = &database.client;
    let young = client.create_board(ADA, json!({"name": "Young"})).await;
    client.task(old, "two").await;
    client.task(young, "one").await;
    let reported = async |count| {
        let (events, _) = activity_of(client, "0.0.0.0", count).await;
        events.iter().map(|it| (it["board_id"].as_i64(), it["seq"].as_i64())).collect::<Vec<_>>()
    };
    let place = |board, seq| (Some(board), Some(seq));
    let all = [place(old, 1), place(young, 0), place(old, 2), place(young, 1)];
    assert_eq!(reported(4).await, all);
    // A board's activity is removed with it, once it has been in the trash for long enough.
    client.delete_board(ADA, young, None).await.expect("deleted");
    assert_eq!(reported(5).await[4], place(young, 2));
    let later = "UPDATE boards SET deleted_at = deleted_at - interval '31 days'";
    client.batch_execute(&format!("{later}; SELECT tidy_up()")).await.expect("tidied");
    assert_eq!(reported(2).await, [place(old, 1), place(old, 2)]);
}

#[tokio::test]
async fn two_that_migrate_at_once_take_turns() {
    let mut database = Database::empty().await;
    let (mut other, mut first, mut second) =
        (database.connect().await, database.connect().await, database.connect().await);
    let migrate = async |waiting: &mut Client, client: &mut Client| {
        let _turn = migrations::take_turn(waiting).await.expect("a turn");
        migrations::migrate(client, None).await
    };
    let (one, two) =
        tokio::join!(migrate(&mut first, &mut database.client), migrate(&mut second, &mut other));
    let mut counts = [one.expect("migrated").len(), two.expect("migrated").len()];
    counts.sort_unstable();
    assert_eq!(counts, [0, migrations::known().len()]);
}

#[tokio::test]
async fn a_database_that_was_migrated_by_other_texts_is_refused() {
    let mut database = Database::new().await;
    let changed = "UPDATE refinery_schema_history SET checksum = '1' WHERE version = 2";
    assert_eq!(database.client.execute(changed, &[]).await.expect("changed"), 1);
    let error = migrations::migrate(&mut database.client, None).await.expect_err("refused");
    let error = format!("{error:#}");
    assert!(error.contains("could not be migrated") && error.contains("boards"), "{error}");
}

#[tokio::test]
async fn a_database_of_a_newer_release_is_left_as_it_is_and_no_error() {
    let mut database = Database::new().await;
    let add = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
               SELECT version + 1, 'of_tomorrow', applied_on, '1' FROM refinery_schema_history
               WHERE version = (SELECT max(version) FROM refinery_schema_history)";
    assert!(!migrations::is_newer(&database.client).await.expect("a version"));
    assert_eq!(database.client.execute(add, &[]).await.expect("added"), 1);
    assert!(migrations::is_newer(&database.client).await.expect("a version"));
    assert_eq!(migrations::migrate(&mut database.client, None).await.expect("nothing done"), []);
    // Migrations known to both still have to be equal.
    let changed = "UPDATE refinery_schema_history SET checksum = '1' WHERE version = 2";
    assert_eq!(database.client.execute(changed, &[]).await.expect("changed"), 1);
    assert!(migrations::migrate(&mut database.client, None).await.is_err(), "refused");
}

#[tokio::test]
async fn every_statement_can_be_prepared_and_gives_only_types_that_every_client_reads() {
    let database = Database::new().await;
    for (file, statement) in shared::data::sql::ALL {
        let prepared = database.client.prepare(statement).await;
        let prepared = prepared.unwrap_or_else(|error| panic!("{file}: {error:?}"));
        for parameter in prepared.params() {
            let plain = [Type::TEXT, Type::INT8, Type::INT4, Type::BOOL].contains(parameter)
                || [Type::TEXT_ARRAY, Type::INT8_ARRAY].contains(parameter);
            assert!(plain, "{file} has the parameter {parameter}");
        }
        for column in prepared.columns() {
            let plain = [Type::TEXT, Type::INT8, Type::INT4, Type::BOOL].contains(column.type_());
            assert!(plain, "{file} returns {} as {}", column.name(), column.type_());
        }
        assert!(statement.starts_with("-- "), "{file} does not say who calls it");
    }
}
