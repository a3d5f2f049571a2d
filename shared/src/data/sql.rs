//! The statements for PostgreSQL. The comment on top of each file says who runs it, with what.

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = include_str!(concat!("sql/", $file));)*

        /// Every statement by the name of its file, for a test that prepares them all.
        pub const ALL: &[(&str, &str)] = &[$(($file, $name),)*];
    };
}

statements! {
    /// A new user, who may join a board at once.
    REGISTER_USER = "register_user.sql";
    /// The user who registered by an earlier request with the same idempotency key.
    FIND_REGISTERED = "find_registered.sql";
    /// The user who may log in with a name.
    FIND_LOGIN = "find_login.sql";
    /// Whether a token is still valid.
    CHECK_TOKEN = "check_token.sql";
    /// The user of a token.
    FIND_ME = "find_me.sql";
    /// Another display name or password.
    UPDATE_ME = "update_me.sql";
    /// One token is no longer valid.
    REVOKE_TOKEN = "revoke_token.sql";
    /// No token of a user is valid any longer.
    REVOKE_ALL_TOKENS = "revoke_all_tokens.sql";
    /// Whether the database answers.
    PING = "ping.sql";
    /// A new board. The twenty-two statements from here on are writes: each gives one row of the event
    /// (JSON; null when everything was already so), the entity (JSON), and whether they are the
    /// remembered answer to an earlier request with the same idempotency key. Their refusals have
    /// codes of their own: migrations/README.md.
    BOARD_CREATE = "board_create.sql";
    /// A new board with tasks and comments on it.
    BOARD_IMPORT = "board_import.sql";
    /// Changes a board's own fields.
    BOARD_PATCH = "board_patch.sql";
    /// Puts a board into the trash.
    BOARD_DELETE = "board_delete.sql";
    /// Takes a board out of the trash.
    BOARD_RESTORE = "board_restore.sql";
    /// Gives somebody a role on a board.
    MEMBER_PUT = "member_put.sql";
    /// Takes somebody off a board.
    MEMBER_DELETE = "member_delete.sql";
    /// A new task.
    TASK_ADD = "task_add.sql";
    /// Changes or moves a task.
    TASK_PATCH = "task_patch.sql";
    /// Deletes a task.
    TASK_DELETE = "task_delete.sql";
    /// A new comment.
    COMMENT_ADD = "comment_add.sql";
    /// Gives one's own comment another text.
    COMMENT_PATCH = "comment_patch.sql";
    /// Deletes a comment.
    COMMENT_DELETE = "comment_delete.sql";
    /// A new checklist.
    CHECKLIST_ADD = "checklist_add.sql";
    /// Changes or moves a checklist.
    CHECKLIST_PATCH = "checklist_patch.sql";
    /// Deletes a checklist.
    CHECKLIST_DELETE = "checklist_delete.sql";
    /// A new item of a checklist.
    CHECKLIST_ITEM_ADD = "checklist_item_add.sql";
    /// Changes, ticks or moves an item.
    CHECKLIST_ITEM_PATCH = "checklist_item_patch.sql";
    /// Deletes an item.
    CHECKLIST_ITEM_DELETE = "checklist_item_delete.sql";
    /// Makes a task of an item.
    CHECKLIST_ITEM_CONVERT = "checklist_item_convert.sql";
    /// Ticks a line of a task's description.
    TASK_TICK = "task_tick.sql";
    /// Takes an event back.
    EVENT_UNDO = "event_undo.sql";
    /// A page of the user's boards.
    LIST_BOARDS = "list_boards.sql";
    /// Whether a token is valid, its user's role on a board, and the board's newest event. This statement
    /// and the reading ones of a board begin alike: [`READING`].
    FIND_BOARD = "find_board.sql";
    /// The same, and the board with its tasks and members.
    READ_BOARD = "read_board.sql";
    /// A board as it was right after an event.
    READ_BOARD_AT = "read_board_at.sql";
    /// A page of a board's members.
    LIST_MEMBERS = "list_members.sql";
    /// A page of a board's tasks, filtered.
    LIST_TASKS = "list_tasks.sql";
    /// A page of those that a query finds, best first.
    SEARCH_TASKS = "search_tasks.sql";
    /// One task.
    READ_TASK = "read_task.sql";
    /// A page of a task's comments.
    LIST_COMMENTS = "list_comments.sql";
    /// A task's checklists with their items.
    LIST_CHECKLISTS = "list_checklists.sql";
    /// A board's events after a seq.
    LIST_EVENTS = "list_events.sql";
    /// A page of a task's history.
    LIST_TASK_EVENTS = "list_task_events.sql";
    /// How work flowed over a board in some days.
    BOARD_ANALYTICS = "board_analytics.sql";
    /// The board document that import takes.
    EXPORT_BOARD = "export_board.sql";
    /// A board's events after a seq, for any caller.
    BOARD_EVENTS = "board_events.sql";
    /// The newest seq of many boards.
    BOARD_HEADS = "board_heads.sql";
    /// Whether somebody may follow a board.
    WATCH_BOARD = "watch_board.sql";
    /// Which of many tokens are still valid.
    CHECK_TOKENS = "check_tokens.sql";
    /// The boards that changed lately.
    CHANGED_BOARDS = "changed_boards.sql";
    /// What happened, in commit order.
    LIST_ACTIVITY = "list_activity.sql";
    /// Up to where that is settled.
    ACTIVITY_NOW = "activity_now.sql";
    /// A page of what happened, filtered, for an admin.
    READ_ACTIVITY = "read_activity.sql";
    /// A page of users, for an admin.
    LIST_USERS = "list_users.sql";
    /// An admin changes what a user may do.
    USER_PATCH = "user_patch.sql";
    /// How much there is, for an admin.
    READ_STATS = "read_stats.sql";
    /// What happened in the last hour, counted.
    COUNT_EVENTS = "count_events.sql";
    /// What boards are called.
    NAME_BOARDS = "name_boards.sql";
    /// A token was issued.
    BEGIN_SESSION = "begin_session.sql";
    /// A page of the user's log-ins.
    LIST_SESSIONS = "list_sessions.sql";
    /// One of them ends.
    REVOKE_SESSION = "revoke_session.sql";
    /// What is kept of a user, for themselves.
    EXPORT_ME = "export_me.sql";
    /// The end of a user.
    DELETE_ACCOUNT = "delete_account.sql";
    /// A link by which people come in.
    INVITATION_CREATE = "invitation_create.sql";
    /// A page of those that are valid.
    INVITATION_LIST = "invitation_list.sql";
    /// One of them is taken back.
    INVITATION_DELETE = "invitation_delete.sql";
    /// What such a link leads to.
    FIND_INVITATION = "find_invitation.sql";
    /// Somebody comes in; as the other writes above.
    INVITATION_ACCEPT = "invitation_accept.sql";
    /// A link to a new password.
    RESET_LINK_CREATE = "reset_link_create.sql";
    /// Whether such a link is valid.
    FIND_RESET_LINK = "find_reset_link.sql";
    /// It is used.
    RESET_PASSWORD = "reset_password.sql";
    /// The user who has yet to give the second factor.
    FIND_SECOND_FACTOR = "find_second_factor.sql";
    /// What somebody has of codes.
    FIND_TOTP = "find_totp.sql";
    /// A secret of codes that is not confirmed yet.
    BEGIN_TOTP = "begin_totp.sql";
    /// It is confirmed.
    CONFIRM_TOTP = "confirm_totp.sql";
    /// A code is used.
    USE_TOTP_CODE = "use_totp_code.sql";
    /// A recovery code is used.
    USE_RECOVERY_CODE = "use_recovery_code.sql";
    /// A code is used, and leads to a log-in.
    LOG_IN_BY_CODE = "log_in_by_code.sql";
    /// Other recovery codes.
    REPLACE_RECOVERY_CODES = "replace_recovery_codes.sql";
    /// No second factor any more.
    DELETE_TOTP = "delete_totp.sql";
    /// By what somebody can prove once more who they are.
    FIND_PROOF = "find_proof.sql";
    /// Somebody logs in by a provider.
    IDENTITY_LOG_IN = "identity_log_in.sql";
    /// They can do so from now on.
    IDENTITY_LINK = "identity_link.sql";
    /// They cannot any longer.
    IDENTITY_UNLINK = "identity_unlink.sql";
    /// A provider ends log-ins.
    IDENTITY_LOG_OUT = "identity_log_out.sql";
    /// By what somebody can log in.
    LIST_IDENTITIES = "list_identities.sql";
    /// A user's e-mail address.
    FIND_EMAIL = "find_email.sql";
    /// Another one, to be verified.
    EMAIL_SET = "email_set.sql";
    /// Another link to verify it.
    EMAIL_RESEND = "email_resend.sql";
    /// It is used.
    EMAIL_VERIFY = "email_verify.sql";
    /// No address any more.
    EMAIL_REMOVE = "email_remove.sql";
    /// Somebody forgot a password.
    MAIL_RESET = "mail_reset.sql";
    /// A mail to be sent now.
    MAIL_CLAIM = "mail_claim.sql";
    /// What became of it.
    MAIL_END = "mail_end.sql";
    /// How many wait.
    COUNT_MAILS = "count_mails.sql";
    /// Whose a passkey is.
    FIND_PASSKEY = "find_passkey.sql";
    /// What another passkey of somebody's is made for.
    FIND_PASSKEY_OWNER = "find_passkey_owner.sql";
    /// Somebody's passkeys.
    LIST_PASSKEYS = "list_passkeys.sql";
    /// Somebody logs in by a passkey.
    PASSKEY_LOG_IN = "passkey_log_in.sql";
    /// Another passkey.
    PASSKEY_ADD = "passkey_add.sql";
    /// Another name for one.
    PASSKEY_RENAME = "passkey_rename.sql";
    /// The end of one.
    PASSKEY_REMOVE = "passkey_remove.sql";
    /// A token for a program.
    API_TOKEN_CREATE = "api_token_create.sql";
    /// A page of those that are valid.
    API_TOKEN_LIST = "api_token_list.sql";
    /// One of them ends.
    API_TOKEN_DELETE = "api_token_delete.sql";
    /// Users who have sockets open.
    TOUCH_USERS = "touch_users.sql";
    /// Deletes what has expired.
    TIDY_UP = "tidy_up.sql";
}

/// The statements that read a board for the user of a token. Each looks at the token and at the
/// membership first, in the same words, and makes nothing of the board for strangers; admins are none to
/// [`READ_BOARD_AT`].
pub const READING: &[&str] = &[
    FIND_BOARD,
    READ_BOARD,
    READ_BOARD_AT,
    LIST_MEMBERS,
    LIST_TASKS,
    SEARCH_TASKS,
    READ_TASK,
    LIST_COMMENTS,
    LIST_CHECKLISTS,
    LIST_EVENTS,
    LIST_TASK_EVENTS,
    BOARD_ANALYTICS,
    EXPORT_BOARD,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// From `WITH reader` to the end of that query.
    fn reader(statement: &str) -> Option<&str> {
        let begins = statement.find("WITH reader AS MATERIALIZED (\n")?;
        let ends = statement[begins..].find("\n)")?;
        Some(&statement[begins..begins + ends])
    }

    #[test]
    fn rt9_every_statement_that_reads_a_board_asks_for_token_and_membership_in_the_same_words() {
        let first = reader(FIND_BOARD).expect("token and membership");
        let parts = ["NOT disabled", "token_kept_jti", "api_token_used", "api_token_counts"];
        for part in parts.into_iter().chain(["revoked_tokens", "deleted_at IS NULL"]) {
            assert!(first.contains(part), "{part}");
        }
        for statement in READING {
            assert_eq!(reader(statement), Some(first), "{statement}");
            assert!(statement.contains("\nFROM reader") || statement.contains(" FROM reader"));
        }
    }
}
