//! What a path names: `/api/boards/7/tasks/12` the board 7 and its task 12.

use crate::{Call, Failure};
use percent_encoding::percent_decode_str;
use shared::http::problem::ProblemKind;
use shared::models::{
    ApiTokenId, BoardId, ChecklistId, ChecklistItemId, CommentId, IdentityId, InvitationId,
    PasskeyId, Seq, SessionId, TaskId, Username,
};
use shared::validation::FromField as _;

impl Call {
    /// The board that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be any board's id.
    pub fn board_id(&self) -> Result<BoardId, Failure> {
        self.path_parameter("boards", BoardId::parse, "board")
    }

    /// The task that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be any task's id.
    pub fn task_id(&self) -> Result<TaskId, Failure> {
        self.path_parameter("tasks", TaskId::parse, "task")
    }

    /// The comment that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be any comment's id.
    pub fn comment_id(&self) -> Result<CommentId, Failure> {
        self.path_parameter("comments", CommentId::parse, "comment")
    }

    /// The checklist that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be any checklist's id.
    pub fn checklist_id(&self) -> Result<ChecklistId, Failure> {
        self.path_parameter("checklists", ChecklistId::parse, "checklist")
    }

    /// The item of a checklist that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be any item's id.
    pub fn checklist_item_id(&self) -> Result<ChecklistItemId, Failure> {
        self.path_parameter("items", ChecklistItemId::parse, "checklist item")
    }

    /// The invitation that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be any invitation's id.
    pub fn invitation_id(&self) -> Result<InvitationId, Failure> {
        self.path_parameter("invitations", InvitationId::parse, "invitation")
    }

    /// The session that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be any session's id.
    pub fn session_id(&self) -> Result<SessionId, Failure> {
        self.path_parameter("sessions", SessionId::parse, "session")
    }

    /// The API token that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be any API token's id.
    pub fn api_token_id(&self) -> Result<ApiTokenId, Failure> {
        self.path_parameter("tokens", ApiTokenId::parse, "token")
    }

    /// The way to log in that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be any identity's id.
    pub fn identity_id(&self) -> Result<IdentityId, Failure> {
        self.path_parameter("identities", IdentityId::parse, "identity")
    }

    /// The passkey that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be any passkey's id.
    pub fn passkey_id(&self) -> Result<PasskeyId, Failure> {
        self.path_parameter("passkeys", PasskeyId::parse, "passkey")
    }

    /// The id of the provider that the path names.
    ///
    /// # Errors
    /// 404 if the path names none.
    pub fn provider_id(&self) -> Result<String, Failure> {
        let parse = |text: &str| {
            let fits = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            (fits && (1..=32).contains(&text.len())).then(|| text.to_owned())
        };
        self.path_parameter("oidc", parse, "provider")
    }

    /// The event that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be any event's number.
    pub fn seq(&self) -> Result<Seq, Failure> {
        let parse = |text: &str| Seq::parse(text).filter(|seq| *seq != Seq::ZERO);
        self.path_parameter("events", parse, "event")
    }

    /// The user that the path names.
    ///
    /// # Errors
    /// 404 if that cannot be anybody's name.
    pub fn username(&self) -> Result<Username, Failure> {
        self.path_parameter("members", username, "member")
    }

    /// The same of an admin's path.
    ///
    /// # Errors
    /// 404 if that cannot be anybody's name.
    pub fn user(&self) -> Result<Username, Failure> {
        self.path_parameter("users", username, "user")
    }

    fn path_parameter<T>(
        &self,
        collection: &str,
        parse: impl FnOnce(&str) -> Option<T>,
        what: &str,
    ) -> Result<T, Failure> {
        member(self.path(), collection).and_then(parse).ok_or_else(|| {
            Failure::refused(ProblemKind::NotFound, format!("There is no such {what}."))
        })
    }
}

/// A name may hold what clients encode although nothing asks for it (RFC 3986, section 6.2.2.2).
fn username(text: &str) -> Option<Username> {
    let name = percent_decode_str(text).decode_utf8().ok()?;
    Username::from_field(name.as_ref().into()).ok()
}

/// What follows the name of a collection, as it is written: a number in any other form is not an id.
/// Only the path says it: the host puts it into headers as well, but a client can send such too.
fn member<'path>(path: &'path str, collection: &str) -> Option<&'path str> {
    // Slashes at the ends do not matter to the routes of Spin either.
    let below = path.trim_matches('/').strip_prefix("api/")?;
    let mode = ["quick-win/", "admin/", "auth/"].iter().find_map(|mode| below.strip_prefix(mode));
    let mut segments = mode.unwrap_or(below).split('/');
    while let (Some(name), Some(member)) = (segments.next(), segments.next()) {
        if name == collection {
            return Some(member);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn call(path: &str) -> Call {
        let (parts, ()) = http::Request::get(path)
            .header("spin-path-match-board-id", "666")
            .header("spin-path-match-task-id", "666")
            .body(())
            .expect("a request")
            .into_parts();
        Call::new(parts.into(), Bytes::new(), || "fresh".to_owned())
    }

    fn status<T: std::fmt::Debug>(result: Result<T, Failure>) -> u16 {
        result.expect_err("a failure").problem().kind.status()
    }

    #[test]
    fn the_path_and_no_header_says_which_board_task_comment_event_and_member_is_meant() {
        for path in ["/api/boards/7/tasks/12/comments/3", "//api/boards/7/tasks/12/comments/3/?x=1"]
        {
            let call = call(path);
            assert_eq!(call.board_id().map(BoardId::get), Ok(7));
            assert_eq!(call.task_id().map(TaskId::get), Ok(12));
            assert_eq!(call.comment_id().map(CommentId::get), Ok(3));
        }
        let quick_win = call("http://board.example/api/quick-win/boards/8/tasks/9");
        assert_eq!(quick_win.board_id().map(BoardId::get), Ok(8));
        assert_eq!(quick_win.task_id().map(TaskId::get), Ok(9));
        assert_eq!(call("/api/boards/7/events/5/undo").seq().map(Seq::get), Ok(5));
        let named = call("/api/boards/7/members/members").username();
        assert_eq!(named.map(|name| name.as_str().to_owned()), Ok("members".to_owned()));
        let user = call("/api/admin/users/ada").user();
        assert_eq!(user.map(|name| name.as_str().to_owned()), Ok("ada".to_owned()));
    }

    #[test]
    fn api_member_a_name_is_the_same_percent_encoded() {
        for name in ["ada.l", "ada%2El", "ada%2el", "%61da.l"] {
            let named = call(&format!("/api/boards/7/members/{name}")).username();
            assert_eq!(
                named.map(|name| name.as_str().to_owned()),
                Ok("ada.l".to_owned()),
                "{name}"
            );
        }
    }

    #[test]
    fn api_404_for_a_path_parameter_that_cannot_be_an_id() {
        for id in ["seven", "0", "07", "%37", "7%2E0", "boards", "tasks"] {
            assert_eq!(status(call(&format!("/api/boards/{id}/tasks/1")).board_id()), 404, "{id}");
        }
        for path in
            ["/", "/api", "/api/boards", "/api/boards/7", "/api/tasks/tasks/1", "/x/tasks/1"]
        {
            assert_eq!(status(call(path).task_id()), 404, "{path}");
        }
        assert_eq!(status(call("/api/boards/7/events/0/undo").seq()), 404);
        for name in ["", "a%2Fb", "%FF%FE%FD", "%2E%2E%2F", "a%00b"] {
            assert_eq!(status(call(&format!("/api/boards/7/members/{name}")).username()), 404);
        }
    }
}
