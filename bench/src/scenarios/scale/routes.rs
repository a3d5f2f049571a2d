//! The routes, requested for an ordinary board and for the large one.

use super::{LARGE, OWN_BOARDS};
use crate::http::Request;
use serde_json::{Value, json};

/// The numbers of tasks and events of an ordinary board.
const TASKS: u64 = 50;
const EVENTS: u64 = 900;

const LARGE_TASKS: u64 = 5_000;

/// A repeated request.
pub(super) struct Route {
    /// Its name in the table.
    pub(super) name: &'static str,
    /// The status of its responses.
    pub(super) status: u16,
    /// How often it is requested.
    pub(super) pace: Pace,
    /// The request of each number.
    pub(super) request: Box<dyn Fn(u64) -> Request>,
}

/// How many requests, and how many of them a second.
#[derive(Clone, Copy)]
pub(super) enum Pace {
    /// Responses within milliseconds.
    Usual,
    /// Reads or writes of much data.
    Heavy,
    /// Requests that take seconds, of which even a few at a time exceed the host's limit for
    /// waiting in memory.
    Seldom,
}

impl Pace {
    pub(super) fn count(self) -> u64 {
        match self {
            Self::Usual => 200,
            Self::Heavy => 20,
            Self::Seldom => 5,
        }
    }

    /// This many a second.
    pub(super) fn per_second(self) -> f64 {
        match self {
            Self::Usual => 50.0,
            Self::Heavy => 4.0,
            Self::Seldom => 0.2,
        }
    }
}

/// The data for building requests.
#[derive(Clone)]
pub(super) struct Asker {
    /// The token of the boards' owner, who is an admin.
    pub(super) token: String,
    pub(super) name: String,
    /// The newest event of the large board.
    pub(super) newest: u64,
    /// How many people there are.
    pub(super) users: u64,
    /// An hour ten months ago, as the filter of the activity.
    pub(super) hour: String,
}

impl Asker {
    fn get(&self, path: &str) -> Request {
        Request::get(path, Some(&self.token))
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Request {
        Request::send(method, path, Some(&self.token), body)
    }
}

/// An ordinary board: the user's boards in turn, without the large one.
fn board(number: u64) -> u64 {
    2 + number % (OWN_BOARDS - 1)
}

fn task(number: u64) -> u64 {
    1 + number / (OWN_BOARDS - 1) % TASKS
}

fn route(
    name: &'static str,
    pace: Pace,
    status: u16,
    request: impl Fn(u64) -> Request + 'static,
) -> Route {
    Route { name, status, pace, request: Box::new(request) }
}

/// The reading routes.
pub(super) fn reads(asker: &Asker) -> Vec<Route> {
    let read = |name, pace, path: Box<dyn Fn(u64) -> String>| {
        let asker = asker.clone();
        route(name, pace, 200, move |number| asker.get(&path(number)))
    };
    let usual = |name, path: fn(u64) -> String| read(name, Pace::Usual, Box::new(path));
    let heavy = |name, path: fn(u64) -> String| read(name, Pace::Heavy, Box::new(path));
    let newest = asker.newest;
    let (last_user, nobody) = (asker.users - 1, "nobody-at-all");
    vec![
        usual("healthz", |_| "/healthz".to_owned()),
        usual("me", |_| "/api/auth/me".to_owned()),
        usual("boards", |_| "/api/boards".to_owned()),
        usual("boards, summary", |_| "/api/boards?summary=true".to_owned()),
        usual("board, first look and kept", |n| format!("/api/boards/{}", board(n))),
        heavy("large board, kept", |_| format!("/api/boards/{LARGE}")),
        usual("board at a seq", |n| format!("/api/boards/{}?at={}", board(n), 1 + n * 37 % EVENTS)),
        heavy("large board at seq 6,000", |_| format!("/api/boards/{LARGE}?at=6000")),
        read(
            "large board at its newest",
            Pace::Heavy,
            Box::new(move |n| format!("/api/boards/{LARGE}?at={}", newest - n)),
        ),
        usual("tasks", |n| format!("/api/boards/{}/tasks", board(n))),
        usual("large board, tasks of nobody", |_| {
            format!("/api/boards/{LARGE}/tasks?assigned_to=nobody")
        }),
        usual("search", |n| format!("/api/boards/{}/tasks?q=agreed", board(n))),
        heavy("large board, search of one", |n| {
            format!("/api/boards/{LARGE}/tasks?q=%23{}", 1 + n * 13 % LARGE_TASKS)
        }),
        heavy("large board, search of all", |_| format!("/api/boards/{LARGE}/tasks?q=agreed")),
        usual("task", |n| format!("/api/boards/{}/tasks/{}", board(n), task(n))),
        usual("comments", |n| format!("/api/boards/{}/tasks/{}/comments", board(n), task(n))),
        usual("task's events", |n| format!("/api/boards/{}/tasks/{}/events", board(n), task(n))),
        usual("large board, a task's events", |n| {
            format!("/api/boards/{LARGE}/tasks/{}/events", 1 + n)
        }),
        usual("events from the first", |n| format!("/api/boards/{}/events?limit=50", board(n))),
        usual("large board, events from the first", |_| {
            format!("/api/boards/{LARGE}/events?limit=50")
        }),
        read(
            "large board, the newest events",
            Pace::Usual,
            Box::new(move |_| format!("/api/boards/{LARGE}/events?limit=50&after={}", newest - 50)),
        ),
        usual("members", |n| format!("/api/boards/{}/members", board(n))),
        heavy("export", |n| format!("/api/boards/{}/export", board(n))),
        read(
            "large board, export",
            Pace::Seldom,
            Box::new(|_| format!("/api/boards/{LARGE}/export")),
        ),
        usual("analytics, first look and kept", |n| format!("/api/boards/{}/analytics", board(n))),
        usual("large board, analytics kept", |_| format!("/api/boards/{LARGE}/analytics")),
        usual("activity, newest", |_| "/api/admin/activity?order=newest".to_owned()),
        usual("activity, oldest", |_| "/api/admin/activity?order=oldest".to_owned()),
        read("activity of the owner", Pace::Usual, {
            let name = asker.name.clone();
            Box::new(move |_| format!("/api/admin/activity?order=newest&user={name}"))
        }),
        usual("activity of one", |n| {
            format!("/api/admin/activity?order=newest&user=user-{:06}", 20 + n)
        }),
        usual("activity of a board", |n| {
            format!("/api/admin/activity?order=newest&board={}", board(n))
        }),
        usual("activity, deletions alone", |_| {
            "/api/admin/activity?order=newest&action=Delete".to_owned()
        }),
        read("activity of an hour ten months ago", Pace::Usual, {
            let hour = asker.hour.clone();
            Box::new(move |_| format!("/api/admin/activity?order=newest&{hour}"))
        }),
        usual("stats", |_| "/api/admin/stats".to_owned()),
        usual("users", |_| "/api/admin/users".to_owned()),
        read(
            "users, the last by name",
            Pace::Heavy,
            Box::new(move |_| format!("/api/admin/users?q={last_user:06}")),
        ),
        read(
            "users, nobody by name",
            Pace::Heavy,
            Box::new(move |_| format!("/api/admin/users?q={nobody}")),
        ),
        usual("users, admins", |_| "/api/admin/users?role=admin".to_owned()),
    ]
}

/// The writing routes, in an order in which each finds the data that it needs.
pub(super) fn writes(asker: &Asker) -> Vec<Route> {
    let write = |name,
                 method: &'static str,
                 status,
                 path: Box<dyn Fn(u64) -> String>,
                 body: Box<dyn Fn(u64) -> Option<Value>>| {
        let asker = asker.clone();
        route(name, Pace::Usual, status, move |n| asker.send(method, &path(n), body(n).as_ref()))
    };
    let sent = |name, method, status, path: fn(u64) -> String, body: fn(u64) -> Option<Value>| {
        write(name, method, status, Box::new(path), Box::new(body))
    };
    let new_task = |n: u64| Some(json!({"title": format!("Another of these, number {n}")}));
    let (newest, users) = (asker.newest, asker.users);
    vec![
        sent(
            "POST board",
            "POST",
            201,
            |_| "/api/boards".to_owned(),
            |n| Some(json!({"name": format!("Another {n}")})),
        ),
        sent(
            "PATCH board",
            "PATCH",
            200,
            |n| format!("/api/boards/{}", board(n)),
            |n| Some(json!({"name": format!("Renamed {n}")})),
        ),
        sent("POST task", "POST", 201, |n| format!("/api/boards/{}/tasks", board(n)), new_task),
        sent(
            "large board, POST task",
            "POST",
            201,
            |_| format!("/api/boards/{LARGE}/tasks"),
            new_task,
        ),
        sent(
            "PATCH task",
            "PATCH",
            200,
            |n| format!("/api/boards/{}/tasks/{}", board(n), task(n)),
            |n| Some(json!({"title": format!("Renamed {n}")})),
        ),
        sent(
            "large board, PATCH task",
            "PATCH",
            200,
            |n| format!("/api/boards/{LARGE}/tasks/{}", 1 + n),
            |n| Some(json!({"title": format!("Renamed {n}")})),
        ),
        sent(
            "large board, move of a task",
            "PATCH",
            200,
            |n| format!("/api/boards/{LARGE}/tasks/{}", 1 + n),
            |_| Some(json!({"before": null})),
        ),
        sent(
            "POST comment",
            "POST",
            201,
            |n| format!("/api/boards/{}/tasks/{}/comments", board(n), task(n)),
            |n| Some(json!({"body": format!("So it is, number {n}")})),
        ),
        // Of those, the large board's last: then nothing prevents it.
        write(
            "large board, undo",
            "POST",
            201,
            Box::new(move |n| format!("/api/boards/{LARGE}/events/{}/undo", newest + 600 - n)),
            Box::new(|_| None),
        ),
        sent(
            "DELETE task",
            "DELETE",
            204,
            |n| format!("/api/boards/{}/tasks/{}", board(n), task(n)),
            |_| None,
        ),
        write(
            "PUT member",
            "PUT",
            200,
            Box::new(move |n| {
                let member = 3 + board(n) * 9 % (users - 10);
                format!("/api/boards/{}/members/user-{member:06}", board(n))
            }),
            Box::new(|n| {
                Some(
                    json!({"role": if (n / (OWN_BOARDS - 1)).is_multiple_of(2) { "viewer" } else { "editor" }}),
                )
            }),
        ),
        sent(
            "PATCH me",
            "PATCH",
            200,
            |_| "/api/auth/me".to_owned(),
            |n| Some(json!({"display_name": format!("Ada {n}")})),
        ),
        sent(
            "PATCH user",
            "PATCH",
            200,
            |n| format!("/api/admin/users/user-{:06}", 10 + n),
            |_| Some(json!({"disabled": true})),
        ),
    ]
}
