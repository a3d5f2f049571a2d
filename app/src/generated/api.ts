/** The types of the wire, made from the API's description by scripts/types.mjs: never edited. */

export interface paths {
    "/api/admin/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that happened
         * @description In commit order; an event that committed late is never skipped. The creation of a board comes before its events, with `seq` 0. A page also ends at 32 KiB or after 500 scanned entries (as CSV: 1 MiB or 10,000): only `next_after` says whether there are more. CSV by `format` or `Accept`.
         */
        get: operations["listActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The valid links for new accounts */
        get: operations["listAccountInvitations"];
        put?: never;
        /** Make a link for a new account */
        post: operations["makeAccountInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/invitations/{invitation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a link for a new account */
        delete: operations["revokeAccountInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the servers are doing
         * @description Read from PostgreSQL at one moment, and from Redis at one moment.
         */
        get: operations["readStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a user's role, disable or enable them
         * @description Disabling a user revokes their tokens at once and closes their sockets within a second. The last enabled admin remains one.
         */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/api/admin/users/{username}/reset-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a password reset link
         * @description It replaces the previous one, and is valid once and for 24 hours. The token is shown only once; it goes after a `#`: `/reset#TOKEN`. The activity records it.
         */
        post: operations["makeResetLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/delete-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete your account
         * @description Boards without other members go into the trash. Those with other members need another owner first, or go into the trash as well with `delete_boards`. What you wrote on other people's boards stays there, under a username that is never given again.
         */
        post: operations["deleteAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your e-mail address */
        get: operations["readEmail"];
        put?: never;
        /**
         * Set your e-mail address
         * @description A mail with a link goes there; the address is confirmed once you have used the link while logged in, within 24 hours. The previous one stays in use until then.
         */
        post: operations["setEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/email/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remove your e-mail address */
        post: operations["removeEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/email/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get another mail to confirm it
         * @description The previous link is no longer valid.
         */
        post: operations["resendEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/email/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm your address with a link
         * @description Once, by the user for whom it was made.
         */
        post: operations["verifyEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export what is stored about you
         * @description Your newest 10,000 tasks and comments on boards of which you are a member. Boards have exports of their own.
         */
        get: operations["exportAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a password reset link
         * @description A link to set a new password goes to the confirmed address of this account, if both exist. The response, and the time it takes, are the same in every case. After 20 requests for mails from an address within 15 minutes, nobody there may ask until `Retry-After`; nobody gets more than 5 mails within an hour.
         */
        post: operations["forgotPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your identities at providers */
        get: operations["listIdentities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/identities/{identity_id}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unlink an identity
         * @description Sessions that began with it end, except for the one that asks.
         */
        post: operations["unlinkIdentity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description A wrong password and an unknown name get the same response, in the same time. After 5 failures for a name or 20 from an address within 15 minutes, nobody may try until `Retry-After`.
         */
        post: operations["logIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in by a passkey
         * @description `credential` is the browser's credential as `toJSON()` returns it. Neither a password nor a second factor is asked for. An invalid one is counted like a failed log-in.
         */
        post: operations["logInByPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a passkey
         * @description `public_key` is for `PublicKeyCredential.parseRequestOptionsFromJSON` and `navigator.credentials.get`. Any passkey for this site will do: no username is needed.
         */
        post: operations["beginPasskeyLogIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the second factor
         * @description `token` is what the log-in returned for the password, `code` one from the app or a recovery code. After 5 wrong codes of the app within 15 minutes only a recovery code lets the user in.
         */
        post: operations["takeSecondStep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out
         * @description This token is no longer valid, and the cookie is cleared.
         */
        post: operations["logOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is logged in */
        get: operations["readMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change your account
         * @description A new password needs the current one, whose guesses are counted like logins, and revokes every other token. A user without a password needs a log-in through a provider within the last ten minutes.
         */
        patch: operations["changeMe"];
        trace?: never;
    };
    "/api/auth/oidc/{provider_id}/backchannel-logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End sessions at a provider's request
         * @description OpenID Connect Back-Channel Logout: a form with `logout_token`, sent by the provider. It is valid once.
         */
        post: operations["logOutByProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/{provider_id}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Finish a log-in or a link
         * @description Logs in, with the cookie `token`, and redirects to the page that was wanted; or to `/login?error=…` (`/profile?error=…` for a link). Unknown query parameters are ignored: providers add some.
         */
        get: operations["finishLogIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/{provider_id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start linking an identity at a provider */
        post: operations["startLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/{provider_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Start a log-in through a provider
         * @description OpenID Connect: the authorization code flow with PKCE. An unknown or unavailable provider leads to `/login?error=…`.
         */
        get: operations["startLogIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your passkeys */
        get: operations["listPasskeys"];
        put?: never;
        /**
         * Add a passkey
         * @description `credential` is the browser's credential as `toJSON()` returns it.
         */
        post: operations["addPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a new passkey
         * @description `public_key` is for `PublicKeyCredential.parseCreationOptionsFromJSON` and `navigator.credentials.create`. The name and the number of passkeys are checked here already, so that no key is made in vain.
         */
        post: operations["beginPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/passkeys/{passkey_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Rename a passkey */
        patch: operations["renamePasskey"];
        trace?: never;
    };
    "/api/auth/passkeys/{passkey_id}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove a passkey
         * @description Sessions that began with it end, except for the one that asks.
         */
        post: operations["removePasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the providers with which users can log in */
        get: operations["listProviders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an account
         * @description The new user is logged in at once. After 30 attempts from an address within 15 minutes (taken names included), nobody may register there until `Retry-After`.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a password with a link
         * @description Once and within 24 hours. Every token of the user is revoked: they have to log in again. Invalid links are counted like failed log-ins.
         */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where you are logged in */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session
         * @description Its token is no longer valid; it may be the session that asks.
         */
        delete: operations["revokeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your API tokens
         * @description With those that you made for boards. The tokens themselves are not shown again.
         */
        get: operations["listApiTokens"];
        put?: never;
        /**
         * Make an API token
         * @description It acts as you, within its scope. The token is shown only once. You can have 50 at a time.
         */
        post: operations["makeApiToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API token
         * @description Any that you made, for a board as well.
         */
        delete: operations["revokeApiToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a log-in asks for a code */
        get: operations["readTotp"];
        put?: never;
        /**
         * Get a secret for an authenticator app
         * @description Nothing changes until a code made from it is confirmed.
         */
        post: operations["beginTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make log-ins ask for a code */
        post: operations["confirmTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/totp/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop asking for a code at log-in */
        post: operations["disableTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/totp/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the recovery codes
         * @description The previous ones are no longer valid.
         */
        post: operations["replaceRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your boards
         * @description Newest activity first.
         */
        get: operations["listBoards"];
        put?: never;
        /**
         * Make a board
         * @description Its maker owns it. Its history begins at `seq` 0.
         */
        post: operations["createBoard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a board from a document
         * @description All or nothing, with up to 8 MiB, 10,000 tasks and 20,000 comments. What could not be imported is listed in `warnings`.
         */
        post: operations["importBoard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A board with all that is on it */
        get: operations["readBoard"];
        put?: never;
        post?: never;
        /**
         * Put a board into the trash
         * @description For owners. It stays there for 30 days, complete, and can be restored. Everybody who follows it is notified.
         */
        delete: operations["deleteBoard"];
        options?: never;
        head?: never;
        /**
         * Change a board
         * @description For editors; `columns` for owners only.
         */
        patch: operations["changeBoard"];
        trace?: never;
    };
    "/api/boards/{board_id}/analytics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How work flows over a board
         * @description Cumulative flow; what was added, moved and finished; lead and cycle times; and the age of open tasks. By the days of a time zone, up to 731 of them.
         */
        get: operations["readAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A board's history
         * @description Oldest first, complete and without gaps from `after` + 1 on.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/events/{seq}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo an event
         * @description Makes an event that compensates it, unless a later event that is not undone itself touched the same fields. Undo needs the same role as the change itself.
         */
        post: operations["undoEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export a board as a document
         * @description Its tasks with their comments and checklists. An import does not need the events, so there are none unless `events` asks for some.
         */
        get: operations["exportBoard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The valid links to a board
         * @description For owners. The links themselves are not shown again.
         */
        get: operations["listInvitations"];
        put?: never;
        /**
         * Make a link to a board
         * @description For owners. The token is shown only once; it goes after a `#`: `/invite#TOKEN`. A board can have 100 that have not expired and are not used up.
         */
        post: operations["makeInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/invitations/{invitation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a link to a board
         * @description Owners may.
         */
        delete: operations["revokeInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The members of a board
         * @description With their display names, which the members of a board can see.
         */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/members/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Add a member, or change their role
         * @description For owners. A board always has an owner.
         */
        put: operations["setMember"];
        post?: never;
        /**
         * Remove a member, or leave a board
         * @description Owners may remove anybody, and everybody may leave. A board always has an owner.
         */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a board out of the trash
         * @description For owners. A board that is not in the trash stays as it is.
         */
        post: operations["restoreBoard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tasks of a board
         * @description By id; those that match every filter given. With `q` the best matches first.
         */
        get: operations["listTasks"];
        put?: never;
        /**
         * Add a task
         * @description For editors. At the end of its column, or next to another task.
         */
        post: operations["addTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/tasks/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A task */
        get: operations["readTask"];
        put?: never;
        post?: never;
        /**
         * Delete a task
         * @description For editors. Undo restores it.
         */
        delete: operations["deleteTask"];
        options?: never;
        head?: never;
        /**
         * Change or move a task
         * @description For editors. `status`, `before` and `after` move it.
         */
        patch: operations["changeTask"];
        trace?: never;
    };
    "/api/boards/{board_id}/tasks/{task_id}/checklists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The checklists of a task
         * @description All of them, with their items.
         */
        get: operations["listChecklists"];
        put?: never;
        /**
         * Add a checklist to a task
         * @description For editors. A task has at most 20.
         */
        post: operations["addChecklist"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/tasks/{task_id}/checklists/{checklist_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a checklist with its items
         * @description For editors. Undo restores it.
         */
        delete: operations["deleteChecklist"];
        options?: never;
        head?: never;
        /**
         * Change or move a checklist
         * @description For editors.
         */
        patch: operations["changeChecklist"];
        trace?: never;
    };
    "/api/boards/{board_id}/tasks/{task_id}/checklists/{checklist_id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add an item to a checklist
         * @description For editors. A checklist has at most 200.
         */
        post: operations["addChecklistItem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/tasks/{task_id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The comments on a task */
        get: operations["listComments"];
        put?: never;
        /**
         * Add a comment to a task
         * @description Editors may.
         */
        post: operations["addComment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/tasks/{task_id}/comments/{comment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a comment
         * @description For its author and for owners.
         */
        delete: operations["deleteComment"];
        options?: never;
        head?: never;
        /**
         * Change a comment
         * @description For its author.
         */
        patch: operations["changeComment"];
        trace?: never;
    };
    "/api/boards/{board_id}/tasks/{task_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A task's history
         * @description Deleted tasks have one as well.
         */
        get: operations["listTaskEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/tasks/{task_id}/items/{item_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an item
         * @description For editors. Undo restores it.
         */
        delete: operations["deleteChecklistItem"];
        options?: never;
        head?: never;
        /**
         * Change, tick or move an item
         * @description For editors. `checklist_id`, `before` and `after` move it.
         */
        patch: operations["changeChecklistItem"];
        trace?: never;
    };
    "/api/boards/{board_id}/tasks/{task_id}/items/{item_id}/convert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a task of an item
         * @description For editors. The task comes right after the item's, with its text, assignee and due date, and the item goes.
         */
        post: operations["convertChecklistItem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/tasks/{task_id}/tick": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tick a task-list line of the description
         * @description For editors. The rest of the description stays as it is at that moment.
         */
        post: operations["tickDescription"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The API tokens of a board
         * @description Owners see all of them, other members those that they made. The tokens themselves are not shown again.
         */
        get: operations["listBoardApiTokens"];
        put?: never;
        /**
         * Make an API token of a board
         * @description For owners. It gives access to this board only, and acts as its maker. The token is shown only once. A board can have 50 at a time.
         */
        post: operations["makeBoardApiToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boards/{board_id}/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API token of a board
         * @description For owners, whoever made it, and for its maker.
         */
        delete: operations["revokeBoardApiToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join with a link
         * @description A member keeps their role, and the link is not used up.
         */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitations/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Where a link leads
         * @description Every invalid link gets the same response, whatever is wrong with it.
         */
        post: operations["previewInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quick-win/boards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All quick-win boards
         * @description Oldest first.
         */
        get: operations["listQuickWinBoards"];
        put?: never;
        /** Make a quick-win board */
        post: operations["createQuickWinBoard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quick-win/boards/{board_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A quick-win board with all that is on it */
        get: operations["readQuickWinBoard"];
        put?: never;
        post?: never;
        /**
         * Delete a quick-win board
         * @description Everybody who follows it is notified.
         */
        delete: operations["deleteQuickWinBoard"];
        options?: never;
        head?: never;
        /** Rename a quick-win board */
        patch: operations["changeQuickWinBoard"];
        trace?: never;
    };
    "/api/quick-win/boards/{board_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A quick-win board's history
         * @description Oldest first, without gaps from `after` + 1 on. The newest 1,000 are kept, and the deletion events of the 100 boards that were deleted last.
         */
        get: operations["listQuickWinEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quick-win/boards/{board_id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a task */
        post: operations["addQuickWinTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quick-win/boards/{board_id}/tasks/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A task */
        get: operations["readQuickWinTask"];
        put?: never;
        post?: never;
        /** Delete a task */
        delete: operations["deleteQuickWinTask"];
        options?: never;
        head?: never;
        /** Change or move a task */
        patch: operations["changeQuickWinTask"];
        trace?: never;
    };
    "/api/quick-win/heads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest event of many quick-win boards
         * @description By id. Boards that do not exist are left out.
         */
        get: operations["listQuickWinHeads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether its stores respond, each by name
         * @description A store that is not configured is reported as such and does not make the check fail.
         */
        get: operations["readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A request to delete one's account. */
        AccountEnd: {
            /** @description Whether boards with other members, but without another owner, are deleted as well. */
            delete_boards?: boolean | null;
            password?: components["schemas"]["Guess"] | null;
        };
        /** @description What is stored about a user. */
        AccountExport: {
            /** @description Oldest first. */
            api_tokens: components["schemas"]["OwnApiToken"][];
            boards: components["schemas"]["OwnBoard"][];
            /** @description Newest first. */
            comments: components["schemas"]["OwnComment"][];
            /** @description Whether there are more tasks or comments. */
            cut: boolean;
            email: components["schemas"]["Email"];
            exported_at: components["schemas"]["Timestamp"];
            /** @description Their identities at providers, oldest first. */
            identities: components["schemas"]["OwnIdentity"][];
            /** @description Oldest first. */
            passkeys: components["schemas"]["OwnPasskey"][];
            /** @description Newest first. */
            sessions: components["schemas"]["Session"][];
            /** @description Newest first. */
            tasks: components["schemas"]["OwnTask"][];
            user: components["schemas"]["User"];
        };
        /** @description A link for a new account. */
        AccountInvitation: {
            /** @description Whether it is valid now: its maker may still create such links. */
            active: boolean;
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Username"];
            expires_at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            id: number;
            /** @description How often it was used. */
            used: components["schemas"]["Count"];
            /**
             * Format: int64
             * @description How often it may be used; null for any number of times.
             */
            uses: number | null;
        };
        /** @description The admins' invitations that have not expired and are not used up, newest first. */
        AccountInvitationPage: {
            /** @description The entries of this page, in an order that is stable while others are added. */
            items: components["schemas"]["AccountInvitation"][];
            next_cursor: components["schemas"]["Cursor"] | null;
        };
        /**
         * @description `Move` is a change that (also) put a task into another column or position.
         * @enum {string}
         */
        Action: "Add" | "Update" | "Move" | "Delete";
        /** @description Who changed boards in the last hour. */
        ActivePeople: {
            /** Format: int64 */
            active: number;
            busiest: components["schemas"]["BusyPerson"][];
        };
        /** @description One change of one board or of a user; `entity` says of what. */
        Activity: components["schemas"]["Event"] | components["schemas"]["UserEvent"];
        /**
         * @description A position in the activity: send it as `?after=`, or to the feed. It is opaque.
         * @example 1.742.7.43
         */
        ActivityCursor: string;
        /** @description A part of everything that happened, in commit order. */
        ActivityPage: {
            /** @description Where to continue with what happens next, here or in the WebSocket feed. */
            cursor: components["schemas"]["ActivityCursor"];
            items: components["schemas"]["Activity"][];
            next_after: components["schemas"]["ActivityCursor"] | null;
        };
        /** @description Who did it. */
        Actor: {
            id: components["schemas"]["UserId"];
            username: components["schemas"]["Username"];
        };
        /** @description What the servers are doing. While Redis is unavailable, everything from it is null. */
        AdminStats: {
            at: components["schemas"]["Timestamp"];
            boards: components["schemas"]["BoardCounts"];
            /** @description The ten with most events in the last hour. */
            busiest_boards: components["schemas"]["BusyBoard"][] | null;
            cache: components["schemas"]["CacheUse"] | null;
            /**
             * Format: int64
             * @description Open connections of all relays.
             */
            connections: number | null;
            deliveries: components["schemas"]["Deliveries"] | null;
            events: components["schemas"]["EventCounts"] | null;
            latency: components["schemas"]["Latencies"] | null;
            people: components["schemas"]["ActivePeople"] | null;
            /** @description Those that reported within ten seconds. */
            relays: components["schemas"]["RelayReport"][] | null;
            stores: components["schemas"]["StoreStates"];
            stream: components["schemas"]["StreamLag"] | null;
            tasks: components["schemas"]["TaskCounts"];
            users: components["schemas"]["UserCounts"];
        };
        /** @description A user, as admins see them. */
        AdminUser: {
            created_at: components["schemas"]["Timestamp"];
            /** @description A disabled user can neither log in nor use a token. */
            disabled: boolean;
            display_name: components["schemas"]["DisplayName"];
            id: components["schemas"]["UserId"];
            last_seen_at: components["schemas"]["Timestamp"] | null;
            role: components["schemas"]["UserRole"];
            /**
             * Format: int64
             * @description How many of their tokens are valid.
             */
            sessions: number;
            username: components["schemas"]["Username"];
        };
        /** @description Users, in the order of their ids. */
        AdminUserPage: {
            /** @description The entries of this page, in an order that is stable while others are added. */
            items: components["schemas"]["AdminUser"][];
            next_cursor: components["schemas"]["Cursor"] | null;
        };
        /** @description A merge patch of what a user may do. */
        AdminUserPatch: {
            disabled?: boolean;
            role?: components["schemas"]["UserRole"];
        };
        /** @description How work flowed over a board in a range of days. */
        Analytics: {
            /** @description The time of these figures: the ages of open tasks are as of then. */
            as_of: components["schemas"]["Timestamp"];
            /**
             * @description Those of the board, left to right; then, by key and without a name, those that it has no
             *     longer and that had a task in the range.
             */
            columns: components["schemas"]["FlowColumn"][];
            /** @description From its start, for the tasks that have one. */
            cycle_time: components["schemas"]["Percentiles"];
            /** @description Up to today. */
            days: components["schemas"]["FlowDay"][];
            /** @description Newest first: all of up to 900, else the newest 900 to 1,000. */
            finished: components["schemas"]["FinishedTask"][];
            /** @description The first day. */
            from: components["schemas"]["Day"];
            /** @description From the creation of a task to its finish. */
            lead_time: components["schemas"]["Percentiles"];
            /** @description What is in each column except the last; the only one, if there is just one. */
            open: components["schemas"]["OpenColumn"][];
            /** @description The board's newest event at that time. */
            seq: components["schemas"]["Seq"];
            /** @description Where the days begin and end at midnight. */
            time_zone: components["schemas"]["TimeZone"];
            /** @description The last one. */
            to: components["schemas"]["Day"];
            weeks: components["schemas"]["FlowWeek"][];
        };
        /** @description A token for a program. */
        ApiToken: {
            board_id: components["schemas"]["BoardId"] | null;
            /** @description Those of its boards of which its maker is a member; null for all of these. */
            boards: components["schemas"]["ApiTokenBoard"][] | null;
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Username"];
            expires_at: components["schemas"]["Timestamp"] | null;
            /** Format: int64 */
            id: number;
            last_used_at: components["schemas"]["Timestamp"] | null;
            name: components["schemas"]["ApiTokenName"];
            scope: components["schemas"]["Scope"];
        };
        /** @description A board that a token gives access to. */
        ApiTokenBoard: {
            id: components["schemas"]["BoardId"];
            name: components["schemas"]["BoardName"];
        };
        /**
         * @description The name of a token for a program, in one line.
         * @example Nightly report
         */
        ApiTokenName: string;
        /** @description Valid tokens, newest first. */
        ApiTokenPage: {
            /** @description The entries of this page, in an order that is stable while others are added. */
            items: components["schemas"]["ApiToken"][];
            next_cursor: components["schemas"]["Cursor"] | null;
        };
        /**
         * @description A token for a program: `tb_`, the scope's letter, `b` if it is for some boards only, the user's id, `_` and 256 random bits in base64url.
         * @example tb_rb2_Zm9yIHlvdXIgZXllcyBvbmx5LCB1bnRpbCBGcmlkYXk
         */
        ApiTokenText: string;
        /**
         * @description Who does it. On a quick-win board any name is allowed, otherwise only a member's.
         * @example ada
         */
        Assignee: string;
        /** @description A problem document (RFC 9457): Bad request. */
        BadRequestProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 400;
            /**
             * @description The type's short name.
             * @example Bad request
             */
            title: string;
            /** @enum {string} */
            type: "/problems/bad-request";
        };
        /** @description A team's board, without its tasks and comments. */
        Board: {
            /** @description Whether it is archived. */
            archived: boolean;
            columns: components["schemas"]["Columns"];
            created_at: components["schemas"]["Timestamp"];
            description: components["schemas"]["Description"];
            epoch: components["schemas"]["Epoch"];
            id: components["schemas"]["BoardId"];
            name: components["schemas"]["BoardName"];
            /** @description What you may do on it. */
            role: components["schemas"]["Role"];
            /** @description That of the board's newest event. */
            seq: components["schemas"]["Seq"];
            /** @description When it or anything on it was last changed. */
            updated_at: components["schemas"]["Timestamp"];
            version: components["schemas"]["Version"];
        };
        /** @description How many boards there are. */
        BoardCounts: {
            /** Format: int64 */
            archived: number;
            /**
             * Format: int64
             * @description Those in the trash.
             */
            deleted: number;
            /**
             * Format: int64
             * @description All except the deleted ones.
             */
            total: number;
        };
        /** @description A board with its tasks and comments. */
        BoardDocument: {
            /** @description Whether it is archived. */
            archived: boolean;
            columns: components["schemas"]["Columns"];
            created_at: components["schemas"]["Timestamp"];
            description: components["schemas"]["Description"];
            epoch: components["schemas"]["Epoch"];
            id: components["schemas"]["BoardId"];
            /** @description In the order of their ids. */
            members: components["schemas"]["Member"][];
            name: components["schemas"]["BoardName"];
            /** @description What you may do on it. */
            role: components["schemas"]["Role"];
            /** @description That of the board's newest event. */
            seq: components["schemas"]["Seq"];
            /** @description By column, then position. */
            tasks: components["schemas"]["Task"][];
            /** @description When it or anything on it was last changed. */
            updated_at: components["schemas"]["Timestamp"];
            version: components["schemas"]["Version"];
        };
        /** @description A board in a list. */
        BoardEntry: {
            /** @description Whether it is archived. */
            archived: boolean;
            columns: components["schemas"]["Columns"];
            created_at: components["schemas"]["Timestamp"];
            /** @description Only in the trash: when it was deleted. */
            deleted_at?: components["schemas"]["Timestamp"];
            description: components["schemas"]["Description"];
            epoch: components["schemas"]["Epoch"];
            id: components["schemas"]["BoardId"];
            /**
             * Format: int64
             * @description Only with `?summary=true`.
             */
            member_count?: number;
            /** @description Only with `?summary=true`: the first five, by when they joined. */
            members?: components["schemas"]["ListedMember"][];
            name: components["schemas"]["BoardName"];
            /** @description What you may do on it. */
            role: components["schemas"]["Role"];
            /** @description That of the board's newest event. */
            seq: components["schemas"]["Seq"];
            /**
             * @description Only with `?summary=true`: how many tasks the columns have, by their keys; a column
             *     without tasks is missing.
             */
            task_counts?: {
                [key: string]: number;
            };
            /** @description When it or anything on it was last changed. */
            updated_at: components["schemas"]["Timestamp"];
            version: components["schemas"]["Version"];
        };
        /** @description Something happened to the board itself. */
        BoardEvent: {
            action: components["schemas"]["Action"];
            actor: components["schemas"]["Actor"];
            /** @description After the change; for a Delete, before it. */
            board: components["schemas"]["BoardInEvent"];
            board_id: components["schemas"]["BoardId"];
            /** @description For changes of something that was there before and still is. */
            changes?: components["schemas"]["Changes"];
            /**
             * @description What the event is about.
             * @enum {string}
             */
            entity: "board";
            seq: components["schemas"]["Seq"];
            timestamp: components["schemas"]["Timestamp"];
            /** @description The trace of the change (W3C Trace Context), if it is traced. */
            traceparent?: string;
            /** @description The event that this one undid. */
            undoes?: components["schemas"]["Seq"];
        };
        /**
         * Format: int64
         * @description Identifies a board. Quick-win boards are numbered from 1 in each run of the host.
         * @example 7
         */
        BoardId: number;
        /** @description A board document from an export (of a team's or a quick-win board), or a board exported by Trello. */
        BoardImport: components["schemas"]["BoardToImport"] | components["schemas"]["TrelloExport"];
        /** @description A board as its events show it: the same for all of its readers. */
        BoardInEvent: {
            /** @description Whether it is archived. */
            archived: boolean;
            columns: components["schemas"]["Columns"];
            created_at: components["schemas"]["Timestamp"];
            description: components["schemas"]["Description"];
            epoch: components["schemas"]["Epoch"];
            id: components["schemas"]["BoardId"];
            name: components["schemas"]["BoardName"];
            /** @description That of the board's newest event. */
            seq: components["schemas"]["Seq"];
            /** @description When it or anything on it was last changed. */
            updated_at: components["schemas"]["Timestamp"];
            version: components["schemas"]["Version"];
        };
        /**
         * @description The name of a board, in one line.
         * @example Launch
         */
        BoardName: string;
        /** @description Boards, newest activity first. */
        BoardPage: {
            /** @description The entries of this page, in an order that is stable while others are added. */
            items: components["schemas"]["BoardEntry"][];
            next_cursor: components["schemas"]["Cursor"] | null;
        };
        /** @description A merge patch of a board; `columns` for owners only. */
        BoardPatch: {
            archived?: boolean;
            columns?: components["schemas"]["NewColumns"];
            description?: components["schemas"]["Description"] | null;
            name?: components["schemas"]["NewBoardName"];
        };
        /** @description A board document, of a team's or a quick-win board, to be imported. */
        BoardToImport: {
            archived?: boolean | null;
            columns?: components["schemas"]["NewColumns"] | null;
            created_at?: unknown;
            description?: components["schemas"]["Description"] | null;
            epoch?: unknown;
            events?: unknown;
            /** @description Ignored, like everything that only the old board has. */
            id?: unknown;
            members?: unknown;
            name: components["schemas"]["BoardName"];
            role?: unknown;
            seq?: unknown;
            /** @description In the order of their columns. */
            tasks?: components["schemas"]["TaskToImport"][] | null;
            updated_at?: unknown;
            version?: unknown;
        };
        /** @description A problem document (RFC 9457): Boards without another owner. */
        BoardsOwnedProblem: {
            boards: {
                id: components["schemas"]["BoardId"];
                members: number;
                name: components["schemas"]["BoardName"];
            }[];
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Boards without another owner
             */
            title: string;
            /** @enum {string} */
            type: "/problems/boards-owned";
        };
        /** @description A board, and how much happened to it. */
        BusyBoard: {
            board_id: components["schemas"]["BoardId"];
            /** Format: int64 */
            events: number;
            name: components["schemas"]["BoardName"] | null;
        };
        /** @description Somebody, and how much they did. */
        BusyPerson: {
            /** Format: int64 */
            events: number;
            username: components["schemas"]["Username"];
        };
        /** @description Boards read through the cache since Redis last lost its data. */
        CacheUse: {
            /**
             * Format: double
             * @description Null before the first.
             */
            hit_rate: number | null;
            /** Format: int64 */
            hits: number;
            /** Format: int64 */
            misses: number;
        };
        /**
         * @description The fields that differ, each with its old and its new value.
         * @example {
         *       "status": [
         *         "todo",
         *         "finished"
         *       ]
         *     }
         */
        Changes: {
            [key: string]: unknown[];
        };
        /** @description A checklist of a task. */
        Checklist: {
            board_id: components["schemas"]["BoardId"];
            id: components["schemas"]["ChecklistId"];
            /** @description Its position among the checklists of its task. */
            position: components["schemas"]["Position"];
            task_id: components["schemas"]["TaskId"];
            title: components["schemas"]["ChecklistTitle"];
            version: components["schemas"]["Version"];
        };
        /** @description Something happened to a checklist. */
        ChecklistEvent: {
            action: components["schemas"]["Action"];
            actor: components["schemas"]["Actor"];
            board_id: components["schemas"]["BoardId"];
            /** @description For changes of something that was there before and still is. */
            changes?: components["schemas"]["Changes"];
            /** @description After the change; for a Delete, before it. */
            checklist: components["schemas"]["ChecklistInEvent"];
            /**
             * @description What the event is about.
             * @enum {string}
             */
            entity: "checklist";
            seq: components["schemas"]["Seq"];
            /** @description What changed in its task. */
            task_patch: components["schemas"]["CountedTask"];
            timestamp: components["schemas"]["Timestamp"];
            /** @description The trace of the change (W3C Trace Context), if it is traced. */
            traceparent?: string;
            /** @description The event that this one undid. */
            undoes?: components["schemas"]["Seq"];
        };
        /**
         * Format: int64
         * @description Identifies a checklist; numbered from 1 on each board.
         * @example 2
         */
        ChecklistId: number;
        /** @description A checklist as its events show it. */
        ChecklistInEvent: {
            board_id: components["schemas"]["BoardId"];
            id: components["schemas"]["ChecklistId"];
            /** @description In an Add only. */
            items?: components["schemas"]["ChecklistItem"][];
            /** @description Its position among the checklists of its task. */
            position: components["schemas"]["Position"];
            task_id: components["schemas"]["TaskId"];
            title: components["schemas"]["ChecklistTitle"];
            version: components["schemas"]["Version"];
        };
        /** @description An item of a checklist. */
        ChecklistItem: {
            assigned_to: components["schemas"]["Username"] | null;
            board_id: components["schemas"]["BoardId"];
            checklist_id: components["schemas"]["ChecklistId"];
            done: boolean;
            due_at: components["schemas"]["Timestamp"] | null;
            id: components["schemas"]["ChecklistItemId"];
            /** @description Its position in its checklist. */
            position: components["schemas"]["Position"];
            task_id: components["schemas"]["TaskId"];
            text: components["schemas"]["ItemText"];
            version: components["schemas"]["Version"];
        };
        /** @description Something happened to an item of a checklist. */
        ChecklistItemEvent: {
            action: components["schemas"]["Action"];
            actor: components["schemas"]["Actor"];
            board_id: components["schemas"]["BoardId"];
            /** @description For changes of something that was there before and still is. */
            changes?: components["schemas"]["Changes"];
            /** @description After the change; for a Delete, before it. */
            checklist_item: components["schemas"]["ChecklistItem"];
            /**
             * @description What the event is about.
             * @enum {string}
             */
            entity: "checklist_item";
            seq: components["schemas"]["Seq"];
            /** @description What changed in its task. */
            task_patch: components["schemas"]["CountedTask"];
            timestamp: components["schemas"]["Timestamp"];
            /** @description The trace of the change (W3C Trace Context), if it is traced. */
            traceparent?: string;
            /** @description The event that this one undid. */
            undoes?: components["schemas"]["Seq"];
        };
        /**
         * Format: int64
         * @description Identifies an item of a checklist; numbered from 1 on each board.
         * @example 9
         */
        ChecklistItemId: number;
        /** @description A merge patch of an item. `checklist_id`, `before` and `after` move it. */
        ChecklistItemPatch: {
            after?: components["schemas"]["ChecklistItemId"] | null;
            assigned_to?: components["schemas"]["Username"] | null;
            before?: components["schemas"]["ChecklistItemId"] | null;
            /** @description Another checklist of its task. */
            checklist_id?: components["schemas"]["ChecklistId"];
            done?: boolean;
            due_at?: components["schemas"]["GivenMoment"] | null;
            text?: components["schemas"]["NewItemText"];
        };
        /** @description A merge patch of a checklist. `before` and `after` move it. */
        ChecklistPatch: {
            after?: components["schemas"]["ChecklistId"] | null;
            before?: components["schemas"]["ChecklistId"] | null;
            title?: components["schemas"]["NewChecklistTitle"];
        };
        /**
         * @description The title of a checklist, in one line.
         * @example Before the party
         */
        ChecklistTitle: string;
        /** @description A checklist to be imported. */
        ChecklistToImport: {
            board_id?: unknown;
            /** @description Ignored, like everything that only the old board has. */
            id?: unknown;
            items?: components["schemas"]["ItemToImport"][] | null;
            position?: unknown;
            task_id?: unknown;
            title: components["schemas"]["ChecklistTitle"];
            version?: unknown;
        };
        /** @description The checklists of a task, in their order. */
        Checklists: {
            items: components["schemas"]["WholeChecklist"][];
            /** @description The board's newest event. */
            seq: components["schemas"]["Seq"];
        };
        /** @description A column of a board. */
        Column: {
            key: components["schemas"]["ColumnKey"];
            name: components["schemas"]["ColumnName"];
            wip_limit: components["schemas"]["WipLimit"] | null;
        };
        /** @description How many tasks there are in columns with this key. */
        ColumnCount: {
            column: components["schemas"]["ColumnKey"];
            /** Format: int64 */
            tasks: number;
        };
        /** @description A problem document (RFC 9457): Column in use. */
        ColumnInUseProblem: {
            columns: {
                key: components["schemas"]["ColumnKey"];
                tasks: number;
            }[];
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Column in use
             */
            title: string;
            /** @enum {string} */
            type: "/problems/column-in-use";
        };
        /**
         * @description Identifies a column on its board; a task's `status`.
         * @example in_progress
         */
        ColumnKey: string;
        /**
         * @description The name of a column.
         * @example In progress
         */
        ColumnName: string;
        /** @description The columns of a board, from left to right. */
        Columns: components["schemas"]["Column"][];
        /** @description A comment on a task. */
        Comment: {
            /**
             * @description The author, if `created_by` imported it and did not write it: an unverified name,
             *     not a user's.
             */
            author?: components["schemas"]["Assignee"];
            board_id: components["schemas"]["BoardId"];
            body: components["schemas"]["CommentBody"];
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Username"];
            id: components["schemas"]["CommentId"];
            task_id: components["schemas"]["TaskId"];
            updated_at: components["schemas"]["Timestamp"];
            version: components["schemas"]["Version"];
        };
        /**
         * @description What somebody wrote about a task, in Markdown.
         * @example Looks good.
         */
        CommentBody: string;
        /** @description Something happened to a comment. */
        CommentEvent: {
            action: components["schemas"]["Action"];
            actor: components["schemas"]["Actor"];
            board_id: components["schemas"]["BoardId"];
            /** @description For changes of something that was there before and still is. */
            changes?: components["schemas"]["Changes"];
            /** @description After the change; for a Delete, before it. */
            comment: components["schemas"]["Comment"];
            /**
             * @description What the event is about.
             * @enum {string}
             */
            entity: "comment";
            seq: components["schemas"]["Seq"];
            /** @description The whole task, in events of earlier versions, which have no `task_patch`. */
            task?: components["schemas"]["Task"];
            /** @description What changed in its task. */
            task_patch?: components["schemas"]["CountedTask"];
            timestamp: components["schemas"]["Timestamp"];
            /** @description The trace of the change (W3C Trace Context), if it is traced. */
            traceparent?: string;
            /** @description The event that this one undid. */
            undoes?: components["schemas"]["Seq"];
        };
        /**
         * Format: int64
         * @description Identifies a comment; numbered from 1 on each board.
         * @example 5
         */
        CommentId: number;
        /** @description A comment, or its text alone. */
        CommentOrText: components["schemas"]["CommentToImport"] | components["schemas"]["CommentBody"];
        /** @description Comments, oldest first. */
        CommentPage: {
            /** @description The entries of this page, in an order that is stable while others are added. */
            items: components["schemas"]["Comment"][];
            next_cursor: components["schemas"]["Cursor"] | null;
        };
        /** @description A merge patch of a comment. */
        CommentPatch: {
            body?: components["schemas"]["CommentBody"];
        };
        /** @description A comment to be imported: what an export gives, or its text alone. */
        CommentToImport: {
            author?: components["schemas"]["Assignee"] | null;
            board_id?: unknown;
            body: components["schemas"]["CommentBody"];
            created_at?: components["schemas"]["GivenMoment"] | null;
            created_by?: components["schemas"]["Assignee"] | null;
            /** @description Ignored, like everything that only the old board has. */
            id?: unknown;
            task_id?: unknown;
            updated_at?: components["schemas"]["GivenMoment"] | null;
            version?: unknown;
        };
        /**
         * Format: int64
         * @description How many there are.
         * @example 4
         */
        Count: number;
        /** @description What a comment, a checklist or an item changes in its task: these members replace the task's. */
        CountedTask: {
            /**
             * Format: int64
             * @description How many comments it has.
             */
            comment_count: number;
            /**
             * Format: int64
             * @description How many of them are done.
             */
            done_count?: number;
            id: components["schemas"]["TaskId"];
            /**
             * Format: int64
             * @description How many items its checklists have. (Events of earlier versions do not say.)
             */
            item_count?: number;
            updated_at: components["schemas"]["Timestamp"];
            version: components["schemas"]["Version"];
        };
        /** @description A username and its password. */
        Credentials: {
            password: components["schemas"]["Guess"];
            username: components["schemas"]["Guess"];
        };
        /**
         * @description Where the next page begins: send it as `?cursor=`. It is opaque.
         * @example Mw
         */
        Cursor: string;
        /**
         * @description A day of the calendar.
         * @example 2026-11-29
         */
        Day: string;
        /** @description How events were delivered. */
        Deliveries: {
            /**
             * Format: int64
             * @description Events that the sweeper delivered, since Redis last lost its data.
             */
            deferred: number;
        };
        /**
         * @description The long description, in Markdown; empty if there is none.
         * @example By **Friday**.
         */
        Description: string;
        /**
         * @description A line of a description.
         * @example - [ ] Order the cake
         */
        DescriptionLine: string;
        /**
         * @description The name that a user wants to be shown with.
         * @example Ada Lovelace
         */
        DisplayName: string;
        /**
         * Format: int64
         * @description How long something took, in milliseconds.
         * @example 3600000
         */
        Duration: number;
        /** @description A user's e-mail address. */
        Email: {
            address: components["schemas"]["EmailAddress"] | null;
            pending: components["schemas"]["PendingEmail"] | null;
            verified_at: components["schemas"]["Timestamp"] | null;
        };
        /**
         * @description An e-mail address of ASCII characters, without quotes. White space around it is removed.
         * @example ada@example.org
         */
        EmailAddress: string;
        /** @description A request to remove one's address. */
        EmailEnd: {
            password?: components["schemas"]["Guess"] | null;
        };
        /** @description A problem document (RFC 9457): Address taken. */
        EmailTakenProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Address taken
             */
            title: string;
            /** @enum {string} */
            type: "/problems/email-taken";
        };
        /**
         * @description Distinguishes a board from another that had the same id before the databases (or, in quick-win mode, the host) started over: a sequence number is valid only within its epoch.
         * @example 0f8fad5b-d9cb-469f-a165-70867728950e
         */
        Epoch: string;
        /** @description One change of one board; `entity` says of what. */
        Event: components["schemas"]["BoardEvent"] | components["schemas"]["TaskEvent"] | components["schemas"]["CommentEvent"] | components["schemas"]["ChecklistEvent"] | components["schemas"]["ChecklistItemEvent"] | components["schemas"]["MemberEvent"];
        /** @description How much happened in the last 60 minutes. */
        EventCounts: {
            /** @description By action and entity, such as `Move:task`. */
            by_kind: {
                [key: string]: number;
            };
            /** @description Oldest first; the last one is not over yet. */
            per_minute: components["schemas"]["MinuteCount"][];
        };
        /** @description A part of a board's history, oldest first, without gaps. */
        EventPage: {
            epoch: components["schemas"]["Epoch"];
            items: components["schemas"]["Event"][];
            next_after: components["schemas"]["Seq"] | null;
            /** @description The board's newest event. */
            seq: components["schemas"]["Seq"];
        };
        /** @description A problem document (RFC 9457): Events gone. */
        EventsGoneProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            epoch: components["schemas"]["Epoch"];
            /** @description Finds this request in the server's log. */
            request_id: string;
            seq: components["schemas"]["Seq"];
            /** @enum {integer} */
            status: 410;
            /**
             * @description The type's short name.
             * @example Events gone
             */
            title: string;
            /** @enum {string} */
            type: "/problems/events-gone";
        };
        /** @description A whole board as a document that can be imported again. */
        ExportedBoard: {
            archived: boolean;
            columns: components["schemas"]["Columns"];
            created_at: components["schemas"]["Timestamp"];
            description: components["schemas"]["Description"];
            /** @description As many of the newest as were asked for, oldest first; none by default. */
            events: components["schemas"]["Event"][];
            id: components["schemas"]["BoardId"];
            name: components["schemas"]["BoardName"];
            tasks: components["schemas"]["ExportedTask"][];
            updated_at: components["schemas"]["Timestamp"];
        };
        /** @description A checklist of an exported task. */
        ExportedChecklist: {
            items: components["schemas"]["ExportedItem"][];
            title: components["schemas"]["ChecklistTitle"];
        };
        /** @description A comment of an exported task. */
        ExportedComment: {
            /** @description As in a comment. */
            author?: components["schemas"]["Assignee"];
            body: components["schemas"]["CommentBody"];
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Username"];
            id: components["schemas"]["CommentId"];
            updated_at: components["schemas"]["Timestamp"];
        };
        /** @description An item of it. */
        ExportedItem: {
            assigned_to: components["schemas"]["Username"] | null;
            done: boolean;
            due_at: components["schemas"]["Timestamp"] | null;
            text: components["schemas"]["ItemText"];
        };
        /** @description A task of an exported board. */
        ExportedTask: {
            assigned_to: components["schemas"]["Username"] | null;
            checklists: components["schemas"]["ExportedChecklist"][];
            comments: components["schemas"]["ExportedComment"][];
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Username"];
            description: components["schemas"]["Description"];
            due_at: components["schemas"]["Timestamp"] | null;
            fields: components["schemas"]["FreeFields"];
            id: components["schemas"]["TaskId"];
            labels: components["schemas"]["Labels"];
            start_at: components["schemas"]["Timestamp"] | null;
            status: components["schemas"]["ColumnKey"];
            title: components["schemas"]["TaskTitle"];
            updated_at: components["schemas"]["Timestamp"];
        };
        /** @description A task that was finished in the range. */
        FinishedTask: {
            cycle_ms: components["schemas"]["Duration"] | null;
            finished_at: components["schemas"]["Timestamp"];
            lead_ms: components["schemas"]["Duration"];
            task_id: components["schemas"]["TaskId"];
        };
        /** @description The token for the second step. */
        FirstStep: {
            /** @description Five minutes from now. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description It logs nobody in. */
            token: components["schemas"]["Token"];
        };
        /** @description A column, and how long tasks stayed in it. */
        FlowColumn: {
            key: components["schemas"]["ColumnKey"];
            mean_stay_ms: components["schemas"]["Duration"] | null;
            name: components["schemas"]["ColumnName"] | null;
            /** @description How many times in the range a task left it, or was deleted from it. */
            stays: components["schemas"]["Count"];
        };
        /** @description A day. */
        FlowDay: {
            added: components["schemas"]["Count"];
            date: components["schemas"]["Day"];
            finished: components["schemas"]["Count"];
            /** @description How many times a task moved from column to column. */
            moved: components["schemas"]["Count"];
            /** @description How many each of `columns` had at the day's end or, today, has. */
            tasks: components["schemas"]["Count"][];
        };
        /** @description A week, or the part of it that is in the range. */
        FlowWeek: {
            /**
             * Format: int64
             * @description How many of its days are in the range.
             */
            days: number;
            finished: components["schemas"]["Count"];
            /** @description The day on which it begins. */
            monday: components["schemas"]["Day"];
        };
        /** @description A problem document (RFC 9457): Forbidden. */
        ForbiddenProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /**
             * @description The role that is needed.
             * @enum {string}
             */
            needed: "editor" | "owner" | "author";
            /** @description Finds this request in the server's log. */
            request_id: string;
            role: components["schemas"]["Role"];
            /** @enum {integer} */
            status: 403;
            /**
             * @description The type's short name.
             * @example Forbidden
             */
            title: string;
            /** @enum {string} */
            type: "/problems/forbidden";
        };
        /** @description A problem document (RFC 9457): Foreign origin. */
        ForeignOriginProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 403;
            /**
             * @description The type's short name.
             * @example Foreign origin
             */
            title: string;
            /** @enum {string} */
            type: "/problems/foreign-origin";
        };
        /** @description The account whose password was forgotten. */
        ForgottenPassword: {
            account: components["schemas"]["MailedAccount"];
            language?: components["schemas"]["Language"] | null;
        };
        /**
         * @description Anything else about a task: any JSON object of up to 16 KiB, with at most 64 levels of objects and arrays, itself being the first. A PATCH merges into it.
         * @example {
         *       "estimate": 3
         *     }
         */
        FreeFields: {
            [key: string]: unknown;
        };
        /**
         * Format: date-time
         * @description A time from a client: RFC 3339 with any offset. It is stored in UTC.
         * @example 2026-01-09T17:00:00+01:00
         */
        GivenMoment: string;
        /**
         * @description A name or a password as it was entered. One that nobody can have is answered like one that nobody has.
         * @example correct horse battery
         */
        Guess: string;
        /** @description The same for everybody: nobody logs in here. */
        Guest: {
            /** Format: int64 */
            id: number;
            username: string;
        };
        /** @description The process answers. */
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        /** @description A problem document (RFC 9457): Idempotency key reused. */
        IdempotencyKeyReusedProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 422;
            /**
             * @description The type's short name.
             * @example Idempotency key reused
             */
            title: string;
            /** @enum {string} */
            type: "/problems/idempotency-key-reused";
        };
        /** @description Every way to log in, oldest first. */
        Identities: {
            items: components["schemas"]["Identity"][];
            /** @description Whether the user can log in with a password, too. */
            password: boolean;
        };
        /** @description A way to log in: an identity at a provider. */
        Identity: {
            created_at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            id: number;
            issuer: string;
            /** @description When it was last used to log in. */
            last_used_at: components["schemas"]["Timestamp"];
            provider: components["schemas"]["Provider"] | null;
        };
        /** @description The imported board. */
        ImportedBoard: {
            /** @description Whether it is archived. */
            archived: boolean;
            columns: components["schemas"]["Columns"];
            created_at: components["schemas"]["Timestamp"];
            description: components["schemas"]["Description"];
            epoch: components["schemas"]["Epoch"];
            id: components["schemas"]["BoardId"];
            name: components["schemas"]["BoardName"];
            /** @description You own it. */
            role: components["schemas"]["Role"];
            /** @description That of the board's newest event. */
            seq: components["schemas"]["Seq"];
            /** @description When it or anything on it was last changed. */
            updated_at: components["schemas"]["Timestamp"];
            version: components["schemas"]["Version"];
            /** @description What could not be imported. */
            warnings: components["schemas"]["Warning"][];
        };
        /** @description A problem document (RFC 9457): Internal error. */
        InternalProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 500;
            /**
             * @description The type's short name.
             * @example Internal error
             */
            title: string;
            /** @enum {string} */
            type: "/problems/internal";
        };
        /** @description A problem document (RFC 9457): Wrong code. */
        InvalidCodeProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 401;
            /**
             * @description The type's short name.
             * @example Wrong code
             */
            title: string;
            /** @enum {string} */
            type: "/problems/invalid-code";
        };
        /** @description A problem document (RFC 9457): Wrong name or password. */
        InvalidCredentialsProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 401;
            /**
             * @description The type's short name.
             * @example Wrong name or password
             */
            title: string;
            /** @enum {string} */
            type: "/problems/invalid-credentials";
        };
        /** @description A link to a board. */
        Invitation: {
            /** @description Whether it is valid now: its maker may still create such links. */
            active: boolean;
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Username"];
            expires_at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            id: number;
            role: components["schemas"]["InvitationRole"];
            /** @description How often it was used. */
            used: components["schemas"]["Count"];
            /**
             * Format: int64
             * @description How often it may be used; null for any number of times.
             */
            uses: number | null;
        };
        /** @description A board's invitations that have not expired and are not used up, newest first. */
        InvitationPage: {
            /** @description The entries of this page, in an order that is stable while others are added. */
            items: components["schemas"]["Invitation"][];
            next_cursor: components["schemas"]["Cursor"] | null;
        };
        /** @description Where an invitation leads. */
        InvitationPreview: {
            board_name: components["schemas"]["BoardName"] | null;
            expires_at: components["schemas"]["Timestamp"];
            invited_by: components["schemas"]["DisplayName"];
            /** @description Whether people without an account can get one with it. */
            registers: boolean;
            role: components["schemas"]["InvitationRole"] | null;
        };
        /**
         * @description The role that a link to a board gives.
         * @enum {string}
         */
        InvitationRole: "editor" | "viewer";
        /**
         * @description What an item says, in one line.
         * @example Order the cake
         */
        ItemText: string;
        /** @description An item to be imported. */
        ItemToImport: {
            assigned_to?: components["schemas"]["Assignee"] | null;
            board_id?: unknown;
            checklist_id?: unknown;
            /** @description No by default. */
            done?: boolean | null;
            due_at?: components["schemas"]["GivenMoment"] | null;
            /** @description Ignored, like everything that only the old board has. */
            id?: unknown;
            position?: unknown;
            task_id?: unknown;
            text: components["schemas"]["ItemText"];
            version?: unknown;
        };
        /** @description The board that the user joined. Nulls for an admin's invitation, which leads to no board. */
        Joined: {
            board_id: components["schemas"]["BoardId"] | null;
            role: components["schemas"]["Role"] | null;
        };
        /**
         * @description A word that sorts tasks.
         * @example urgent
         */
        Label: string;
        /** @description Different labels. */
        Labels: components["schemas"]["Label"][];
        /**
         * @description The language of a mail; English by default.
         * @enum {string}
         */
        Language: "en" | "de";
        /** @description A problem document (RFC 9457): Last admin. */
        LastAdminProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Last admin
             */
            title: string;
            /** @enum {string} */
            type: "/problems/last-admin";
        };
        /** @description A problem document (RFC 9457): Last owner. */
        LastOwnerProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Last owner
             */
            title: string;
            /** @enum {string} */
            type: "/problems/last-owner";
        };
        /** @description A problem document (RFC 9457): Last way in. */
        LastWayInProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Last way in
             */
            title: string;
            /** @enum {string} */
            type: "/problems/last-way-in";
        };
        /** @description Of all relays together; null if nothing was delivered. */
        Latencies: {
            publish_to_socket: components["schemas"]["Latency"] | null;
            write_to_glass: components["schemas"]["Latency"] | null;
        };
        /** @description How long events of the last minute took. */
        Latency: {
            /**
             * Format: int64
             * @description The number of measurements.
             */
            events: number;
            /**
             * Format: double
             * @description Half of them took no longer, in milliseconds.
             */
            p50_ms: number;
            /**
             * Format: double
             * @description 99 % of them took no longer.
             */
            p99_ms: number;
        };
        /** @description A problem document (RFC 9457): Limit reached. */
        LimitReachedProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /**
             * @description Which limit.
             * @enum {string}
             */
            limit: "boards" | "tasks" | "board-text" | "store" | "invitations" | "api-tokens" | "passkeys" | "checklists" | "items";
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Limit reached
             */
            title: string;
            /** @enum {string} */
            type: "/problems/limit-reached";
        };
        /** @description A problem document (RFC 9457): Line gone. */
        LineGoneProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Line gone
             */
            title: string;
            /** @enum {string} */
            type: "/problems/line-gone";
        };
        /** @description A problem document (RFC 9457): Link not valid. */
        LinkInvalidProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 404;
            /**
             * @description The type's short name.
             * @example Link not valid
             */
            title: string;
            /** @enum {string} */
            type: "/problems/link-invalid";
        };
        /** @description Where the browser has to go to log in at a provider. */
        LinkStart: {
            location: string;
        };
        /**
         * @description The secret of a link: 256 random bits in base64url.
         * @example Zm9yIHlvdXIgZXllcyBvbmx5LCB1bnRpbCBGcmlkYXk
         */
        LinkToken: string;
        /** @description A member of a board in a list. */
        ListedMember: {
            display_name: components["schemas"]["DisplayName"];
            username: components["schemas"]["Username"];
        };
        /** @description A fresh log-in. The token is also in the cookie `token`. */
        Login: {
            /** @description When the token ends. */
            expires_at: components["schemas"]["Timestamp"];
            token: components["schemas"]["Token"];
            user: components["schemas"]["User"];
        };
        /** @description The response to the right password: a log-in, or its first step. */
        LoginAnswer: components["schemas"]["Login"] | components["schemas"]["LoginFirstStep"];
        /** @description A problem document (RFC 9457): Log-in expired. */
        LoginExpiredProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 401;
            /**
             * @description The type's short name.
             * @example Log-in expired
             */
            title: string;
            /** @enum {string} */
            type: "/problems/login-expired";
        };
        /** @description The password was right, and a code is asked for. */
        LoginFirstStep: {
            second_factor: components["schemas"]["FirstStep"];
        };
        /** @description What a provider sends to end sessions. */
        LogoutForm: {
            /** @description A signed JWT (OpenID Connect Back-Channel Logout 1.0). */
            logout_token: string;
        };
        /** @description A problem document (RFC 9457): Logout token not valid. */
        LogoutTokenInvalidProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 400;
            /**
             * @description The type's short name.
             * @example Logout token not valid
             */
            title: string;
            /** @enum {string} */
            type: "/problems/logout-token-invalid";
        };
        /** @description A fresh link for a new account. The token is shown only once. */
        MadeAccountInvitation: {
            /** @description Whether it is valid now: its maker may still create such links. */
            active: boolean;
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Username"];
            expires_at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            id: number;
            token: components["schemas"]["LinkToken"];
            /** @description How often it was used. */
            used: components["schemas"]["Count"];
            /**
             * Format: int64
             * @description How often it may be used; null for any number of times.
             */
            uses: number | null;
        };
        /** @description A fresh token for a program, shown only once. */
        MadeApiToken: {
            board_id: components["schemas"]["BoardId"] | null;
            /** @description Those of its boards of which its maker is a member; null for all of these. */
            boards: components["schemas"]["ApiTokenBoard"][] | null;
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Username"];
            expires_at: components["schemas"]["Timestamp"] | null;
            /** Format: int64 */
            id: number;
            last_used_at: components["schemas"]["Timestamp"] | null;
            name: components["schemas"]["ApiTokenName"];
            scope: components["schemas"]["Scope"];
            token: components["schemas"]["ApiTokenText"];
        };
        /** @description A fresh link to a board. The token is shown only once. */
        MadeInvitation: {
            /** @description Whether it is valid now: its maker may still create such links. */
            active: boolean;
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Username"];
            expires_at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            id: number;
            role: components["schemas"]["InvitationRole"];
            token: components["schemas"]["LinkToken"];
            /** @description How often it was used. */
            used: components["schemas"]["Count"];
            /**
             * Format: int64
             * @description How often it may be used; null for any number of times.
             */
            uses: number | null;
        };
        /** @description The language of the mail. */
        MailWish: {
            language?: components["schemas"]["Language"] | null;
        };
        /**
         * @description A user name or an e-mail address.
         * @example ada@example.org
         */
        MailedAccount: string;
        /** @description A problem document (RFC 9457): Malformed header. */
        MalformedHeaderProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 400;
            /**
             * @description The type's short name.
             * @example Malformed header
             */
            title: string;
            /** @enum {string} */
            type: "/problems/malformed-header";
        };
        /** @description A problem document (RFC 9457): Malformed JSON. */
        MalformedJsonProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 400;
            /**
             * @description The type's short name.
             * @example Malformed JSON
             */
            title: string;
            /** @enum {string} */
            type: "/problems/malformed-json";
        };
        /** @description A user who may see a board. */
        Member: {
            created_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["UserId"];
            role: components["schemas"]["Role"];
            updated_at: components["schemas"]["Timestamp"];
            username: components["schemas"]["Username"];
        };
        /** @description A member with their display name, which only members of the same board see. */
        MemberEntry: {
            created_at: components["schemas"]["Timestamp"];
            display_name: components["schemas"]["DisplayName"];
            id: components["schemas"]["UserId"];
            role: components["schemas"]["Role"];
            updated_at: components["schemas"]["Timestamp"];
            username: components["schemas"]["Username"];
        };
        /** @description Somebody joined, left, or got another role. */
        MemberEvent: {
            action: components["schemas"]["Action"];
            actor: components["schemas"]["Actor"];
            board_id: components["schemas"]["BoardId"];
            /** @description For changes of something that was there before and still is. */
            changes?: components["schemas"]["Changes"];
            /**
             * @description What the event is about.
             * @enum {string}
             */
            entity: "member";
            /** @description After the change; for a Delete, before it. */
            member: components["schemas"]["Member"];
            seq: components["schemas"]["Seq"];
            timestamp: components["schemas"]["Timestamp"];
            /** @description The trace of the change (W3C Trace Context), if it is traced. */
            traceparent?: string;
            /** @description The event that this one undid. */
            undoes?: components["schemas"]["Seq"];
        };
        /** @description Members, in the order of their ids. */
        MemberPage: {
            /** @description The entries of this page, in an order that is stable while others are added. */
            items: components["schemas"]["MemberEntry"][];
            next_cursor: components["schemas"]["Cursor"] | null;
        };
        /** @description What a member may do from now on. */
        MemberRole: {
            role: components["schemas"]["Role"];
        };
        /** @description A problem document (RFC 9457): Method not allowed. */
        MethodNotAllowedProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 405;
            /**
             * @description The type's short name.
             * @example Method not allowed
             */
            title: string;
            /** @enum {string} */
            type: "/problems/method-not-allowed";
        };
        /** @description How much happened in a minute. */
        MinuteCount: {
            /** Format: int64 */
            events: number;
            /** @description When it began. */
            minute: components["schemas"]["Timestamp"];
        };
        /** @description For how long a link for a new account is valid. */
        NewAccountInvitation: {
            email?: components["schemas"]["EmailAddress"] | null;
            /**
             * Format: int64
             * @default 7
             */
            expires_in_days: number;
            language?: components["schemas"]["Language"] | null;
            /**
             * Format: int64
             * @description How often it may be used; null for any number of times.
             * @default 1
             */
            uses: number | null;
        };
        /** @description What a token is for. */
        NewApiToken: {
            /** @description The boards that it gives access to, of those of which you are a member; null for all of them. */
            boards?: components["schemas"]["BoardId"][] | null;
            /**
             * Format: int64
             * @description Null for one that never expires.
             * @default 90
             */
            expires_in_days: number | null;
            name: components["schemas"]["NewApiTokenName"];
            scope: components["schemas"]["Scope"];
        };
        /**
         * @description The name of a new token for a program, in one line: nothing invisible except joiners where a script or an emoji needs them. White space around it is removed.
         * @example Nightly report
         */
        NewApiTokenName: string;
        /**
         * @description Who does it from now on: nothing invisible except joiners where a script or an emoji needs them.
         * @example ada
         */
        NewAssignee: string;
        /** @description A new board. Without columns it gets `todo`, `in_progress` and `finished`. */
        NewBoard: {
            columns?: components["schemas"]["NewColumns"] | null;
            description?: components["schemas"]["Description"] | null;
            name: components["schemas"]["NewBoardName"];
        };
        /** @description What a board's token is for. */
        NewBoardApiToken: {
            /**
             * Format: int64
             * @description Null for one that never expires.
             * @default 90
             */
            expires_in_days: number | null;
            name: components["schemas"]["NewApiTokenName"];
            scope: components["schemas"]["Scope"];
        };
        /**
         * @description The name of a board from now on, in one line: nothing invisible except joiners where a script or an emoji needs them. White space around it is removed.
         * @example Launch
         */
        NewBoardName: string;
        /** @description A new checklist, at the end or next to another one: give `before` or `after`, not both. */
        NewChecklist: {
            after?: components["schemas"]["ChecklistId"] | null;
            before?: components["schemas"]["ChecklistId"] | null;
            title: components["schemas"]["NewChecklistTitle"];
        };
        /** @description A new item, at the end of its checklist or next to another one: give `before` or `after`, not both. */
        NewChecklistItem: {
            after?: components["schemas"]["ChecklistItemId"] | null;
            assigned_to?: components["schemas"]["Username"] | null;
            before?: components["schemas"]["ChecklistItemId"] | null;
            /** @description No by default. */
            done?: boolean | null;
            due_at?: components["schemas"]["GivenMoment"] | null;
            text: components["schemas"]["NewItemText"];
        };
        /**
         * @description The title of a checklist from now on, in one line: nothing invisible except joiners where a script or an emoji needs them.
         * @example Before the party
         */
        NewChecklistTitle: string;
        /** @description A column that a client gives. Each needs a key of its own. */
        NewColumn: {
            key: components["schemas"]["ColumnKey"];
            name: components["schemas"]["NewColumnName"];
            wip_limit?: components["schemas"]["WipLimit"] | null;
        };
        /**
         * @description The name of a column from now on: nothing invisible except joiners where a script or an emoji needs them.
         * @example In progress
         */
        NewColumnName: string;
        /** @description The columns of a board, from left to right, with different keys. */
        NewColumns: components["schemas"]["NewColumn"][];
        /** @description A new comment. */
        NewComment: {
            body: components["schemas"]["CommentBody"];
        };
        /**
         * @description The name that a user wants to be shown with from now on: nothing invisible except joiners where a script or an emoji needs them.
         * @example Ada Lovelace
         */
        NewDisplayName: string;
        /** @description An address to be confirmed. */
        NewEmail: {
            address: components["schemas"]["EmailAddress"];
            language?: components["schemas"]["Language"] | null;
            password?: components["schemas"]["Guess"] | null;
        };
        /** @description What a new link to a board gives, and for how long. */
        NewInvitation: {
            email?: components["schemas"]["EmailAddress"] | null;
            /**
             * Format: int64
             * @default 7
             */
            expires_in_days: number;
            language?: components["schemas"]["Language"] | null;
            role: components["schemas"]["InvitationRole"];
            /**
             * Format: int64
             * @description How often it may be used; null for any number of times.
             * @default 1
             */
            uses: number | null;
        };
        /**
         * @description What an item says from now on, in one line: nothing invisible except joiners where a script or an emoji needs them.
         * @example Order the cake
         */
        NewItemText: string;
        /**
         * @description A word that sorts tasks from now on: nothing invisible except joiners where a script or an emoji needs them.
         * @example urgent
         */
        NewLabel: string;
        /** @description Different labels, from now on. */
        NewLabels: components["schemas"]["NewLabel"][];
        /** @description A passkey that a browser has made. */
        NewPasskey: {
            credential: components["schemas"]["NewPasskeyCredential"];
            name: components["schemas"]["DisplayName"];
        };
        /** @description A `RegistrationResponseJSON` of the standard's; members that are not listed are ignored. */
        NewPasskeyCredential: {
            rawId: string;
            response: {
                attestationObject: string;
                clientDataJSON: string;
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /** @description A new quick-win board. */
        NewQuickWinBoard: {
            name: components["schemas"]["NewBoardName"];
        };
        /** @description A new task of a quick-win board. */
        NewQuickWinTask: {
            assigned_to?: components["schemas"]["NewAssignee"] | null;
            description?: components["schemas"]["Description"] | null;
            status?: components["schemas"]["Status"] | null;
            title: components["schemas"]["NewTaskTitle"];
        };
        /**
         * @description A new task, at the end of its column or next to another task: give `before` or `after`,
         *     not both.
         */
        NewTask: {
            after?: components["schemas"]["TaskId"] | null;
            assigned_to?: components["schemas"]["Username"] | null;
            before?: components["schemas"]["TaskId"] | null;
            description?: components["schemas"]["Description"] | null;
            due_at?: components["schemas"]["GivenMoment"] | null;
            fields?: components["schemas"]["FreeFields"] | null;
            labels?: components["schemas"]["NewLabels"] | null;
            start_at?: components["schemas"]["GivenMoment"] | null;
            status?: components["schemas"]["ColumnKey"] | null;
            title: components["schemas"]["NewTaskTitle"];
        };
        /**
         * @description What is to be done from now on, in one line: nothing invisible except joiners where a script or an emoji needs them. White space around it is removed.
         * @example Write the invitation
         */
        NewTaskTitle: string;
        /** @description A problem document (RFC 9457): No mails. */
        NoMailProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example No mails
             */
            title: string;
            /** @enum {string} */
            type: "/problems/no-mail";
        };
        /** @description A problem document (RFC 9457): Not configured. */
        NotConfiguredProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 503;
            /**
             * @description The type's short name.
             * @example Not configured
             */
            title: string;
            /** @enum {string} */
            type: "/problems/not-configured";
        };
        /** @description A problem document (RFC 9457): Not found. */
        NotFoundProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 404;
            /**
             * @description The type's short name.
             * @example Not found
             */
            title: string;
            /** @enum {string} */
            type: "/problems/not-found";
        };
        /** @description What is in a column now. */
        OpenColumn: {
            count: components["schemas"]["Count"];
            key: components["schemas"]["ColumnKey"];
            /** @description The 100 that are oldest by `started_at`, else `created_at`; oldest first. */
            tasks: components["schemas"]["OpenTask"][];
        };
        /** @description A task that is not finished. */
        OpenTask: {
            created_at: components["schemas"]["Timestamp"];
            /** @description When it came into its column. */
            entered_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["TaskId"];
            started_at: components["schemas"]["Timestamp"] | null;
            title: components["schemas"]["TaskTitle"];
        };
        /** @description A token for a program that they made. */
        OwnApiToken: {
            created_at: components["schemas"]["Timestamp"];
            expires_at: components["schemas"]["Timestamp"] | null;
            /** Format: int64 */
            id: number;
            last_used_at: components["schemas"]["Timestamp"] | null;
            name: components["schemas"]["ApiTokenName"];
            scope: components["schemas"]["Scope"];
        };
        /** @description A board of which they are a member. */
        OwnBoard: {
            id: components["schemas"]["BoardId"];
            joined_at: components["schemas"]["Timestamp"];
            name: components["schemas"]["BoardName"];
            role: components["schemas"]["Role"];
        };
        /** @description A comment that they wrote. */
        OwnComment: {
            board_id: components["schemas"]["BoardId"];
            body: components["schemas"]["CommentBody"];
            created_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["CommentId"];
            task_id: components["schemas"]["TaskId"];
            updated_at: components["schemas"]["Timestamp"];
        };
        /** @description Their identity at a provider. */
        OwnIdentity: {
            created_at: components["schemas"]["Timestamp"];
            issuer: string;
            last_used_at: components["schemas"]["Timestamp"];
            subject: string;
        };
        /** @description One of their passkeys. */
        OwnPasskey: {
            created_at: components["schemas"]["Timestamp"];
            last_used_at: components["schemas"]["Timestamp"] | null;
            name: components["schemas"]["DisplayName"];
        };
        /** @description The user's own password. */
        OwnPassword: {
            password: components["schemas"]["Guess"];
        };
        /** @description The proof by which the user authenticates again. */
        OwnProof: {
            code?: components["schemas"]["Guess"] | null;
            /** @description A user without a password omits it, and must have logged in within the last ten minutes. */
            password?: components["schemas"]["Guess"];
        };
        /** @description A task that they made. */
        OwnTask: {
            board_id: components["schemas"]["BoardId"];
            created_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["TaskId"];
            title: components["schemas"]["TaskTitle"];
        };
        /** @description A way to log in without a password. */
        Passkey: {
            created_at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            id: number;
            last_used_at: components["schemas"]["Timestamp"] | null;
            name: components["schemas"]["DisplayName"];
        };
        /** @description A problem document (RFC 9457): Passkey not valid. */
        PasskeyInvalidProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 401;
            /**
             * @description The type's short name.
             * @example Passkey not valid
             */
            title: string;
            /** @enum {string} */
            type: "/problems/passkey-invalid";
        };
        /** @description The use of a passkey. */
        PasskeyLogin: {
            credential: components["schemas"]["UsedPasskeyCredential"];
        };
        /** @description Another name for a passkey. */
        PasskeyName: {
            name: components["schemas"]["DisplayName"];
        };
        /** @description What the standard says (WebAuthn, sections 5.4 and 5.5), in JSON. */
        PasskeyOptions: {
            challenge: string;
        } & {
            [key: string]: unknown;
        };
        /** @description What a browser needs to ask its user for a passkey. */
        PasskeyQuestion: {
            /**
             * Format: int64
             * @description The number of seconds within which it can be answered, once.
             */
            expires_in: number;
            public_key: components["schemas"]["PasskeyOptions"];
        };
        /** @description What a new passkey will be called, and the proof by which the user authenticates again. */
        PasskeyRequest: {
            code?: components["schemas"]["Guess"] | null;
            name: components["schemas"]["DisplayName"];
            /** @description A user without a password omits it, and must have logged in within the last ten minutes. */
            password?: components["schemas"]["Guess"];
        };
        /** @description Every one, oldest first. */
        Passkeys: {
            items: components["schemas"]["Passkey"][];
        };
        /**
         * Format: password
         * @description A password: any characters.
         * @example correct horse battery
         */
        Password: string;
        /** @description The user's own password, and a code of the app or a recovery code. */
        PasswordAndCode: {
            code: components["schemas"]["Guess"];
            password: components["schemas"]["Guess"];
        };
        /** @description A link's token, and the new password. */
        PasswordReset: {
            password: components["schemas"]["Password"];
            token: components["schemas"]["Guess"];
        };
        /** @description Whose password it is. */
        PasswordResetDone: {
            username: components["schemas"]["Username"];
        };
        /** @description A problem document (RFC 9457): Payload too large. */
        PayloadTooLargeProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 413;
            /**
             * @description The type's short name.
             * @example Payload too large
             */
            title: string;
            /** @enum {string} */
            type: "/problems/payload-too-large";
        };
        /** @description An address to which a mail with a link was sent. */
        PendingEmail: {
            address: components["schemas"]["EmailAddress"];
            /** @description When the link expires. */
            expires_at: components["schemas"]["Timestamp"];
        };
        /** @description The times within which 50, 85 and 95 % were done; null if there are none. */
        Percentiles: {
            count: components["schemas"]["Count"];
            p50_ms: components["schemas"]["Duration"] | null;
            p85_ms: components["schemas"]["Duration"] | null;
            p95_ms: components["schemas"]["Duration"] | null;
        };
        /**
         * @description The position of a task in its column: an opaque text. The tasks of a column are sorted by its bytes.
         * @example V
         */
        Position: string;
        /** @description A problem document (RFC 9457): Precondition failed. */
        PreconditionFailedProblem: {
            current_version: components["schemas"]["Version"];
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 412;
            /**
             * @description The type's short name.
             * @example Precondition failed
             */
            title: string;
            /** @enum {string} */
            type: "/problems/precondition-failed";
        };
        /** @description An OpenID Connect provider. */
        Provider: {
            /** @description Its name in paths. */
            id: string;
            name: components["schemas"]["DisplayName"];
        };
        /** @description What the login page has buttons for, besides the password. */
        ProviderList: {
            items: components["schemas"]["Provider"][];
            /** @description Whether users can log in with a passkey here. */
            passkeys: boolean;
        };
        /** @description A whole quick-win board. */
        QuickWinBoard: {
            created_at: components["schemas"]["Timestamp"];
            epoch: components["schemas"]["Epoch"];
            /** @description The newest 1,000, or as many as `?events=` asks for, oldest first. */
            events: components["schemas"]["QuickWinEvent"][];
            id: components["schemas"]["BoardId"];
            name: components["schemas"]["BoardName"];
            seq: components["schemas"]["Seq"];
            /** @description By id. */
            tasks: components["schemas"]["QuickWinTask"][];
            /** @description When it or anything on it was last changed. */
            updated_at: components["schemas"]["Timestamp"];
            version: components["schemas"]["Version"];
        };
        /** @description Something happened to the board itself. */
        QuickWinBoardEvent: {
            action: components["schemas"]["Action"];
            actor: components["schemas"]["Guest"];
            /** @description After the change; for a Delete, before it. */
            board: components["schemas"]["QuickWinBoardInEvent"];
            board_id: components["schemas"]["BoardId"];
            /** @description For changes of something that was there before and still is. */
            changes?: components["schemas"]["Changes"];
            /**
             * @description What the event is about.
             * @enum {string}
             */
            entity: "board";
            seq: components["schemas"]["Seq"];
            timestamp: components["schemas"]["Timestamp"];
        };
        /** @description A quick-win board, as its events show it. */
        QuickWinBoardInEvent: {
            created_at: components["schemas"]["Timestamp"];
            epoch: components["schemas"]["Epoch"];
            id: components["schemas"]["BoardId"];
            name: components["schemas"]["BoardName"];
            seq: components["schemas"]["Seq"];
            updated_at: components["schemas"]["Timestamp"];
            version: components["schemas"]["Version"];
        };
        /** @description A merge patch of a quick-win board. */
        QuickWinBoardPatch: {
            name?: components["schemas"]["NewBoardName"];
        };
        /** @description Quick-win boards, oldest first. */
        QuickWinBoards: {
            boards: components["schemas"]["QuickWinBoard"][];
            next_cursor: components["schemas"]["Cursor"] | null;
        };
        /** @description One change of one quick-win board; `entity` says of what. */
        QuickWinEvent: components["schemas"]["QuickWinBoardEvent"] | components["schemas"]["QuickWinTaskEvent"];
        /** @description A part of a quick-win board's history, oldest first, without gaps. */
        QuickWinEventPage: {
            epoch: components["schemas"]["Epoch"];
            items: components["schemas"]["QuickWinEvent"][];
            next_after: components["schemas"]["Seq"] | null;
            /** @description The board's newest event. */
            seq: components["schemas"]["Seq"];
        };
        /** @description A quick-win board's newest event. */
        QuickWinHead: {
            board: components["schemas"]["BoardId"];
            epoch: components["schemas"]["Epoch"];
            seq: components["schemas"]["Seq"];
        };
        /** @description The newest events of quick-win boards, by id. */
        QuickWinHeads: {
            items: components["schemas"]["QuickWinHead"][];
            next_after: components["schemas"]["BoardId"] | null;
        };
        /** @description A task of a quick-win board. */
        QuickWinTask: {
            assigned_to: components["schemas"]["Assignee"] | null;
            created_at: components["schemas"]["Timestamp"];
            description: components["schemas"]["Description"];
            id: components["schemas"]["TaskId"];
            status: components["schemas"]["Status"];
            title: components["schemas"]["TaskTitle"];
            updated_at: components["schemas"]["Timestamp"];
            version: components["schemas"]["Version"];
        };
        /** @description Something happened to a task. */
        QuickWinTaskEvent: {
            action: components["schemas"]["Action"];
            actor: components["schemas"]["Guest"];
            board_id: components["schemas"]["BoardId"];
            /** @description For changes of something that was there before and still is. */
            changes?: components["schemas"]["Changes"];
            /**
             * @description What the event is about.
             * @enum {string}
             */
            entity: "task";
            seq: components["schemas"]["Seq"];
            /** @description After the change; for a Delete, before it. */
            task: components["schemas"]["QuickWinTask"];
            timestamp: components["schemas"]["Timestamp"];
        };
        /** @description A merge patch of a quick-win task; `status` moves it. */
        QuickWinTaskPatch: {
            assigned_to?: components["schemas"]["NewAssignee"] | null;
            description?: components["schemas"]["Description"] | null;
            status?: components["schemas"]["Status"];
            title?: components["schemas"]["NewTaskTitle"];
        };
        /** @description A problem document (RFC 9457): Rate limited. */
        RateLimitedProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @description The number of seconds until the next one is possible. */
            retry_after: number;
            /** @enum {integer} */
            status: 429;
            /**
             * @description The type's short name.
             * @example Rate limited
             */
            title: string;
            /** @enum {string} */
            type: "/problems/rate-limited";
        };
        /** @description Whether every configured store responds and every variable is valid. */
        Readiness: {
            /** @description For each store that is unavailable, what does not work and, if known, why. */
            details?: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "ready" | "not ready";
            stores: {
                /** @enum {string} */
                key_value: "ok" | "unavailable" | "not configured";
                /** @enum {string} */
                postgresql: "ok" | "unavailable" | "not configured";
                /** @enum {string} */
                redis: "ok" | "unavailable" | "not configured";
            };
            /** @description For each variable that is invalid, what it must be; never its value. */
            variables?: {
                [key: string]: string;
            };
        };
        /** @description A problem document (RFC 9457): Log in again first. */
        ReauthenticationRequiredProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 403;
            /**
             * @description The type's short name.
             * @example Log in again first
             */
            title: string;
            /** @enum {string} */
            type: "/problems/reauthentication-required";
        };
        /** @description Each replaces a code of the app, once. They are shown only once. */
        RecoveryCodes: {
            recovery_codes: string[];
        };
        /** @description A request for an account. */
        Registration: {
            display_name?: components["schemas"]["NewDisplayName"] | null;
            invitation?: components["schemas"]["Guess"] | null;
            password: components["schemas"]["Password"];
            username: components["schemas"]["Username"];
        };
        /** @description A problem document (RFC 9457): Registration closed. */
        RegistrationClosedProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /**
             * @description Who may register.
             * @enum {string}
             */
            registration: "invite" | "closed";
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 403;
            /**
             * @description The type's short name.
             * @example Registration closed
             */
            title: string;
            /** @enum {string} */
            type: "/problems/registration-closed";
        };
        /** @description What a relay reports about itself. */
        RelayReport: {
            /**
             * Format: int64
             * @description Boards in its memory.
             */
            boards: number;
            /** Format: int64 */
            connections: number;
            /**
             * Format: int64
             * @description How far it is behind the feeds that it reads.
             */
            feed_lag_ms: number | null;
            /**
             * Format: int64
             * @description How many of these are guests'.
             */
            guests: number;
            publish_to_socket: components["schemas"]["Latency"] | null;
            /** @description A name that no other relay has. */
            relay: string;
            reported_at: components["schemas"]["Timestamp"];
            started_at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            subscriptions: number;
            version: string;
            write_to_glass: components["schemas"]["Latency"] | null;
        };
        /** @description A password reset link. The token is shown only once. */
        ResetLink: {
            expires_at: components["schemas"]["Timestamp"];
            token: components["schemas"]["LinkToken"];
            username: components["schemas"]["Username"];
        };
        /**
         * @description What a member may do: viewers read, editors change, owners also manage columns and members and delete.
         * @enum {string}
         */
        Role: "viewer" | "editor" | "owner";
        /**
         * @description What a token for a program allows: to read boards (`read`), also to change what is on them as an editor may (`write`), or also to change the boards themselves as an owner may (`admin`).
         * @enum {string}
         */
        Scope: "read" | "write" | "admin";
        /** @description A problem document (RFC 9457): Second factor on or off already. */
        SecondFactorStateProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Second factor on or off already
             */
            title: string;
            /** @enum {string} */
            type: "/problems/second-factor-state";
        };
        /** @description The second step of a log-in. */
        SecondStep: {
            /** @description A code of the app, or a recovery code. */
            code: components["schemas"]["Guess"];
            token: components["schemas"]["Guess"];
        };
        /**
         * Format: int64
         * @description The number of an event in its board's history, which grows by exactly one with every change to anything on the board; 0 before the first.
         * @example 43
         */
        Seq: number;
        /** @description A session that is still valid. */
        Session: {
            created_at: components["schemas"]["Timestamp"];
            /** @description Whether it is the one that asks. */
            current: boolean;
            expires_at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            id: number;
            /** @description To a quarter of an hour. */
            last_seen_at: components["schemas"]["Timestamp"];
            /** @description The client's `User-Agent`. */
            user_agent: string | null;
        };
        /** @description Sessions, newest first. */
        SessionPage: {
            /** @description The entries of this page, in an order that is stable while others are added. */
            items: components["schemas"]["Session"][];
            next_cursor: components["schemas"]["Cursor"] | null;
        };
        /** @description The token of a link. */
        ShownLink: {
            token: components["schemas"]["Guess"];
        };
        /**
         * @description A quick-win task's column.
         * @enum {string}
         */
        Status: "todo" | "in_progress" | "finished";
        /**
         * @description Whether a store answers.
         * @enum {string}
         */
        StoreState: "ok" | "unavailable" | "not configured";
        /** @description Whether the stores answer. */
        StoreStates: {
            postgresql: components["schemas"]["StoreState"];
            redis: components["schemas"]["StoreState"];
        };
        /** @description What was published and not yet counted. */
        StreamLag: {
            /**
             * Format: int64
             * @description Given to no consumer.
             */
            lag_entries: number;
            /**
             * Format: int64
             * @description Given to one, but not counted.
             */
            pending_entries: number;
        };
        /** @description A task of a team's board. */
        Task: {
            assigned_to: components["schemas"]["Username"] | null;
            board_id: components["schemas"]["BoardId"];
            /** Format: int64 */
            comment_count: number;
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["Username"];
            description: components["schemas"]["Description"];
            /**
             * Format: int64
             * @description How many of them are done.
             */
            done_count?: number;
            due_at: components["schemas"]["Timestamp"] | null;
            fields: components["schemas"]["FreeFields"];
            id: components["schemas"]["TaskId"];
            /**
             * Format: int64
             * @description How many items its checklists have. (Events of earlier versions do not say.)
             */
            item_count?: number;
            labels: components["schemas"]["Labels"];
            position: components["schemas"]["Position"];
            start_at?: components["schemas"]["Timestamp"] | null;
            /** @description Its column. */
            status: components["schemas"]["ColumnKey"];
            title: components["schemas"]["TaskTitle"];
            updated_at: components["schemas"]["Timestamp"];
            version: components["schemas"]["Version"];
        };
        /** @description How many tasks there are on boards that are not deleted. */
        TaskCounts: {
            /** @description By the columns' keys over all boards, largest count first. */
            by_column: components["schemas"]["ColumnCount"][];
            /** Format: int64 */
            total: number;
        };
        /** @description Something happened to a task. */
        TaskEvent: {
            action: components["schemas"]["Action"];
            actor: components["schemas"]["Actor"];
            board_id: components["schemas"]["BoardId"];
            /** @description For changes of something that was there before and still is. */
            changes?: components["schemas"]["Changes"];
            /**
             * @description What the event is about.
             * @enum {string}
             */
            entity: "task";
            seq: components["schemas"]["Seq"];
            /** @description After the change; for a Delete, before it. */
            task: components["schemas"]["Task"];
            timestamp: components["schemas"]["Timestamp"];
            /** @description The trace of the change (W3C Trace Context), if it is traced. */
            traceparent?: string;
            /** @description The event that this one undid. */
            undoes?: components["schemas"]["Seq"];
        };
        /** @description A task's events and those of its comments, checklists and items, oldest first. */
        TaskHistory: {
            /** @description The entries of this page, in an order that is stable while others are added. */
            items: components["schemas"]["Event"][];
            next_cursor: components["schemas"]["Cursor"] | null;
        };
        /**
         * Format: int64
         * @description Identifies a task; numbered from 1 on each board.
         * @example 3
         */
        TaskId: number;
        /** @description Tasks, by id. */
        TaskPage: {
            /** @description The entries of this page, in an order that is stable while others are added. */
            items: components["schemas"]["Task"][];
            next_cursor: components["schemas"]["Cursor"] | null;
        };
        /** @description A merge patch of a task. `status`, `before` and `after` move it. */
        TaskPatch: {
            after?: components["schemas"]["TaskId"] | null;
            assigned_to?: components["schemas"]["Username"] | null;
            before?: components["schemas"]["TaskId"] | null;
            description?: components["schemas"]["Description"] | null;
            due_at?: components["schemas"]["GivenMoment"] | null;
            fields?: components["schemas"]["FreeFields"] | null;
            labels?: components["schemas"]["NewLabels"] | null;
            start_at?: components["schemas"]["GivenMoment"] | null;
            status?: components["schemas"]["ColumnKey"];
            title?: components["schemas"]["NewTaskTitle"];
        };
        /**
         * @description What is to be done, in one line.
         * @example Write the invitation
         */
        TaskTitle: string;
        /** @description A task to be imported. */
        TaskToImport: {
            assigned_to?: components["schemas"]["Assignee"] | null;
            board_id?: unknown;
            checklists?: components["schemas"]["ChecklistToImport"][] | null;
            comment_count?: unknown;
            comments?: components["schemas"]["CommentOrText"][] | null;
            created_at?: components["schemas"]["GivenMoment"] | null;
            created_by?: unknown;
            description?: components["schemas"]["Description"] | null;
            done_count?: unknown;
            due_at?: components["schemas"]["GivenMoment"] | null;
            fields?: components["schemas"]["FreeFields"] | null;
            /** @description Ignored, like everything that only the old board has. */
            id?: unknown;
            item_count?: unknown;
            labels?: components["schemas"]["Labels"] | null;
            position?: unknown;
            start_at?: components["schemas"]["GivenMoment"] | null;
            status?: components["schemas"]["ColumnKey"] | null;
            title: components["schemas"]["TaskTitle"];
            updated_at?: unknown;
            version?: unknown;
        };
        /** @description A line of a task's description, and what its box is to be. */
        Tick: {
            done: boolean;
            line: components["schemas"]["DescriptionLine"];
            /**
             * Format: int64
             * @description Which of the lines that differ in nothing but their box, from 0, which is the default.
             */
            nth?: number | null;
        };
        /**
         * @description A time zone: an IANA name with a region, or `UTC`.
         * @example Europe/Berlin
         */
        TimeZone: string;
        /** @description A problem document (RFC 9457): Timed out. */
        TimeoutProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 504;
            /**
             * @description The type's short name.
             * @example Timed out
             */
            title: string;
            /** @enum {string} */
            type: "/problems/timeout";
        };
        /**
         * Format: date-time
         * @description A time: RFC 3339 in UTC with milliseconds and `Z`.
         * @example 2026-01-02T03:04:05.678Z
         */
        Timestamp: string;
        /**
         * @description A signed token (JWT, HS256), valid for 30 days.
         * @example eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoyfQ.3vO0Zk3nF7c
         */
        Token: string;
        /** @description A problem document (RFC 9457): Beyond the token's scope. */
        TokenScopeProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /**
             * @description The scope that is needed.
             * @enum {string}
             */
            needed: "write" | "admin" | "all-boards" | "session";
            /** @description Finds this request in the server's log. */
            request_id: string;
            /**
             * @description The scope of the token.
             * @enum {string}
             */
            scope: "read" | "write" | "admin";
            /** @enum {integer} */
            status: 403;
            /**
             * @description The type's short name.
             * @example Beyond the token's scope
             */
            title: string;
            /** @enum {string} */
            type: "/problems/token-scope";
        };
        /** @description A problem document (RFC 9457): Too many attempts. */
        TooManyAttemptsProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @description The number of seconds until the next one is possible. */
            retry_after: number;
            /** @enum {integer} */
            status: 429;
            /**
             * @description The type's short name.
             * @example Too many attempts
             */
            title: string;
            /** @enum {string} */
            type: "/problems/too-many-attempts";
        };
        /** @description The app's current code. */
        TotpConfirmation: {
            code: components["schemas"]["Guess"];
        };
        /** @description The secret from which an authenticator app makes codes. It is shown only once. */
        TotpEnrolment: {
            secret: components["schemas"]["TotpSecret"];
            /** @description The same for a QR code. */
            uri: string;
        };
        /**
         * @description What an authenticator app makes codes of: 160 bits in base32.
         * @example GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
         */
        TotpSecret: string;
        /** @description A user's second factor. */
        TotpStatus: {
            enabled_at: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int64
             * @description How many recovery codes are left.
             */
            recovery_codes: number;
        };
        /** @description A board as Trello exports it, recognized by its lists and cards. */
        TrelloExport: {
            cards: Record<string, never>[];
            lists: Record<string, never>[];
            name: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A problem document (RFC 9457): Unauthorized. */
        UnauthorizedProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /**
             * @description Where a user can log in.
             * @enum {string}
             */
            login?: "/login";
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 401;
            /**
             * @description The type's short name.
             * @example Unauthorized
             */
            title: string;
            /** @enum {string} */
            type: "/problems/unauthorized";
        };
        /** @description A problem document (RFC 9457): Service unavailable. */
        UnavailableProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 503;
            /**
             * @description The type's short name.
             * @example Service unavailable
             */
            title: string;
            /** @enum {string} */
            type: "/problems/unavailable";
        };
        /** @description A problem document (RFC 9457): Undo conflict. */
        UndoConflictProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            events: components["schemas"]["Seq"][];
            fields: string[];
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Undo conflict
             */
            title: string;
            /** @enum {string} */
            type: "/problems/undo-conflict";
        };
        /** @description A problem document (RFC 9457): Unsupported media type. */
        UnsupportedMediaTypeProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 415;
            /**
             * @description The type's short name.
             * @example Unsupported media type
             */
            title: string;
            /** @enum {string} */
            type: "/problems/unsupported-media-type";
        };
        /** @description An `AuthenticationResponseJSON` of the standard's, likewise. */
        UsedPasskeyCredential: {
            rawId: string;
            response: {
                authenticatorData: string;
                clientDataJSON: string;
                signature: string;
                userHandle: string;
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /** @description A user. */
        User: {
            created_at: components["schemas"]["Timestamp"];
            display_name: components["schemas"]["DisplayName"];
            id: components["schemas"]["UserId"];
            role: components["schemas"]["UserRole"];
            username: components["schemas"]["Username"];
        };
        /** @description How many users there are. */
        UserCounts: {
            /** Format: int64 */
            admins: number;
            /** Format: int64 */
            disabled: number;
            /** Format: int64 */
            total: number;
        };
        /** @description An admin changed what a user may do. */
        UserEvent: {
            /**
             * @description What was done.
             * @enum {string}
             */
            action: "Update";
            actor: components["schemas"]["Actor"];
            changes: components["schemas"]["Changes"];
            /**
             * @description What the event is about.
             * @enum {string}
             */
            entity: "user";
            /** @description Its place among the events of users. */
            seq: components["schemas"]["Seq"];
            timestamp: components["schemas"]["Timestamp"];
            /** @description The user after the change. */
            user: components["schemas"]["UserInEvent"];
        };
        /**
         * Format: int64
         * @description Identifies a user.
         * @example 2
         */
        UserId: number;
        /** @description A user as an event shows them. */
        UserInEvent: {
            created_at: components["schemas"]["Timestamp"];
            disabled: boolean;
            display_name: components["schemas"]["DisplayName"];
            id: components["schemas"]["UserId"];
            role: components["schemas"]["UserRole"];
            username: components["schemas"]["Username"];
        };
        /** @description A merge patch of one's own account. A new `password` needs the `current_password`. */
        UserPatch: {
            current_password?: components["schemas"]["Guess"];
            display_name?: components["schemas"]["NewDisplayName"] | null;
            password?: components["schemas"]["Password"];
        };
        /**
         * @description What a user may do beyond their own boards.
         * @enum {string}
         */
        UserRole: "user" | "admin";
        /**
         * @description The name that a user logs in with, unique regardless of case.
         * @example ada
         */
        Username: string;
        /** @description A problem document (RFC 9457): Name taken. */
        UsernameTakenProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Name taken
             */
            title: string;
            /** @enum {string} */
            type: "/problems/username-taken";
        };
        /** @description A problem document (RFC 9457): Validation failed. */
        ValidationProblem: {
            /** @description What went wrong this time, for people to read. */
            detail: string;
            errors: {
                /**
                 * @description What is wrong with it.
                 * @example is required
                 */
                detail: string;
                /**
                 * @description A JSON Pointer (RFC 6901) into the body, or `?name` for a query parameter.
                 * @example /title
                 */
                pointer: string;
            }[];
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 422;
            /**
             * @description The type's short name.
             * @example Validation failed
             */
            title: string;
            /** @enum {string} */
            type: "/problems/validation";
        };
        /**
         * Format: int64
         * @description Grows by one with every change; 1 for something new. The entity tag begins with it.
         * @example 2
         */
        Version: number;
        /** @description Something that could not be imported, or not unchanged. */
        Warning: {
            /** @description The arguments for a sentence about it. */
            arguments: components["schemas"]["WarningArguments"];
            /**
             * @description Its kind: stable. New kinds may be added.
             * @example not-carried
             */
            code: string;
            /** @description What became of it, in a sentence without its subject. */
            detail: string;
            /** @description A JSON Pointer into the document that was imported. */
            pointer: string;
        };
        /** @description The arguments for a sentence about a warning: each kind has some of these. */
        WarningArguments: {
            /**
             * Format: int64
             * @description How many comments it has.
             */
            comments?: number;
            /**
             * Format: int64
             * @description How many there are.
             */
            count?: number;
            /** @description A field of the document, as it is called there. */
            field?: string;
            /** @description A label. */
            label?: string;
            /**
             * Format: int64
             * @description The limit.
             */
            limit?: number;
            /** @description The name of the list that it is about. */
            list?: string;
            /** @description The name of a person, a file, a checklist or a custom field of the board. */
            name?: string;
            /** @description The title of the task that it is about. */
            task?: string;
            /**
             * Format: int64
             * @description How many tasks are on it.
             */
            tasks?: number;
        };
        /** @description A checklist with its items. */
        WholeChecklist: {
            board_id: components["schemas"]["BoardId"];
            id: components["schemas"]["ChecklistId"];
            /** @description In their order. */
            items: components["schemas"]["ChecklistItem"][];
            /** @description Its position among the checklists of its task. */
            position: components["schemas"]["Position"];
            task_id: components["schemas"]["TaskId"];
            title: components["schemas"]["ChecklistTitle"];
            version: components["schemas"]["Version"];
        };
        /**
         * Format: int64
         * @description The most tasks that a column may have.
         * @example 3
         */
        WipLimit: number;
        /** @description A problem document (RFC 9457): Column full. */
        WipLimitProblem: {
            column: components["schemas"]["ColumnKey"];
            /** @description What went wrong this time, for people to read. */
            detail: string;
            /** @description Finds this request in the server's log. */
            request_id: string;
            /** @enum {integer} */
            status: 409;
            /**
             * @description The type's short name.
             * @example Column full
             */
            title: string;
            /** @enum {string} */
            type: "/problems/wip-limit";
            wip_limit: components["schemas"]["WipLimit"];
        };
    };
    responses: {
        /** @description Boards without another owner, or: Last admin. */
        BoardsOwnedOrLastAdmin: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["BoardsOwnedProblem"] | components["schemas"]["LastAdminProblem"];
            };
        };
        /** @description Column in use. */
        ColumnInUse: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ColumnInUseProblem"];
            };
        };
        /** @description Address taken. */
        EmailTaken: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["EmailTakenProblem"];
            };
        };
        /** @description Events gone. */
        EventsGone: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["EventsGoneProblem"];
            };
        };
        /** @description Forbidden, or: Beyond the token's scope. */
        ForbiddenOrTokenScope: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ForbiddenProblem"] | components["schemas"]["TokenScopeProblem"];
            };
        };
        /** @description Foreign origin, or: Forbidden, or: Beyond the token's scope. */
        ForeignOriginOrForbiddenOrTokenScope: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ForeignOriginProblem"] | components["schemas"]["ForbiddenProblem"] | components["schemas"]["TokenScopeProblem"];
            };
        };
        /** @description Foreign origin, or: Beyond the token's scope. */
        ForeignOriginOrTokenScope: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ForeignOriginProblem"] | components["schemas"]["TokenScopeProblem"];
            };
        };
        /** @description Foreign origin, or: Beyond the token's scope, or: Log in again first. */
        ForeignOriginOrTokenScopeOrReauthenticationRequired: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ForeignOriginProblem"] | components["schemas"]["TokenScopeProblem"] | components["schemas"]["ReauthenticationRequiredProblem"];
            };
        };
        /** @description Internal error. */
        Internal: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InternalProblem"];
            };
        };
        /** @description Wrong code, or: Log-in expired. */
        InvalidCodeOrLoginExpired: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InvalidCodeProblem"] | components["schemas"]["LoginExpiredProblem"];
            };
        };
        /** @description Wrong name or password. */
        InvalidCredentials: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InvalidCredentialsProblem"];
            };
        };
        /** @description Last admin. */
        LastAdmin: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["LastAdminProblem"];
            };
        };
        /** @description Last owner. */
        LastOwner: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["LastOwnerProblem"];
            };
        };
        /** @description Last way in. */
        LastWayIn: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["LastWayInProblem"];
            };
        };
        /** @description Limit reached. */
        LimitReached: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["LimitReachedProblem"];
            };
        };
        /** @description Limit reached, or: Column full, or: Column in use, or: Last owner, or: Undo conflict. */
        LimitReachedOrWipLimitOrColumnInUseOrLastOwnerOrUndoConflict: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["LimitReachedProblem"] | components["schemas"]["WipLimitProblem"] | components["schemas"]["ColumnInUseProblem"] | components["schemas"]["LastOwnerProblem"] | components["schemas"]["UndoConflictProblem"];
            };
        };
        /** @description Line gone. */
        LineGone: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["LineGoneProblem"];
            };
        };
        /** @description Link not valid. */
        LinkInvalid: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["LinkInvalidProblem"];
            };
        };
        /** @description Malformed header, or: Bad request. */
        MalformedHeaderOrBadRequest: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["MalformedHeaderProblem"] | components["schemas"]["BadRequestProblem"];
            };
        };
        /** @description Malformed header, or: Logout token not valid, or: Bad request. */
        MalformedHeaderOrLogoutTokenInvalidOrBadRequest: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["MalformedHeaderProblem"] | components["schemas"]["LogoutTokenInvalidProblem"] | components["schemas"]["BadRequestProblem"];
            };
        };
        /** @description Malformed JSON, or: Malformed header, or: Bad request. */
        MalformedJsonOrMalformedHeaderOrBadRequest: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["MalformedJsonProblem"] | components["schemas"]["MalformedHeaderProblem"] | components["schemas"]["BadRequestProblem"];
            };
        };
        /** @description Method not allowed. */
        MethodNotAllowed: {
            headers: {
                Allow: components["headers"]["Allow"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["MethodNotAllowedProblem"];
            };
        };
        /** @description No mails. */
        NoMail: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["NoMailProblem"];
            };
        };
        /** @description No mails, or: Limit reached. */
        NoMailOrLimitReached: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["NoMailProblem"] | components["schemas"]["LimitReachedProblem"];
            };
        };
        /** @description Not found. */
        NotFound: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["NotFoundProblem"];
            };
        };
        /** @description Passkey not valid. */
        PasskeyInvalid: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["PasskeyInvalidProblem"];
            };
        };
        /** @description Payload too large. */
        PayloadTooLarge: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
            };
        };
        /** @description Precondition failed. */
        PreconditionFailed: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["PreconditionFailedProblem"];
            };
        };
        /** @description Rate limited. */
        RateLimited: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Retry-After": components["headers"]["Retry-After"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["RateLimitedProblem"];
            };
        };
        /** @description Registration closed. */
        RegistrationClosed: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["RegistrationClosedProblem"];
            };
        };
        /** @description Second factor on or off already. */
        SecondFactorState: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["SecondFactorStateProblem"];
            };
        };
        /** @description Timed out. */
        Timeout: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["TimeoutProblem"];
            };
        };
        /** @description For a browser that asks for a page (`Accept: text/html`), instead of a 401: to where its user can log in. */
        ToLogin: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                Location: components["headers"]["Location"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "Set-Cookie": components["headers"]["Set-Cookie"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description Beyond the token's scope. */
        TokenScope: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["TokenScopeProblem"];
            };
        };
        /** @description Too many attempts. */
        TooManyAttempts: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Retry-After": components["headers"]["Retry-After"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["TooManyAttemptsProblem"];
            };
        };
        /** @description Too many attempts, or: Rate limited. */
        TooManyAttemptsOrRateLimited: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Retry-After": components["headers"]["Retry-After"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["TooManyAttemptsProblem"] | components["schemas"]["RateLimitedProblem"];
            };
        };
        /** @description Unauthorized. */
        Unauthorized: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "Set-Cookie": components["headers"]["Set-Cookie"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["UnauthorizedProblem"];
            };
        };
        /** @description Service unavailable. */
        Unavailable: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Retry-After": components["headers"]["Retry-After"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["UnavailableProblem"];
            };
        };
        /** @description Service unavailable, or: Not configured. */
        UnavailableOrNotConfigured: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Retry-After": components["headers"]["Retry-After"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["UnavailableProblem"] | components["schemas"]["NotConfiguredProblem"];
            };
        };
        /** @description Unsupported media type. */
        UnsupportedMediaType: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["UnsupportedMediaTypeProblem"];
            };
        };
        /** @description Name taken. */
        UsernameTaken: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["UsernameTakenProblem"];
            };
        };
        /** @description Validation failed. */
        Validation: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ValidationProblem"];
            };
        };
        /** @description Validation failed, or: Idempotency key reused. */
        ValidationOrIdempotencyKeyReused: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ValidationProblem"] | components["schemas"]["IdempotencyKeyReusedProblem"];
            };
        };
        /** @description Column full. */
        WipLimit: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "Server-Timing": components["headers"]["Server-Timing"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["WipLimitProblem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The methods that this resource allows. */
        Allow: string;
        /** @description Whether a response may be cached: only with revalidation (`no-cache`), or not at all (`no-store`). */
        "Cache-Control": string;
        /** @description Lets a browser save the response as a file of this name. */
        "Content-Disposition": string;
        /** @description Identifies this representation: the version and, for a board, its newest event and the beginning of its epoch. `If-Match` compares only the version. */
        ETag: string;
        /** @description Present if the event that this request made could not be delivered at once: everybody gets it a little later. */
        "Event-Delivery": "deferred";
        /** @description The number of the event that this request made; absent if nothing changed. */
        "Event-Seq": number;
        /** @description Present if this is the stored response to an earlier request with the same key: nothing was changed this time. */
        "Idempotency-Replayed": "true";
        /** @description Where it can be found. */
        Location: string;
        /** @description The `after` of the next page, if there is one and the response is CSV. */
        "Next-After": string;
        /** @description The number of seconds after which to try again. */
        "Retry-After": number;
        /** @description Where the request spent its time, in milliseconds. */
        "Server-Timing": string;
        /** @description Sets or clears the cookie `token`. Absent if the log-in needs a second step. */
        "Set-Cookie": string;
        /** @description How to authenticate. */
        "WWW-Authenticate": "Bearer";
        /** @description Whether this came from a cache. Absent if it cannot be cached. */
        "X-Cache": "hit" | "miss";
        /** @description Identifies this request in the server's log: the caller's own id, if it sent a valid one. */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type AccountEnd = components['schemas']['AccountEnd'];
export type AccountExport = components['schemas']['AccountExport'];
export type AccountInvitation = components['schemas']['AccountInvitation'];
export type AccountInvitationPage = components['schemas']['AccountInvitationPage'];
export type Action = components['schemas']['Action'];
export type ActivePeople = components['schemas']['ActivePeople'];
export type Activity = components['schemas']['Activity'];
export type ActivityCursor = components['schemas']['ActivityCursor'];
export type ActivityPage = components['schemas']['ActivityPage'];
export type Actor = components['schemas']['Actor'];
export type AdminStats = components['schemas']['AdminStats'];
export type AdminUser = components['schemas']['AdminUser'];
export type AdminUserPage = components['schemas']['AdminUserPage'];
export type AdminUserPatch = components['schemas']['AdminUserPatch'];
export type Analytics = components['schemas']['Analytics'];
export type ApiToken = components['schemas']['ApiToken'];
export type ApiTokenBoard = components['schemas']['ApiTokenBoard'];
export type ApiTokenName = components['schemas']['ApiTokenName'];
export type ApiTokenPage = components['schemas']['ApiTokenPage'];
export type ApiTokenText = components['schemas']['ApiTokenText'];
export type Assignee = components['schemas']['Assignee'];
export type BadRequestProblem = components['schemas']['BadRequestProblem'];
export type Board = components['schemas']['Board'];
export type BoardCounts = components['schemas']['BoardCounts'];
export type BoardDocument = components['schemas']['BoardDocument'];
export type BoardEntry = components['schemas']['BoardEntry'];
export type BoardEvent = components['schemas']['BoardEvent'];
export type BoardId = components['schemas']['BoardId'];
export type BoardImport = components['schemas']['BoardImport'];
export type BoardInEvent = components['schemas']['BoardInEvent'];
export type BoardName = components['schemas']['BoardName'];
export type BoardPage = components['schemas']['BoardPage'];
export type BoardPatch = components['schemas']['BoardPatch'];
export type BoardToImport = components['schemas']['BoardToImport'];
export type BoardsOwnedProblem = components['schemas']['BoardsOwnedProblem'];
export type BusyBoard = components['schemas']['BusyBoard'];
export type BusyPerson = components['schemas']['BusyPerson'];
export type CacheUse = components['schemas']['CacheUse'];
export type Changes = components['schemas']['Changes'];
export type Checklist = components['schemas']['Checklist'];
export type ChecklistEvent = components['schemas']['ChecklistEvent'];
export type ChecklistId = components['schemas']['ChecklistId'];
export type ChecklistInEvent = components['schemas']['ChecklistInEvent'];
export type ChecklistItem = components['schemas']['ChecklistItem'];
export type ChecklistItemEvent = components['schemas']['ChecklistItemEvent'];
export type ChecklistItemId = components['schemas']['ChecklistItemId'];
export type ChecklistItemPatch = components['schemas']['ChecklistItemPatch'];
export type ChecklistPatch = components['schemas']['ChecklistPatch'];
export type ChecklistTitle = components['schemas']['ChecklistTitle'];
export type ChecklistToImport = components['schemas']['ChecklistToImport'];
export type Checklists = components['schemas']['Checklists'];
export type Column = components['schemas']['Column'];
export type ColumnCount = components['schemas']['ColumnCount'];
export type ColumnInUseProblem = components['schemas']['ColumnInUseProblem'];
export type ColumnKey = components['schemas']['ColumnKey'];
export type ColumnName = components['schemas']['ColumnName'];
export type Columns = components['schemas']['Columns'];
export type Comment = components['schemas']['Comment'];
export type CommentBody = components['schemas']['CommentBody'];
export type CommentEvent = components['schemas']['CommentEvent'];
export type CommentId = components['schemas']['CommentId'];
export type CommentOrText = components['schemas']['CommentOrText'];
export type CommentPage = components['schemas']['CommentPage'];
export type CommentPatch = components['schemas']['CommentPatch'];
export type CommentToImport = components['schemas']['CommentToImport'];
export type Count = components['schemas']['Count'];
export type CountedTask = components['schemas']['CountedTask'];
export type Credentials = components['schemas']['Credentials'];
export type Cursor = components['schemas']['Cursor'];
export type Day = components['schemas']['Day'];
export type Deliveries = components['schemas']['Deliveries'];
export type Description = components['schemas']['Description'];
export type DescriptionLine = components['schemas']['DescriptionLine'];
export type DisplayName = components['schemas']['DisplayName'];
export type Duration = components['schemas']['Duration'];
export type Email = components['schemas']['Email'];
export type EmailAddress = components['schemas']['EmailAddress'];
export type EmailEnd = components['schemas']['EmailEnd'];
export type EmailTakenProblem = components['schemas']['EmailTakenProblem'];
export type Epoch = components['schemas']['Epoch'];
export type Event = components['schemas']['Event'];
export type EventCounts = components['schemas']['EventCounts'];
export type EventPage = components['schemas']['EventPage'];
export type EventsGoneProblem = components['schemas']['EventsGoneProblem'];
export type ExportedBoard = components['schemas']['ExportedBoard'];
export type ExportedChecklist = components['schemas']['ExportedChecklist'];
export type ExportedComment = components['schemas']['ExportedComment'];
export type ExportedItem = components['schemas']['ExportedItem'];
export type ExportedTask = components['schemas']['ExportedTask'];
export type FinishedTask = components['schemas']['FinishedTask'];
export type FirstStep = components['schemas']['FirstStep'];
export type FlowColumn = components['schemas']['FlowColumn'];
export type FlowDay = components['schemas']['FlowDay'];
export type FlowWeek = components['schemas']['FlowWeek'];
export type ForbiddenProblem = components['schemas']['ForbiddenProblem'];
export type ForeignOriginProblem = components['schemas']['ForeignOriginProblem'];
export type ForgottenPassword = components['schemas']['ForgottenPassword'];
export type FreeFields = components['schemas']['FreeFields'];
export type GivenMoment = components['schemas']['GivenMoment'];
export type Guess = components['schemas']['Guess'];
export type Guest = components['schemas']['Guest'];
export type Health = components['schemas']['Health'];
export type IdempotencyKeyReusedProblem = components['schemas']['IdempotencyKeyReusedProblem'];
export type Identities = components['schemas']['Identities'];
export type Identity = components['schemas']['Identity'];
export type ImportedBoard = components['schemas']['ImportedBoard'];
export type InternalProblem = components['schemas']['InternalProblem'];
export type InvalidCodeProblem = components['schemas']['InvalidCodeProblem'];
export type InvalidCredentialsProblem = components['schemas']['InvalidCredentialsProblem'];
export type Invitation = components['schemas']['Invitation'];
export type InvitationPage = components['schemas']['InvitationPage'];
export type InvitationPreview = components['schemas']['InvitationPreview'];
export type InvitationRole = components['schemas']['InvitationRole'];
export type ItemText = components['schemas']['ItemText'];
export type ItemToImport = components['schemas']['ItemToImport'];
export type Joined = components['schemas']['Joined'];
export type Label = components['schemas']['Label'];
export type Labels = components['schemas']['Labels'];
export type Language = components['schemas']['Language'];
export type LastAdminProblem = components['schemas']['LastAdminProblem'];
export type LastOwnerProblem = components['schemas']['LastOwnerProblem'];
export type LastWayInProblem = components['schemas']['LastWayInProblem'];
export type Latencies = components['schemas']['Latencies'];
export type Latency = components['schemas']['Latency'];
export type LimitReachedProblem = components['schemas']['LimitReachedProblem'];
export type LineGoneProblem = components['schemas']['LineGoneProblem'];
export type LinkInvalidProblem = components['schemas']['LinkInvalidProblem'];
export type LinkStart = components['schemas']['LinkStart'];
export type LinkToken = components['schemas']['LinkToken'];
export type ListedMember = components['schemas']['ListedMember'];
export type Login = components['schemas']['Login'];
export type LoginAnswer = components['schemas']['LoginAnswer'];
export type LoginExpiredProblem = components['schemas']['LoginExpiredProblem'];
export type LoginFirstStep = components['schemas']['LoginFirstStep'];
export type LogoutForm = components['schemas']['LogoutForm'];
export type LogoutTokenInvalidProblem = components['schemas']['LogoutTokenInvalidProblem'];
export type MadeAccountInvitation = components['schemas']['MadeAccountInvitation'];
export type MadeApiToken = components['schemas']['MadeApiToken'];
export type MadeInvitation = components['schemas']['MadeInvitation'];
export type MailWish = components['schemas']['MailWish'];
export type MailedAccount = components['schemas']['MailedAccount'];
export type MalformedHeaderProblem = components['schemas']['MalformedHeaderProblem'];
export type MalformedJsonProblem = components['schemas']['MalformedJsonProblem'];
export type Member = components['schemas']['Member'];
export type MemberEntry = components['schemas']['MemberEntry'];
export type MemberEvent = components['schemas']['MemberEvent'];
export type MemberPage = components['schemas']['MemberPage'];
export type MemberRole = components['schemas']['MemberRole'];
export type MethodNotAllowedProblem = components['schemas']['MethodNotAllowedProblem'];
export type MinuteCount = components['schemas']['MinuteCount'];
export type NewAccountInvitation = components['schemas']['NewAccountInvitation'];
export type NewApiToken = components['schemas']['NewApiToken'];
export type NewApiTokenName = components['schemas']['NewApiTokenName'];
export type NewAssignee = components['schemas']['NewAssignee'];
export type NewBoard = components['schemas']['NewBoard'];
export type NewBoardApiToken = components['schemas']['NewBoardApiToken'];
export type NewBoardName = components['schemas']['NewBoardName'];
export type NewChecklist = components['schemas']['NewChecklist'];
export type NewChecklistItem = components['schemas']['NewChecklistItem'];
export type NewChecklistTitle = components['schemas']['NewChecklistTitle'];
export type NewColumn = components['schemas']['NewColumn'];
export type NewColumnName = components['schemas']['NewColumnName'];
export type NewColumns = components['schemas']['NewColumns'];
export type NewComment = components['schemas']['NewComment'];
export type NewDisplayName = components['schemas']['NewDisplayName'];
export type NewEmail = components['schemas']['NewEmail'];
export type NewInvitation = components['schemas']['NewInvitation'];
export type NewItemText = components['schemas']['NewItemText'];
export type NewLabel = components['schemas']['NewLabel'];
export type NewLabels = components['schemas']['NewLabels'];
export type NewPasskey = components['schemas']['NewPasskey'];
export type NewPasskeyCredential = components['schemas']['NewPasskeyCredential'];
export type NewQuickWinBoard = components['schemas']['NewQuickWinBoard'];
export type NewQuickWinTask = components['schemas']['NewQuickWinTask'];
export type NewTask = components['schemas']['NewTask'];
export type NewTaskTitle = components['schemas']['NewTaskTitle'];
export type NoMailProblem = components['schemas']['NoMailProblem'];
export type NotConfiguredProblem = components['schemas']['NotConfiguredProblem'];
export type NotFoundProblem = components['schemas']['NotFoundProblem'];
export type OpenColumn = components['schemas']['OpenColumn'];
export type OpenTask = components['schemas']['OpenTask'];
export type OwnApiToken = components['schemas']['OwnApiToken'];
export type OwnBoard = components['schemas']['OwnBoard'];
export type OwnComment = components['schemas']['OwnComment'];
export type OwnIdentity = components['schemas']['OwnIdentity'];
export type OwnPasskey = components['schemas']['OwnPasskey'];
export type OwnPassword = components['schemas']['OwnPassword'];
export type OwnProof = components['schemas']['OwnProof'];
export type OwnTask = components['schemas']['OwnTask'];
export type Passkey = components['schemas']['Passkey'];
export type PasskeyInvalidProblem = components['schemas']['PasskeyInvalidProblem'];
export type PasskeyLogin = components['schemas']['PasskeyLogin'];
export type PasskeyName = components['schemas']['PasskeyName'];
export type PasskeyOptions = components['schemas']['PasskeyOptions'];
export type PasskeyQuestion = components['schemas']['PasskeyQuestion'];
export type PasskeyRequest = components['schemas']['PasskeyRequest'];
export type Passkeys = components['schemas']['Passkeys'];
export type Password = components['schemas']['Password'];
export type PasswordAndCode = components['schemas']['PasswordAndCode'];
export type PasswordReset = components['schemas']['PasswordReset'];
export type PasswordResetDone = components['schemas']['PasswordResetDone'];
export type PayloadTooLargeProblem = components['schemas']['PayloadTooLargeProblem'];
export type PendingEmail = components['schemas']['PendingEmail'];
export type Percentiles = components['schemas']['Percentiles'];
export type Position = components['schemas']['Position'];
export type PreconditionFailedProblem = components['schemas']['PreconditionFailedProblem'];
export type Provider = components['schemas']['Provider'];
export type ProviderList = components['schemas']['ProviderList'];
export type QuickWinBoard = components['schemas']['QuickWinBoard'];
export type QuickWinBoardEvent = components['schemas']['QuickWinBoardEvent'];
export type QuickWinBoardInEvent = components['schemas']['QuickWinBoardInEvent'];
export type QuickWinBoardPatch = components['schemas']['QuickWinBoardPatch'];
export type QuickWinBoards = components['schemas']['QuickWinBoards'];
export type QuickWinEvent = components['schemas']['QuickWinEvent'];
export type QuickWinEventPage = components['schemas']['QuickWinEventPage'];
export type QuickWinHead = components['schemas']['QuickWinHead'];
export type QuickWinHeads = components['schemas']['QuickWinHeads'];
export type QuickWinTask = components['schemas']['QuickWinTask'];
export type QuickWinTaskEvent = components['schemas']['QuickWinTaskEvent'];
export type QuickWinTaskPatch = components['schemas']['QuickWinTaskPatch'];
export type RateLimitedProblem = components['schemas']['RateLimitedProblem'];
export type Readiness = components['schemas']['Readiness'];
export type ReauthenticationRequiredProblem = components['schemas']['ReauthenticationRequiredProblem'];
export type RecoveryCodes = components['schemas']['RecoveryCodes'];
export type Registration = components['schemas']['Registration'];
export type RegistrationClosedProblem = components['schemas']['RegistrationClosedProblem'];
export type RelayReport = components['schemas']['RelayReport'];
export type ResetLink = components['schemas']['ResetLink'];
export type Role = components['schemas']['Role'];
export type Scope = components['schemas']['Scope'];
export type SecondFactorStateProblem = components['schemas']['SecondFactorStateProblem'];
export type SecondStep = components['schemas']['SecondStep'];
export type Seq = components['schemas']['Seq'];
export type Session = components['schemas']['Session'];
export type SessionPage = components['schemas']['SessionPage'];
export type ShownLink = components['schemas']['ShownLink'];
export type Status = components['schemas']['Status'];
export type StoreState = components['schemas']['StoreState'];
export type StoreStates = components['schemas']['StoreStates'];
export type StreamLag = components['schemas']['StreamLag'];
export type Task = components['schemas']['Task'];
export type TaskCounts = components['schemas']['TaskCounts'];
export type TaskEvent = components['schemas']['TaskEvent'];
export type TaskHistory = components['schemas']['TaskHistory'];
export type TaskId = components['schemas']['TaskId'];
export type TaskPage = components['schemas']['TaskPage'];
export type TaskPatch = components['schemas']['TaskPatch'];
export type TaskTitle = components['schemas']['TaskTitle'];
export type TaskToImport = components['schemas']['TaskToImport'];
export type Tick = components['schemas']['Tick'];
export type TimeZone = components['schemas']['TimeZone'];
export type TimeoutProblem = components['schemas']['TimeoutProblem'];
export type Timestamp = components['schemas']['Timestamp'];
export type Token = components['schemas']['Token'];
export type TokenScopeProblem = components['schemas']['TokenScopeProblem'];
export type TooManyAttemptsProblem = components['schemas']['TooManyAttemptsProblem'];
export type TotpConfirmation = components['schemas']['TotpConfirmation'];
export type TotpEnrolment = components['schemas']['TotpEnrolment'];
export type TotpSecret = components['schemas']['TotpSecret'];
export type TotpStatus = components['schemas']['TotpStatus'];
export type TrelloExport = components['schemas']['TrelloExport'];
export type UnauthorizedProblem = components['schemas']['UnauthorizedProblem'];
export type UnavailableProblem = components['schemas']['UnavailableProblem'];
export type UndoConflictProblem = components['schemas']['UndoConflictProblem'];
export type UnsupportedMediaTypeProblem = components['schemas']['UnsupportedMediaTypeProblem'];
export type UsedPasskeyCredential = components['schemas']['UsedPasskeyCredential'];
export type User = components['schemas']['User'];
export type UserCounts = components['schemas']['UserCounts'];
export type UserEvent = components['schemas']['UserEvent'];
export type UserId = components['schemas']['UserId'];
export type UserInEvent = components['schemas']['UserInEvent'];
export type UserPatch = components['schemas']['UserPatch'];
export type UserRole = components['schemas']['UserRole'];
export type Username = components['schemas']['Username'];
export type UsernameTakenProblem = components['schemas']['UsernameTakenProblem'];
export type ValidationProblem = components['schemas']['ValidationProblem'];
export type Version = components['schemas']['Version'];
export type Warning = components['schemas']['Warning'];
export type WarningArguments = components['schemas']['WarningArguments'];
export type WholeChecklist = components['schemas']['WholeChecklist'];
export type WipLimit = components['schemas']['WipLimit'];
export type WipLimitProblem = components['schemas']['WipLimitProblem'];
export type ResponseBoardsOwnedOrLastAdmin = components['responses']['BoardsOwnedOrLastAdmin'];
export type ResponseColumnInUse = components['responses']['ColumnInUse'];
export type ResponseEmailTaken = components['responses']['EmailTaken'];
export type ResponseEventsGone = components['responses']['EventsGone'];
export type ResponseForbiddenOrTokenScope = components['responses']['ForbiddenOrTokenScope'];
export type ResponseForeignOriginOrForbiddenOrTokenScope = components['responses']['ForeignOriginOrForbiddenOrTokenScope'];
export type ResponseForeignOriginOrTokenScope = components['responses']['ForeignOriginOrTokenScope'];
export type ResponseForeignOriginOrTokenScopeOrReauthenticationRequired = components['responses']['ForeignOriginOrTokenScopeOrReauthenticationRequired'];
export type ResponseInternal = components['responses']['Internal'];
export type ResponseInvalidCodeOrLoginExpired = components['responses']['InvalidCodeOrLoginExpired'];
export type ResponseInvalidCredentials = components['responses']['InvalidCredentials'];
export type ResponseLastAdmin = components['responses']['LastAdmin'];
export type ResponseLastOwner = components['responses']['LastOwner'];
export type ResponseLastWayIn = components['responses']['LastWayIn'];
export type ResponseLimitReached = components['responses']['LimitReached'];
export type ResponseLimitReachedOrWipLimitOrColumnInUseOrLastOwnerOrUndoConflict = components['responses']['LimitReachedOrWipLimitOrColumnInUseOrLastOwnerOrUndoConflict'];
export type ResponseLineGone = components['responses']['LineGone'];
export type ResponseLinkInvalid = components['responses']['LinkInvalid'];
export type ResponseMalformedHeaderOrBadRequest = components['responses']['MalformedHeaderOrBadRequest'];
export type ResponseMalformedHeaderOrLogoutTokenInvalidOrBadRequest = components['responses']['MalformedHeaderOrLogoutTokenInvalidOrBadRequest'];
export type ResponseMalformedJsonOrMalformedHeaderOrBadRequest = components['responses']['MalformedJsonOrMalformedHeaderOrBadRequest'];
export type ResponseMethodNotAllowed = components['responses']['MethodNotAllowed'];
export type ResponseNoMail = components['responses']['NoMail'];
export type ResponseNoMailOrLimitReached = components['responses']['NoMailOrLimitReached'];
export type ResponseNotFound = components['responses']['NotFound'];
export type ResponsePasskeyInvalid = components['responses']['PasskeyInvalid'];
export type ResponsePayloadTooLarge = components['responses']['PayloadTooLarge'];
export type ResponsePreconditionFailed = components['responses']['PreconditionFailed'];
export type ResponseRateLimited = components['responses']['RateLimited'];
export type ResponseRegistrationClosed = components['responses']['RegistrationClosed'];
export type ResponseSecondFactorState = components['responses']['SecondFactorState'];
export type ResponseTimeout = components['responses']['Timeout'];
export type ResponseToLogin = components['responses']['ToLogin'];
export type ResponseTokenScope = components['responses']['TokenScope'];
export type ResponseTooManyAttempts = components['responses']['TooManyAttempts'];
export type ResponseTooManyAttemptsOrRateLimited = components['responses']['TooManyAttemptsOrRateLimited'];
export type ResponseUnauthorized = components['responses']['Unauthorized'];
export type ResponseUnavailable = components['responses']['Unavailable'];
export type ResponseUnavailableOrNotConfigured = components['responses']['UnavailableOrNotConfigured'];
export type ResponseUnsupportedMediaType = components['responses']['UnsupportedMediaType'];
export type ResponseUsernameTaken = components['responses']['UsernameTaken'];
export type ResponseValidation = components['responses']['Validation'];
export type ResponseValidationOrIdempotencyKeyReused = components['responses']['ValidationOrIdempotencyKeyReused'];
export type ResponseWipLimit = components['responses']['WipLimit'];
export type HeaderAllow = components['headers']['Allow'];
export type HeaderCacheControl = components['headers']['Cache-Control'];
export type HeaderContentDisposition = components['headers']['Content-Disposition'];
export type HeaderETag = components['headers']['ETag'];
export type HeaderEventDelivery = components['headers']['Event-Delivery'];
export type HeaderEventSeq = components['headers']['Event-Seq'];
export type HeaderIdempotencyReplayed = components['headers']['Idempotency-Replayed'];
export type HeaderLocation = components['headers']['Location'];
export type HeaderNextAfter = components['headers']['Next-After'];
export type HeaderRetryAfter = components['headers']['Retry-After'];
export type HeaderServerTiming = components['headers']['Server-Timing'];
export type HeaderSetCookie = components['headers']['Set-Cookie'];
export type HeaderWwwAuthenticate = components['headers']['WWW-Authenticate'];
export type HeaderXCache = components['headers']['X-Cache'];
export type HeaderXRequestId = components['headers']['X-Request-Id'];
export type $defs = Record<string, never>;
export interface operations {
    listActivity: {
        parameters: {
            query?: {
                /** @description Where to continue. */
                after?: components["schemas"]["ActivityCursor"];
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description Which come first; `oldest` by default. */
                order?: "oldest" | "newest";
                /** @description Only what this user did. */
                user?: components["schemas"]["Username"];
                /** @description Only what happened to this board. */
                board?: components["schemas"]["BoardId"];
                /** @description Only these actions. */
                action?: "Add" | "Update" | "Move" | "Delete";
                /** @description Only what happened to these kinds of things. */
                entity?: "board" | "task" | "comment" | "checklist" | "checklist_item" | "member" | "user";
                /** @description From this moment on. */
                from?: components["schemas"]["GivenMoment"];
                /** @description Before this moment. */
                to?: components["schemas"]["GivenMoment"];
                /** @description Taken from `Accept` by default. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A part of it. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    "Next-After": components["headers"]["Next-After"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityPage"];
                    "text/csv": string;
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listAccountInvitations: {
        parameters: {
            query?: {
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountInvitationPage"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    makeAccountInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "expires_in_days": 7,
                 *       "uses": 1
                 *     }
                 */
                "application/json": components["schemas"]["NewAccountInvitation"];
            };
        };
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeAccountInvitation"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NoMailOrLimitReached"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    revokeAccountInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The invitation's id. */
                invitation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is no longer valid. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    readStats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminStats"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Only users with this in their username or display name. */
                q?: string;
                /** @description Only users with this role. */
                role?: "user" | "admin";
                /** @description Only users who are disabled, or only those who are not. */
                disabled?: "true" | "false";
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUserPage"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A user's name, in any case. */
                username: components["schemas"]["Username"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "disabled": true
                 *     }
                 */
                "application/json": components["schemas"]["AdminUserPatch"];
                /**
                 * @example {
                 *       "disabled": true
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["AdminUserPatch"];
            };
        };
        responses: {
            /** @description The user, as they are now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUser"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LastAdmin"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    makeResetLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A user's name, in any case. */
                username: components["schemas"]["Username"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetLink"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    deleteAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["AccountEnd"];
            };
        };
        responses: {
            /** @description The account no longer exists. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScopeOrReauthenticationRequired"];
            409: components["responses"]["BoardsOwnedOrLastAdmin"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    readEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is stored about it. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Email"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    setEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "address": "ada@example.org",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["NewEmail"];
            };
        };
        responses: {
            /** @description A mail is on its way. */
            202: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Email"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScopeOrReauthenticationRequired"];
            409: components["responses"]["NoMail"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    removeEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["EmailEnd"];
            };
        };
        responses: {
            /** @description It is removed. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScopeOrReauthenticationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    resendEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "language": "en"
                 *     }
                 */
                "application/json": components["schemas"]["MailWish"];
            };
        };
        responses: {
            /** @description A mail is on its way. */
            202: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Email"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NoMail"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    verifyEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "Zm9yIHlvdXIgZXllcyBvbmx5LCB1bnRpbCBGcmlkYXk"
                 *     }
                 */
                "application/json": components["schemas"]["ShownLink"];
            };
        };
        responses: {
            /** @description It is confirmed. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Email"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            404: components["responses"]["LinkInvalid"];
            409: components["responses"]["EmailTaken"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    exportAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountExport"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    forgotPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "account": "ada@example.org",
                 *       "language": "en"
                 *     }
                 */
                "application/json": components["schemas"]["ForgottenPassword"];
            };
        };
        responses: {
            /** @description A mail is on its way, if there is such an account with a confirmed address. */
            202: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            409: components["responses"]["NoMail"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listIdentities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The identities with which you can log in. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Identities"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    unlinkIdentity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The identity's id. */
                identity_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["OwnProof"];
            };
        };
        responses: {
            /** @description It can no longer be used to log in. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScopeOrReauthenticationRequired"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LastWayIn"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    logIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery",
                 *       "username": "ada"
                 *     }
                 */
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Logged in, or asked for a second factor. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginAnswer"];
                };
            };
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["InvalidCredentials"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    logInByPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "credential": {
                 *         "rawId": "bXkgcGhvbmU",
                 *         "response": {
                 *           "authenticatorData": "AAAA",
                 *           "clientDataJSON": "e30",
                 *           "signature": "AAAA",
                 *           "userHandle": "AAAA"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PasskeyLogin"];
            };
        };
        responses: {
            /** @description Logged in. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Login"];
                };
            };
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["PasskeyInvalid"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    beginPasskeyLogIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the browser asks its user for. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyQuestion"];
                };
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    takeSecondStep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "287082",
                 *       "token": "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoyfQ.3vO0Zk3nF7c"
                 *     }
                 */
                "application/json": components["schemas"]["SecondStep"];
            };
        };
        responses: {
            /** @description Logged in. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Login"];
                };
            };
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["InvalidCodeOrLoginExpired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    logOut: {
        parameters: {
            query?: {
                /** @description Whether to revoke all of your tokens. */
                everywhere?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged out. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    readMe: {
        parameters: {
            query?: {
                /** @description Whether to answer 204 instead of 401 if nobody is logged in. */
                optional?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description You. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description Nobody is logged in, and `optional` was given. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    changeMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "display_name": "Ada"
                 *     }
                 */
                "application/json": components["schemas"]["UserPatch"];
                /**
                 * @example {
                 *       "display_name": "Ada"
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description You, as you are now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScopeOrReauthenticationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    logOutByProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider's id. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["LogoutForm"];
            };
        };
        responses: {
            /** @description They have ended, if there were any. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedHeaderOrLogoutTokenInvalidOrBadRequest"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    finishLogIn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider's id. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To a page of the app. */
            303: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            504: components["responses"]["Timeout"];
        };
    };
    startLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider's id. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["OwnProof"];
            };
        };
        responses: {
            /** @description Where the browser has to go. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkStart"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScopeOrReauthenticationRequired"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    startLogIn: {
        parameters: {
            query?: {
                /** @description The page of the app to continue with, as a path. */
                return?: string;
                /** @description Whether the provider has to authenticate the user again in any case. */
                again?: boolean;
            };
            header?: never;
            path: {
                /** @description The provider's id. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider, or to the login page. */
            303: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listPasskeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each can be used to log in. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkeys"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    addPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "credential": {
                 *         "rawId": "bXkgcGhvbmU",
                 *         "response": {
                 *           "attestationObject": "oA",
                 *           "clientDataJSON": "e30"
                 *         }
                 *       },
                 *       "name": "My phone"
                 *     }
                 */
                "application/json": components["schemas"]["NewPasskey"];
            };
        };
        responses: {
            /** @description It can be used to log in. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    beginPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "My phone",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PasskeyRequest"];
            };
        };
        responses: {
            /** @description What the browser asks its user for. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyQuestion"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScopeOrReauthenticationRequired"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    renamePasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The passkey's id. */
                passkey_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "My old phone"
                 *     }
                 */
                "application/json": components["schemas"]["PasskeyName"];
                /**
                 * @example {
                 *       "name": "My old phone"
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["PasskeyName"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    removePasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The passkey's id. */
                passkey_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["OwnProof"];
            };
        };
        responses: {
            /** @description It can no longer be used to log in. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScopeOrReauthenticationRequired"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LastWayIn"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listProviders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the login page has buttons for. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderList"];
                };
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            504: components["responses"]["Timeout"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery",
                 *       "username": "ada"
                 *     }
                 */
                "application/json": components["schemas"]["Registration"];
            };
        };
        responses: {
            /** @description The account, logged in. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Login"];
                };
            };
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            403: components["responses"]["RegistrationClosed"];
            404: components["responses"]["LinkInvalid"];
            409: components["responses"]["UsernameTaken"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery",
                 *       "token": "Zm9yIHlvdXIgZXllcyBvbmx5LCB1bnRpbCBGcmlkYXk"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            /** @description Whose it is. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "Set-Cookie": components["headers"]["Set-Cookie"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordResetDone"];
                };
            };
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            404: components["responses"]["LinkInvalid"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of your log-ins. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    revokeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's id. */
                session_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is over. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listApiTokens: {
        parameters: {
            query?: {
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiTokenPage"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    makeApiToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "boards": [
                 *         7
                 *       ],
                 *       "expires_in_days": 90,
                 *       "name": "Nightly report",
                 *       "scope": "read"
                 *     }
                 */
                "application/json": components["schemas"]["NewApiToken"];
            };
        };
        responses: {
            /** @description The token. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeApiToken"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    revokeApiToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The API token's id. */
                token_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is no longer valid. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    readTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is set up. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpStatus"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    beginTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["OwnPassword"];
            };
        };
        responses: {
            /** @description The secret, shown only once. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpEnrolment"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            409: components["responses"]["SecondFactorState"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    confirmTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "287082"
                 *     }
                 */
                "application/json": components["schemas"]["TotpConfirmation"];
            };
        };
        responses: {
            /** @description From now on; with recovery codes, shown only once. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            409: components["responses"]["SecondFactorState"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    disableTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "287082",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordAndCode"];
            };
        };
        responses: {
            /** @description Codes are no longer asked for. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            409: components["responses"]["SecondFactorState"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    replaceRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "287082",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordAndCode"];
            };
        };
        responses: {
            /** @description Shown only once. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            409: components["responses"]["SecondFactorState"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttempts"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listBoards: {
        parameters: {
            query?: {
                /** @description The archived ones instead. */
                archived?: boolean;
                /** @description Those of yours in the trash instead. */
                deleted?: boolean;
                /** @description Whether with `task_counts`, `member_count` and `members`. */
                summary?: boolean;
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardPage"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    createBoard: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Launch"
                 *     }
                 */
                "application/json": components["schemas"]["NewBoard"];
            };
        };
        responses: {
            /** @description The board. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    importBoard: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Launch",
                 *       "tasks": [
                 *         {
                 *           "title": "Invite"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["BoardImport"];
            };
        };
        responses: {
            /** @description The board. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedBoard"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    readBoard: {
        parameters: {
            query?: {
                /** @description As it was right after this event (0 is before the first, and one beyond the newest is 404), or at this time. Admins can read every board like this, as viewers. */
                at?: components["schemas"]["Seq"] | components["schemas"]["GivenMoment"];
                /** @description At least as new as right after this event. */
                min_seq?: components["schemas"]["Seq"];
            };
            header?: {
                /** @description The entity tag of what you already have: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The board. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Cache": components["headers"]["X-Cache"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardDocument"];
                };
            };
            303: components["responses"]["ToLogin"];
            /** @description You have it already. */
            304: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Cache": components["headers"]["X-Cache"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    deleteBoard: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    changeBoard: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Launch party"
                 *     }
                 */
                "application/json": components["schemas"]["BoardPatch"];
                /**
                 * @example {
                 *       "name": "Launch party"
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["BoardPatch"];
            };
        };
        responses: {
            /** @description The board, as it is now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["ColumnInUse"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    readAnalytics: {
        parameters: {
            query?: {
                /** @description The first day; by default thirty days up to `to`. */
                from?: components["schemas"]["Day"];
                /** @description The last day; today by default. */
                to?: components["schemas"]["Day"];
                /** @description The reader's time zone; `UTC` by default. */
                tz?: components["schemas"]["TimeZone"];
                /** @description Taken from `Accept` by default. */
                format?: "json" | "csv";
                /** @description For CSV: what its rows are; `days` by default. */
                rows?: "days" | "finished";
            };
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Cache": components["headers"]["X-Cache"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Analytics"];
                    "text/csv": string;
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description The number of the event after which to begin. */
                after?: number;
                /** @description The largest number of events. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A part of it. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    undoEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The event's number. */
                seq: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event that undid it. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            /** @description There is nothing to change: everything is already as it was before. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LimitReachedOrWipLimitOrColumnInUseOrLastOwnerOrUndoConflict"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    exportBoard: {
        parameters: {
            query?: {
                /** @description How many of the newest events the document contains. */
                events?: number;
            };
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportedBoard"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listInvitations: {
        parameters: {
            query?: {
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationPage"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    makeInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "expires_in_days": 7,
                 *       "role": "editor",
                 *       "uses": 1
                 *     }
                 */
                "application/json": components["schemas"]["NewInvitation"];
            };
        };
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeInvitation"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["NoMailOrLimitReached"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["TooManyAttemptsOrRateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    revokeInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The invitation's id. */
                invitation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is no longer valid. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listMembers: {
        parameters: {
            query?: {
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberPage"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    setMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description A user's name, in any case. */
                username: components["schemas"]["Username"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "editor"
                 *     }
                 */
                "application/json": components["schemas"]["MemberRole"];
            };
        };
        responses: {
            /** @description A member, as they are now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description A new member. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LastOwner"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    removeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description A user's name, in any case. */
                username: components["schemas"]["Username"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are no longer a member. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LastOwner"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    restoreBoard: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The board. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listTasks: {
        parameters: {
            query?: {
                /** @description In this column. */
                status?: components["schemas"]["ColumnKey"];
                /** @description Assigned to this member. */
                assigned_to?: string;
                /** @description With this label. */
                label?: string;
                /** @description With these words, "phrases" and -exclusions, in title, description, labels, assignee or #number. */
                q?: string;
                /** @description Due before this moment. */
                due_before?: components["schemas"]["GivenMoment"];
                /** @description Changed after this moment. */
                updated_after?: components["schemas"]["GivenMoment"];
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskPage"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    addTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "labels": [
                 *         "urgent"
                 *       ],
                 *       "title": "Write the invitation"
                 *     }
                 */
                "application/json": components["schemas"]["NewTask"];
            };
        };
        responses: {
            /** @description The task. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["WipLimit"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    readTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of what you already have: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            303: components["responses"]["ToLogin"];
            /** @description You have it already. */
            304: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    deleteTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    changeTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "after": null,
                 *       "status": "finished"
                 *     }
                 */
                "application/json": components["schemas"]["TaskPatch"];
                /**
                 * @example {
                 *       "after": null,
                 *       "status": "finished"
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["TaskPatch"];
            };
        };
        responses: {
            /** @description The task, as it is now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["WipLimit"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listChecklists: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The checklists. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Checklists"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    addChecklist: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Before the party"
                 *     }
                 */
                "application/json": components["schemas"]["NewChecklist"];
            };
        };
        responses: {
            /** @description The checklist. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeChecklist"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    deleteChecklist: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
                /** @description The checklist's id. */
                checklist_id: components["schemas"]["ChecklistId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    changeChecklist: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
                /** @description The checklist's id. */
                checklist_id: components["schemas"]["ChecklistId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "After the party"
                 *     }
                 */
                "application/json": components["schemas"]["ChecklistPatch"];
                /**
                 * @example {
                 *       "title": "After the party"
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["ChecklistPatch"];
            };
        };
        responses: {
            /** @description The checklist, as it is now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Checklist"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    addChecklistItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
                /** @description The checklist's id. */
                checklist_id: components["schemas"]["ChecklistId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "Order the cake"
                 *     }
                 */
                "application/json": components["schemas"]["NewChecklistItem"];
            };
        };
        responses: {
            /** @description The item. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChecklistItem"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listComments: {
        parameters: {
            query?: {
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of it. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommentPage"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    addComment: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "body": "Looks good."
                 *     }
                 */
                "application/json": components["schemas"]["NewComment"];
            };
        };
        responses: {
            /** @description The comment. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    deleteComment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
                /** @description The comment's id. */
                comment_id: components["schemas"]["CommentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    changeComment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
                /** @description The comment's id. */
                comment_id: components["schemas"]["CommentId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "body": "Looks good to me."
                 *     }
                 */
                "application/json": components["schemas"]["CommentPatch"];
                /**
                 * @example {
                 *       "body": "Looks good to me."
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["CommentPatch"];
            };
        };
        responses: {
            /** @description The comment, as it is now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listTaskEvents: {
        parameters: {
            query?: {
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of it. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskHistory"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    deleteChecklistItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
                /** @description The item's id. */
                item_id: components["schemas"]["ChecklistItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    changeChecklistItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
                /** @description The item's id. */
                item_id: components["schemas"]["ChecklistItemId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "done": true
                 *     }
                 */
                "application/json": components["schemas"]["ChecklistItemPatch"];
                /**
                 * @example {
                 *       "done": true
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["ChecklistItemPatch"];
            };
        };
        responses: {
            /** @description The item, as it is now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChecklistItem"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LimitReached"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    convertChecklistItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
                /** @description The item's id. */
                item_id: components["schemas"]["ChecklistItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["WipLimit"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    tickDescription: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "done": true,
                 *       "line": "- [ ] Order the cake"
                 *     }
                 */
                "application/json": components["schemas"]["Tick"];
            };
        };
        responses: {
            /** @description The task, as it is now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LineGone"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    listBoardApiTokens: {
        parameters: {
            query?: {
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiTokenPage"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["TokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    makeBoardApiToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "expires_in_days": 90,
                 *       "name": "Nightly report",
                 *       "scope": "read"
                 *     }
                 */
                "application/json": components["schemas"]["NewBoardApiToken"];
            };
        };
        responses: {
            /** @description The token. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeApiToken"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    revokeBoardApiToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The API token's id. */
                token_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is no longer valid. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrForbiddenOrTokenScope"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "Zm9yIHlvdXIgZXllcyBvbmx5LCB1bnRpbCBGcmlkYXk"
                 *     }
                 */
                "application/json": components["schemas"]["ShownLink"];
            };
        };
        responses: {
            /** @description You were. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Joined"];
                };
            };
            /** @description You are a member now. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Joined"];
                };
            };
            303: components["responses"]["ToLogin"];
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["ForeignOriginOrTokenScope"];
            404: components["responses"]["LinkInvalid"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    previewInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "Zm9yIHlvdXIgZXllcyBvbmx5LCB1bnRpbCBGcmlkYXk"
                 *     }
                 */
                "application/json": components["schemas"]["ShownLink"];
            };
        };
        responses: {
            /** @description There. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationPreview"];
                };
            };
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            404: components["responses"]["LinkInvalid"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UnavailableOrNotConfigured"];
            504: components["responses"]["Timeout"];
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of what you already have: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI 3.1 document. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description You have it already. */
            304: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            504: components["responses"]["Timeout"];
        };
    };
    listQuickWinBoards: {
        parameters: {
            query?: {
                /** @description The largest number of entries on a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
                /** @description How many of the newest events the board contains. */
                events?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickWinBoards"];
                };
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    createQuickWinBoard: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Launch"
                 *     }
                 */
                "application/json": components["schemas"]["NewQuickWinBoard"];
            };
        };
        responses: {
            /** @description The board. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickWinBoard"];
                };
            };
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    readQuickWinBoard: {
        parameters: {
            query?: {
                /** @description How many of the newest events the board contains. */
                events?: number;
            };
            header?: {
                /** @description The entity tag of what you already have: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The board. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickWinBoard"];
                };
            };
            /** @description You have it already. */
            304: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    deleteQuickWinBoard: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    changeQuickWinBoard: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Launch party"
                 *     }
                 */
                "application/json": components["schemas"]["QuickWinBoardPatch"];
                /**
                 * @example {
                 *       "name": "Launch party"
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["QuickWinBoardPatch"];
            };
        };
        responses: {
            /** @description The board, as it is now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickWinBoard"];
                };
            };
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    listQuickWinEvents: {
        parameters: {
            query?: {
                /** @description The number of the event after which to begin. */
                after?: number;
                /** @description The largest number of events. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A part of it. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickWinEventPage"];
                };
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            404: components["responses"]["NotFound"];
            410: components["responses"]["EventsGone"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    addQuickWinTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible characters, fresh for each change. The same key and body within 24 hours returns the first response again and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Write the invitation"
                 *     }
                 */
                "application/json": components["schemas"]["NewQuickWinTask"];
            };
        };
        responses: {
            /** @description The task. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    Location: components["headers"]["Location"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickWinTask"];
                };
            };
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationOrIdempotencyKeyReused"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    readQuickWinTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The entity tag of what you already have: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickWinTask"];
                };
            };
            /** @description You have it already. */
            304: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    deleteQuickWinTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    changeQuickWinTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if it still has this version: an entity tag from an earlier response, several, or `*`; the forms that a compressing proxy makes of it match as well (`W/"2"`, `"2-gzip"`). Without it the last write of each field wins. */
                "If-Match"?: string;
            };
            path: {
                /** @description The board's id. */
                board_id: components["schemas"]["BoardId"];
                /** @description The task's id. */
                task_id: components["schemas"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "finished"
                 *     }
                 */
                "application/json": components["schemas"]["QuickWinTaskPatch"];
                /**
                 * @example {
                 *       "status": "finished"
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["QuickWinTaskPatch"];
            };
        };
        responses: {
            /** @description The task, as it is now. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Event-Delivery": components["headers"]["Event-Delivery"];
                    "Event-Seq": components["headers"]["Event-Seq"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickWinTask"];
                };
            };
            400: components["responses"]["MalformedJsonOrMalformedHeaderOrBadRequest"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LimitReached"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    listQuickWinHeads: {
        parameters: {
            query: {
                /** @description 1 to 1000 ids, separated by commas. */
                boards: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that exist. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickWinHeads"];
                };
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            413: components["responses"]["PayloadTooLarge"];
            422: components["responses"]["Validation"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            413: components["responses"]["PayloadTooLarge"];
            500: components["responses"]["Internal"];
            504: components["responses"]["Timeout"];
        };
    };
    readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They do. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["MalformedHeaderOrBadRequest"];
            413: components["responses"]["PayloadTooLarge"];
            500: components["responses"]["Internal"];
            /** @description One of them does not respond. */
            503: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            504: components["responses"]["Timeout"];
        };
    };
}
