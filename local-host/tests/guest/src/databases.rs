//! Runs a script on database connections: a JSON list of steps, with a list of as many
//! results.

mod parameters;

use std::cell::RefCell;

use serde_json::{Value, json};
use spin_sdk::pg;
use spin_sdk::pg::wit::postgres as blocking;
use spin_sdk::redis::{Connection as Redis, RedisParameter, RedisResult};
use spin_sdk::wasip3::clocks::monotonic_clock;

use self::parameters::parameters;

/// Runs the steps in sequence; the connections that they opened are dropped at the end.
///
/// # Errors
/// If the script is invalid.
pub(crate) async fn run(script: &[u8]) -> Result<String, String> {
    let steps: Vec<Value> = serde_json::from_slice(script).map_err(|error| error.to_string())?;
    let mut session = Session::default();
    let mut results = Vec::new();
    for step in &steps {
        let result = session.step(step).await;
        results.push(result.unwrap_or_else(|error| json!({ "error": error })));
    }
    Ok(Value::Array(results).to_string())
}

/// A request's open connections.
#[derive(Default)]
struct Session {
    postgres: Vec<pg::Connection>,
    blocking: Vec<blocking::Connection>,
    redis: Vec<Redis>,
}

type Outcome = Result<Value, String>;

thread_local! {
    /// Connections that outlive their request.
    static KEPT: RefCell<Vec<Session>> = const { RefCell::new(Vec::new()) };
}

impl Session {
    async fn step(&mut self, step: &Value) -> Outcome {
        let text = |name: &str| step[name].as_str().unwrap_or_default();
        match text("do") {
            "postgres" => {
                let opened = pg::Connection::open(text("address")).await;
                self.postgres.push(opened.map_err(|error| format!("{error:?}"))?);
            }
            "postgres-with-root" => {
                let ca_root = Some(pg::Certificate::Text(text("root").to_owned()));
                let options = pg::OpenOptions { ca_root };
                let opened = pg::Connection::open_with_options(text("address"), options).await;
                self.postgres.push(opened.map_err(|error| format!("{error:?}"))?);
            }
            "postgres-built" => {
                let options = pg::OpenOptions { ca_root: None };
                let opened = pg::Connection::open_with_options(text("address"), options).await;
                self.postgres.push(opened.map_err(|error| format!("{error:?}"))?);
            }
            "postgres-blocking" => {
                let opened = blocking::Connection::open(text("address"));
                self.blocking.push(opened.map_err(|error| format!("{error:?}"))?);
            }
            "query" => return self.query(text("sql"), &step["parameters"]).await,
            "first" => return self.first(text("sql")).await,
            "execute" => return self.execute(text("sql"), &step["parameters"]).await,
            "query-blocking" => return self.query_blocking(text("sql"), &step["parameters"]),
            "execute-blocking" => return self.execute_blocking(text("sql"), &step["parameters"]),
            "redis" => {
                let opened = Redis::open(text("address")).await;
                self.redis.push(opened.map_err(|error| format!("{error:?}"))?);
            }
            "command" => return self.command(&step["words"]).await,
            "redis-call" => return self.redis_call(&step["words"]).await,
            "close" => *self = Self::default(),
            "keep" => KEPT.with_borrow_mut(|kept| kept.push(std::mem::take(self))),
            "kept" => {
                *self = KEPT.with_borrow_mut(Vec::pop).unwrap_or_default();
            }
            "sleep" => {
                let milliseconds = step["milliseconds"].as_u64().unwrap_or(0);
                monotonic_clock::wait_for(milliseconds * 1_000_000).await;
            }
            "trap" => core::arch::wasm32::unreachable(),
            other => return Err(format!("unknown step {other:?}")),
        }
        Ok(json!("done"))
    }

    fn last_postgres(&self) -> Result<&pg::Connection, String> {
        self.postgres.last().ok_or_else(|| "no connection".to_owned())
    }

    async fn query(&self, sql: &str, values: &Value) -> Outcome {
        let answer = self.last_postgres()?.query(sql, parameters(values)?).await;
        let mut answer = answer.map_err(|error| format!("{error:?}"))?;
        let columns: Vec<String> = answer.columns().iter().map(show_column).collect();
        let mut rows = Vec::new();
        while let Some(row) = answer.rows().next().await {
            rows.push(show_row(&row));
        }
        answer.result().await.map_err(|error| format!("{error:?}"))?;
        Ok(json!({ "columns": columns, "rows": rows }))
    }

    /// Reads only the first row.
    async fn first(&self, sql: &str) -> Outcome {
        let answer = self.last_postgres()?.query(sql, []).await;
        let mut answer = answer.map_err(|error| format!("{error:?}"))?;
        let row = answer.rows().next().await;
        Ok(json!(row.as_deref().map(show_row)))
    }

    async fn execute(&self, sql: &str, values: &Value) -> Outcome {
        let changed = self.last_postgres()?.execute(sql, parameters(values)?).await;
        Ok(json!(changed.map_err(|error| format!("{error:?}"))?))
    }

    fn query_blocking(&self, sql: &str, values: &Value) -> Outcome {
        let connection = self.blocking.last().ok_or("no connection")?;
        let answer = connection.query(sql, &parameters(values)?);
        let answer = answer.map_err(|error| format!("{error:?}"))?;
        let columns: Vec<String> = answer.columns.iter().map(show_column).collect();
        let rows: Vec<_> = answer.rows.iter().map(|row| show_row(row)).collect();
        Ok(json!({ "columns": columns, "rows": rows }))
    }

    fn execute_blocking(&self, sql: &str, values: &Value) -> Outcome {
        let connection = self.blocking.last().ok_or("no connection")?;
        let changed = connection.execute(sql, &parameters(values)?);
        Ok(json!(changed.map_err(|error| format!("{error:?}"))?))
    }

    /// A command through `execute`: numbers as numbers, the others as bytes.
    async fn command(&self, words: &Value) -> Outcome {
        let connection = self.redis.last().ok_or("no connection")?;
        let words = words.as_array().ok_or("no words")?;
        let (name, arguments) = words.split_first().ok_or("no words")?;
        let arguments = arguments.iter().map(|word| match word.as_i64() {
            Some(number) => RedisParameter::Int64(number),
            None => RedisParameter::Binary(word.as_str().unwrap_or_default().into()),
        });
        let answer = connection.execute(name.as_str().unwrap_or_default(), arguments).await;
        let answer = answer.map_err(|error| format!("{error:?}"))?;
        Ok(answer.into_iter().map(show_answer).collect())
    }

    /// A command through its own function in the interface.
    async fn redis_call(&self, words: &Value) -> Outcome {
        let connection = self.redis.last().ok_or("no connection")?;
        let words: Vec<&str> =
            words.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let fault = |error| format!("{error:?}");
        match &*words {
            ["publish", channel, message] => {
                connection.publish(channel, message).await.map(|()| json!("done")).map_err(fault)
            }
            ["get", key] => {
                let value = connection.get(key).await.map_err(fault)?;
                Ok(json!(value.map(|value| String::from_utf8_lossy(&value).into_owned())))
            }
            ["set", key, value] => {
                connection.set(key, value).await.map(|()| json!("done")).map_err(fault)
            }
            ["incr", key] => connection.incr(key).await.map(|now| json!(now)).map_err(fault),
            ["del", keys @ ..] => connection.del(keys).await.map(|n| json!(n)).map_err(fault),
            ["sadd", key, values @ ..] => {
                connection.sadd(key, values).await.map(|n| json!(n)).map_err(fault)
            }
            ["srem", key, values @ ..] => {
                connection.srem(key, values).await.map(|n| json!(n)).map_err(fault)
            }
            ["smembers", key] => {
                connection.smembers(key).await.map(|all| json!(all)).map_err(fault)
            }
            other => Err(format!("unknown call {other:?}")),
        }
    }
}

fn show_column(column: &pg::Column) -> String {
    let kind = format!("{:?}", column.data_type).replace("DbDataType::", "");
    format!("{}: {kind}", column.name)
}

fn show_row(row: &[pg::DbValue]) -> Vec<String> {
    row.iter().map(|value| format!("{value:?}").replace("DbValue::", "")).collect()
}

fn show_answer(answer: RedisResult) -> Value {
    match answer {
        RedisResult::Nil => Value::Null,
        RedisResult::Int64(number) => json!(number),
        RedisResult::Status(text) => json!(format!("+{text}")),
        RedisResult::Binary(bytes) => json!(String::from_utf8_lossy(&bytes)),
    }
}
