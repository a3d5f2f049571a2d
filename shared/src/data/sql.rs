//! The statements for PostgreSQL. The comment on top of each file says who runs it, with what.

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = include_str!(concat!("sql/", $file));)*

        /// Every statement by the name of its file, for a test that prepares them all.
        pub const ALL: &[(&str, &str)] = &[$(($file, $name),)*];
    };
}

statements! {
    /// A new user.
    REGISTER_USER = "register_user.sql";
    /// Whoever may log in by a name.
    FIND_LOGIN = "find_login.sql";
    /// Whether a token still counts.
    CHECK_TOKEN = "check_token.sql";
    /// The user of a token.
    FIND_ME = "find_me.sql";
    /// Another display name or password.
    UPDATE_ME = "update_me.sql";
    /// One token no longer counts.
    REVOKE_TOKEN = "revoke_token.sql";
    /// No token of a user counts any longer.
    REVOKE_ALL_TOKENS = "revoke_all_tokens.sql";
}
