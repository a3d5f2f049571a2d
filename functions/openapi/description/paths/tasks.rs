//! Tasks of teams' boards, and what is written about them.

use crate::description::headers::{
    ETAG, EVENT_DELIVERY, EVENT_SEQ, IDEMPOTENCY_REPLAYED, LOCATION,
};
use crate::description::operation::Operation;
use crate::description::parameters::{query, words};
use crate::description::schemas::comment::{Comment, CommentPage, CommentPatch, NewComment};
use crate::description::schemas::event::TaskHistory;
use crate::description::schemas::reference;
use crate::description::schemas::scalar::{ColumnKey, GivenMoment};
use crate::description::schemas::task::{NewTask, Task, TaskPage, TaskPatch};
use serde_json::json;
use shared::http::problem::ProblemKind;
use utoipa::openapi::HttpMethod::{self, Delete, Get, Patch, Post};

pub(super) const TAG: &str = "Tasks";

const ALL: &str = "/api/boards/{board_id}/tasks";
const ONE: &str = "/api/boards/{board_id}/tasks/{task_id}";
const HISTORY: &str = "/api/boards/{board_id}/tasks/{task_id}/events";
const COMMENTS: &str = "/api/boards/{board_id}/tasks/{task_id}/comments";
const COMMENT: &str = "/api/boards/{board_id}/tasks/{task_id}/comments/{comment_id}";

pub(super) fn all() -> Vec<Operation> {
    let mut all = tasks();
    all.extend(task());
    all.extend(comments());
    all
}

fn tasks() -> Vec<Operation> {
    vec![
        operation(Get, ALL, "listTasks", "The tasks of a board")
            .about("By id; those that match every filter given. With `q` the best matches first.")
            .query(query("status", "In this column.", reference::<ColumnKey>()))
            .query(words("assigned_to", 64, "Assigned to this member."))
            .query(words("label", 64, "With this label."))
            .query(words(
                "q",
                1000,
                "With these words, \"phrases\" and -exclusions, in title, description, labels, assignee or #number.",
            ))
            .query(query("due_before", "Due before this moment.", reference::<GivenMoment>()))
            .query(query("updated_after", "Changed after this moment.", reference::<GivenMoment>()))
            .paged()
            .json::<TaskPage>(200, "A page of them.", &[])
            .protected(),
        operation(Post, ALL, "addTask", "Add a task")
            .about("For editors. At the end of its column, or next to another task.")
            .body::<NewTask>(&json!({"title": "Write the invitation", "labels": ["urgent"]}))
            .idempotent()
            .json::<Task>(
                201,
                "The task.",
                &[ETAG, LOCATION, EVENT_SEQ, EVENT_DELIVERY, IDEMPOTENCY_REPLAYED],
            )
            .problem(ProblemKind::Forbidden)
            .problem(ProblemKind::WipLimit)
            .protected(),
    ]
}

fn task() -> Vec<Operation> {
    vec![
        operation(Get, ONE, "readTask", "A task")
            .cached(&[])
            .json::<Task>(200, "The task.", &[ETAG])
            .protected(),
        operation(Patch, ONE, "changeTask", "Change or move a task")
            .about("For editors. `status`, `before` and `after` move it.")
            .body::<TaskPatch>(&json!({"status": "finished", "after": null}))
            .conditional()
            .json::<Task>(200, "The task, as it is now.", &[ETAG, EVENT_SEQ, EVENT_DELIVERY])
            .problem(ProblemKind::Forbidden)
            .problem(ProblemKind::WipLimit)
            .protected(),
        operation(Delete, ONE, "deleteTask", "Delete a task")
            .about("For editors. Undo restores it.")
            .conditional()
            .answer(204, "It is gone.", &[EVENT_SEQ, EVENT_DELIVERY])
            .problem(ProblemKind::Forbidden)
            .protected(),
        operation(Get, HISTORY, "listTaskEvents", "A task's history")
            .about("Deleted tasks have one as well.")
            .paged()
            .json::<TaskHistory>(200, "A page of it.", &[])
            .protected(),
    ]
}

fn comments() -> Vec<Operation> {
    vec![
        operation(Get, COMMENTS, "listComments", "The comments on a task")
            .paged()
            .json::<CommentPage>(200, "A page of it.", &[])
            .protected(),
        operation(Post, COMMENTS, "addComment", "Add a comment to a task")
            .about("Editors may.")
            .body::<NewComment>(&json!({"body": "Looks good."}))
            .idempotent()
            .json::<Comment>(
                201,
                "The comment.",
                &[ETAG, LOCATION, EVENT_SEQ, EVENT_DELIVERY, IDEMPOTENCY_REPLAYED],
            )
            .problem(ProblemKind::Forbidden)
            .protected(),
        operation(Patch, COMMENT, "changeComment", "Change a comment")
            .about("For its author.")
            .body::<CommentPatch>(&json!({"body": "Looks good to me."}))
            .conditional()
            .json::<Comment>(200, "The comment, as it is now.", &[ETAG, EVENT_SEQ, EVENT_DELIVERY])
            .problem(ProblemKind::Forbidden)
            .protected(),
        operation(Delete, COMMENT, "deleteComment", "Delete a comment")
            .about("For its author and for owners.")
            .conditional()
            .answer(204, "It is gone.", &[EVENT_SEQ, EVENT_DELIVERY])
            .problem(ProblemKind::Forbidden)
            .protected(),
    ]
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
