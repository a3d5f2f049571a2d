//! `/api/admin/stats`: what the servers are doing, for the admins' dashboard.

#![cfg(target_arch = "wasm32")]

use platform::redis::{self, Script, Value};
use platform::{
    Answer, Call, Endpoint, Failure, Method, Request, Response, StatusCode, header, host, postgres,
    token_checker,
};
use serde_json::{Map, Value as Json, json};
use shared::data::statistics::{Counted, Latency, RelayReport, beginnings, keys_of};
use shared::data::{keys, scripts, sql};
use shared::http::problem::ProblemKind;
use shared::models::Timestamp;
use std::time::Instant;

static READ: Script = Script::new(scripts::READ_STATISTICS);
static REPORTS: Script = Script::new(scripts::RELAY_REPORT);

/// For how long a relay's report counts, in milliseconds.
const FRESH: u64 = 10_000;

/// For how many times as long as it took an answer of PostgreSQL is kept: however much happened in the last hour, and
/// however many admins look, no more than a twentieth of the time is spent on that.
const KEPT: u32 = 20;

/// The figures from Redis.
const OF_REDIS: [&str; 9] = [
    "busiest_boards",
    "cache",
    "connections",
    "deliveries",
    "events",
    "latency",
    "people",
    "relays",
    "stream",
];

platform::http_service!(handle);

async fn handle(request: Request) -> Response {
    let endpoint = Endpoint::of(&[Method::GET]).for_admins();
    endpoint.serve(request, async |call| read(call).await).await
}

async fn read(call: &Call) -> Result<Answer, Failure> {
    let claims = token_checker::signed(call).await?;
    let row = token_checker::read_for_admin(call, &claims, sql::READ_STATS, []).await?;
    let mut stats: Map<String, Json> =
        serde_json::from_str(row.text(1)?).map_err(Failure::internal)?;
    let now = host::now();
    let redis = match counted(call, now).await {
        Ok((mut counted, reports)) => {
            if !counted.is_whole(now) {
                let told = counted_anew(call, now).await?;
                counted.recount(&told).map_err(Failure::internal)?;
            }
            stats.extend(of_counts(call, &counted, now).await?);
            stats.extend(of_relays(&reports));
            "ok"
        }
        Err(failure) => {
            failure.log(call.request_id());
            stats.extend(OF_REDIS.map(|name| (name.to_owned(), Json::Null)));
            match failure.problem().kind {
                ProblemKind::NotConfigured => "not configured",
                _ => "unavailable",
            }
        }
    };
    stats.insert("at".to_owned(), json!(now));
    stats.insert("stores".to_owned(), json!({"postgresql": "ok", "redis": redis}));
    let answer = Answer::json(StatusCode::OK, Json::from(stats).to_string());
    Ok(answer.with(header::CACHE_CONTROL, "no-store"))
}

/// The counts of all shards, and the relays' reports, from Redis.
async fn counted(
    call: &Call,
    now: Timestamp,
) -> Result<(Counted, Vec<(Timestamp, RelayReport)>), Failure> {
    let mut counted = Counted::default();
    for shard in 0..keys::SHARDS {
        let (keys, parts) = keys_of(shard, now);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let answer = READ.run(call, &keys, &parts.map(redis::number)).await?;
        let text = answer.first().and_then(text).unwrap_or_default();
        counted.add(text).map_err(Failure::internal)?;
    }
    let told = REPORTS.run(call, &[keys::RELAY_REPORTS], &[redis::number(FRESH)]).await?;
    let mut reports: Vec<_> = told.iter().filter_map(text).filter_map(report).collect();
    reports.sort_by(|(_, a), (_, b)| (a.started_at, &a.relay).cmp(&(b.started_at, &b.relay)));
    Ok((counted, reports))
}

/// The last hour from PostgreSQL, if Redis has not counted all of it.
async fn counted_anew(call: &Call, now: Timestamp) -> Result<String, Failure> {
    let beginnings = beginnings(now);
    let key = keys::events_counted(beginnings[0]);
    let kept = redis::execute(call, "GET", &[redis::text(&key)]).await;
    if let Some(kept) = kept.ok().as_deref().and_then(|kept| kept.first()).and_then(text) {
        return Ok(kept.to_owned());
    }
    let start = Instant::now();
    let parameters = postgres::numbers(beginnings)?;
    let row = postgres::query_one(call, sql::COUNT_EVENTS, parameters).await?;
    let row = row.ok_or_else(|| Failure::internal("nothing was counted"))?;
    let told = row.text(0)?.to_owned();
    let kept_for = start.elapsed() * KEPT;
    let milliseconds = redis::number(kept_for.as_millis().max(1));
    let words = [redis::text(&key), redis::text(&told), redis::text("PX"), milliseconds];
    if let Err(failure) = redis::execute(call, "SET", &words).await {
        failure.log(call.request_id());
    }
    Ok(told)
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Binary(bytes) => std::str::from_utf8(bytes).ok(),
        Value::Status(text) => Some(text),
        _ => None,
    }
}

/// A report and when it came; `None` of a relay that says something else, since it is of another version.
fn report(told: &str) -> Option<(Timestamp, RelayReport)> {
    let (moment, report) = told.split_once(' ')?;
    let moment = Timestamp::from_milliseconds(moment.parse().ok()?);
    Some((moment, serde_json::from_str(report).ok()?))
}

/// What was counted.
async fn of_counts(
    call: &Call,
    counted: &Counted,
    now: Timestamp,
) -> Result<Vec<(String, Json)>, Failure> {
    let boards = counted.busiest_boards();
    let ids: Result<Vec<_>, _> =
        boards.iter().map(|(id, _)| i64::try_from(*id).map(Some)).collect();
    let ids = postgres::Parameter::ArrayInt64(ids.map_err(Failure::internal)?);
    let names = postgres::query(call, sql::NAME_BOARDS, vec![ids]).await?;
    let mut busiest = Vec::with_capacity(boards.len());
    for (board, events) in boards {
        let mut name = None;
        for row in &names {
            if row.number(0)? == board {
                name = Some(row.text(1)?);
            }
        }
        busiest.push(json!({"board_id": board, "name": name, "events": events}));
    }
    let (reads, misses) = (counted.statistic("reads"), counted.statistic("misses"));
    let hits = reads.saturating_sub(misses);
    let rate = (reads > 0).then(|| hits as f64 / (hits + misses).max(1) as f64);
    Ok(members([
        ("events", json!({"per_minute": counted.per_minute(now), "by_kind": counted.by_kind()})),
        ("people", json!({"active": counted.active(), "busiest": counted.busiest_people()})),
        ("busiest_boards", Json::from(busiest)),
        ("cache", json!({"hits": hits, "misses": misses, "hit_rate": rate})),
        ("deliveries", json!({"deferred": counted.statistic("deferred")})),
    ]))
}

/// What relays say.
fn of_relays(reports: &[(Timestamp, RelayReport)]) -> Vec<(String, Json)> {
    let all = |counts: fn(&RelayReport) -> &[u64]| {
        let longest = reports.iter().map(|(_, report)| counts(report).len()).max();
        let sum = |index| reports.iter().filter_map(|(_, it)| counts(it).get(index)).sum();
        let sums: Vec<u64> = (0..longest.unwrap_or_default()).map(sum).collect();
        Latency::of(&sums)
    };
    let relays = reports.iter().map(|(moment, report)| {
        json!({
            "relay": report.relay,
            "version": report.version,
            "started_at": report.started_at,
            "reported_at": moment,
            "connections": report.connections,
            "guests": report.guests,
            "subscriptions": report.subscriptions,
            "boards": report.boards,
            "feed_lag_ms": report.feed_lag_ms,
            "publish_to_socket": Latency::of(&report.publish_to_socket),
            "write_to_glass": Latency::of(&report.write_to_glass),
        })
    });
    // All of them measure the same group.
    let most = |entries: fn(&RelayReport) -> u64| {
        reports.iter().map(|(_, report)| entries(report)).max().unwrap_or_default()
    };
    members([
        ("connections", json!(reports.iter().map(|(_, it)| it.connections).sum::<u64>())),
        ("relays", relays.collect()),
        (
            "latency",
            json!({
                "publish_to_socket": all(|report| &report.publish_to_socket),
                "write_to_glass": all(|report| &report.write_to_glass),
            }),
        ),
        (
            "stream",
            json!({
                "lag_entries": most(|report| report.lag_entries),
                "pending_entries": most(|report| report.pending_entries),
            }),
        ),
    ])
}

fn members<const N: usize>(members: [(&str, Json); N]) -> Vec<(String, Json)> {
    members.map(|(name, value)| (name.to_owned(), value)).into()
}
