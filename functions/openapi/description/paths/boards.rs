//! Teams' boards and their members.

use crate::description::headers::{
    ETAG, EVENT_DELIVERY, EVENT_SEQ, IDEMPOTENCY_REPLAYED, LOCATION, X_CACHE,
};
use crate::description::operation::Operation;
use crate::description::parameters::{moment, seq, switch};
use crate::description::schemas::board::{Board, BoardDocument, BoardPage, BoardPatch, NewBoard};
use crate::description::schemas::member::{Member, MemberPage, MemberRole};
use serde_json::json;
use shared::http::problem::ProblemKind;
use utoipa::openapi::HttpMethod::{self, Delete, Get, Patch, Post, Put};

pub(super) const TAG: &str = "Boards";

const ALL: &str = "/api/boards";
const ONE: &str = "/api/boards/{board_id}";
const RESTORE: &str = "/api/boards/{board_id}/restore";
const MEMBERS: &str = "/api/boards/{board_id}/members";
const MEMBER: &str = "/api/boards/{board_id}/members/{username}";

pub(super) fn all() -> Vec<Operation> {
    let mut all = boards();
    all.extend(board());
    all.extend(members());
    all
}

fn boards() -> Vec<Operation> {
    vec![
        operation(Get, ALL, "listBoards", "Your boards")
            .about("Newest activity first.")
            .query(switch("archived", "The archived ones instead."))
            .query(switch("deleted", "Those of yours in the trash instead."))
            .query(switch("summary", "Whether with `task_counts`, `member_count` and `members`."))
            .paged()
            .json::<BoardPage>(200, "A page of them.", &[])
            .protected(),
        operation(Post, ALL, "createBoard", "Make a board")
            .about("Its maker owns it. Its history begins at `seq` 0.")
            .body::<NewBoard>(&json!({"name": "Launch"}))
            .idempotent()
            .json::<Board>(201, "The board.", &[ETAG, LOCATION, IDEMPOTENCY_REPLAYED])
            .protected(),
    ]
}

fn board() -> Vec<Operation> {
    vec![
        operation(Get, ONE, "readBoard", "A board with all that is on it")
            .query(moment(
                "at",
                "As it was right after this event (0 is before the first, and one beyond the \
                 newest is 404), or at this time. Admins can read every board like this, as \
                 viewers.",
            ))
            .query(seq("min_seq", "At least as new as right after this event."))
            .cached(&[X_CACHE])
            .json::<BoardDocument>(200, "The board.", &[ETAG, X_CACHE])
            .protected(),
        operation(Patch, ONE, "changeBoard", "Change a board")
            .about("For editors; `columns` for owners only.")
            .body::<BoardPatch>(&json!({"name": "Launch party"}))
            .conditional()
            .json::<Board>(200, "The board, as it is now.", &[ETAG, EVENT_SEQ, EVENT_DELIVERY])
            .problem(ProblemKind::Forbidden)
            .problem(ProblemKind::ColumnInUse)
            .protected(),
        operation(Delete, ONE, "deleteBoard", "Put a board into the trash")
            .about(
                "For owners. It stays there for 30 days, complete, and can be restored. Everybody \
                 who follows it is notified.",
            )
            .conditional()
            .answer(204, "It is gone.", &[EVENT_SEQ, EVENT_DELIVERY])
            .problem(ProblemKind::Forbidden)
            .protected(),
        operation(Post, RESTORE, "restoreBoard", "Take a board out of the trash")
            .about("For owners. A board that is not in the trash stays as it is.")
            .idempotent()
            .json::<Board>(
                200,
                "The board.",
                &[ETAG, EVENT_SEQ, EVENT_DELIVERY, IDEMPOTENCY_REPLAYED],
            )
            .problem(ProblemKind::Forbidden)
            .protected(),
    ]
}

fn members() -> Vec<Operation> {
    vec![
        operation(Get, MEMBERS, "listMembers", "The members of a board")
            .about("With their display names, which the members of a board can see.")
            .paged()
            .json::<MemberPage>(200, "A page of them.", &[])
            .protected(),
        operation(Put, MEMBER, "setMember", "Add a member, or change their role")
            .about("For owners. A board always has an owner.")
            .body::<MemberRole>(&json!({"role": "editor"}))
            .json::<Member>(200, "A member, as they are now.", &[EVENT_SEQ, EVENT_DELIVERY])
            .json::<Member>(201, "A new member.", &[EVENT_SEQ, EVENT_DELIVERY])
            .problem(ProblemKind::Forbidden)
            .problem(ProblemKind::LastOwner)
            .protected(),
        operation(Delete, MEMBER, "removeMember", "Remove a member, or leave a board")
            .about(
                "Owners may remove anybody, and everybody may leave. A board always has an owner.",
            )
            .answer(204, "They are no longer a member.", &[EVENT_SEQ, EVENT_DELIVERY])
            .problem(ProblemKind::Forbidden)
            .problem(ProblemKind::LastOwner)
            .protected(),
    ]
}

fn operation(method: HttpMethod, path: &'static str, name: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, name, summary)
}
