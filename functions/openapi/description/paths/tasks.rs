//! Tasks of teams' boards, and what is written about them.

use crate::description::headers::{
    ETAG, EVENT_DELIVERY, EVENT_SEQ, IDEMPOTENCY_REPLAYED, LOCATION, Named,
};
use crate::description::operation::Operation;
use crate::description::parameters::{query, words};
use crate::description::schemas::checklist::{
    Checklist, ChecklistItem, ChecklistItemPatch, ChecklistPatch, Checklists, NewChecklist,
    NewChecklistItem, Tick, WholeChecklist,
};
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
const CHECKLISTS: &str = "/api/boards/{board_id}/tasks/{task_id}/checklists";
const CHECKLIST: &str = "/api/boards/{board_id}/tasks/{task_id}/checklists/{checklist_id}";
const ITEMS: &str = "/api/boards/{board_id}/tasks/{task_id}/checklists/{checklist_id}/items";
const ITEM: &str = "/api/boards/{board_id}/tasks/{task_id}/items/{item_id}";
const CONVERT: &str = "/api/boards/{board_id}/tasks/{task_id}/items/{item_id}/convert";
const TICK: &str = "/api/boards/{board_id}/tasks/{task_id}/tick";

/// The headers of what a POST has made.
const MADE: &[Named] = &[ETAG, LOCATION, EVENT_SEQ, EVENT_DELIVERY, IDEMPOTENCY_REPLAYED];

pub(super) fn all() -> Vec<Operation> {
    let mut all = tasks();
    all.extend(task());
    all.extend(comments());
    all.extend(checklists());
    all.extend(items());
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

fn checklists() -> Vec<Operation> {
    vec![
        operation(Get, CHECKLISTS, "listChecklists", "The checklists of a task")
            .about("All of them, with their items.")
            .json::<Checklists>(200, "The checklists.", &[])
            .protected(),
        operation(Post, CHECKLISTS, "addChecklist", "Add a checklist to a task")
            .about("For editors. A task has at most 20.")
            .body::<NewChecklist>(&json!({"title": "Before the party"}))
            .idempotent()
            .json::<WholeChecklist>(201, "The checklist.", MADE)
            .problem(ProblemKind::Forbidden)
            .problem(ProblemKind::LimitReached)
            .protected(),
        operation(Patch, CHECKLIST, "changeChecklist", "Change or move a checklist")
            .about("For editors.")
            .body::<ChecklistPatch>(&json!({"title": "After the party"}))
            .conditional()
            .json::<Checklist>(
                200,
                "The checklist, as it is now.",
                &[ETAG, EVENT_SEQ, EVENT_DELIVERY],
            )
            .problem(ProblemKind::Forbidden)
            .protected(),
        operation(Delete, CHECKLIST, "deleteChecklist", "Delete a checklist with its items")
            .about("For editors. Undo restores it.")
            .conditional()
            .answer(204, "It is gone.", &[EVENT_SEQ, EVENT_DELIVERY])
            .problem(ProblemKind::Forbidden)
            .protected(),
    ]
}

fn items() -> Vec<Operation> {
    vec![
        operation(Post, ITEMS, "addChecklistItem", "Add an item to a checklist")
            .about("For editors. A checklist has at most 200.")
            .body::<NewChecklistItem>(&json!({"text": "Order the cake"}))
            .idempotent()
            .json::<ChecklistItem>(201, "The item.", MADE)
            .problem(ProblemKind::Forbidden)
            .problem(ProblemKind::LimitReached)
            .protected(),
        operation(Patch, ITEM, "changeChecklistItem", "Change, tick or move an item")
            .about("For editors. `checklist_id`, `before` and `after` move it.")
            .body::<ChecklistItemPatch>(&json!({"done": true}))
            .conditional()
            .json::<ChecklistItem>(200, "The item, as it is now.", &[ETAG, EVENT_SEQ, EVENT_DELIVERY])
            .problem(ProblemKind::Forbidden)
            .problem(ProblemKind::LimitReached)
            .protected(),
        operation(Delete, ITEM, "deleteChecklistItem", "Delete an item")
            .about("For editors. Undo restores it.")
            .conditional()
            .answer(204, "It is gone.", &[EVENT_SEQ, EVENT_DELIVERY])
            .problem(ProblemKind::Forbidden)
            .protected(),
        operation(Post, CONVERT, "convertChecklistItem", "Make a task of an item")
            .about(
                "For editors. The task comes right after the item's, with its text, assignee and due date, and \
                 the item goes.",
            )
            .idempotent()
            .json::<Task>(201, "The task.", MADE)
            .problem(ProblemKind::Forbidden)
            .problem(ProblemKind::WipLimit)
            .protected(),
        operation(Post, TICK, "tickDescription", "Tick a task-list line of the description")
            .about("For editors. The rest of the description stays as it is at that moment.")
            .body::<Tick>(&json!({"line": "- [ ] Order the cake", "done": true}))
            .idempotent()
            .json::<Task>(
                200,
                "The task, as it is now.",
                &[ETAG, EVENT_SEQ, EVENT_DELIVERY, IDEMPOTENCY_REPLAYED],
            )
            .problem(ProblemKind::Forbidden)
            .problem(ProblemKind::LineGone)
            .protected(),
    ]
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
