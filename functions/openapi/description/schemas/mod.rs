//! The shapes of bodies, by what they are about. They document what the database and the models
//! write; their limits are those of `shared`.

#![expect(dead_code, reason = "the structs are never made: only their schemas are used")]

pub(crate) mod account;
pub(crate) mod admin;
pub(crate) mod analytics;
pub(crate) mod api_token;
pub(crate) mod board;
pub(crate) mod checklist;
pub(crate) mod comment;
pub(crate) mod document;
pub(crate) mod email;
pub(crate) mod event;
pub(crate) mod health;
pub(crate) mod identity;
pub(crate) mod invitation;
pub(crate) mod list;
pub(crate) mod member;
pub(crate) mod passkey;
pub(crate) mod quick_win;
pub(crate) mod scalar;
pub(crate) mod second_factor;
pub(crate) mod session;
pub(crate) mod task;
pub(crate) mod user;

use utoipa::ToSchema;
use utoipa::openapi::{ComponentsBuilder, Ref, RefOr, Schema};

/// Defines a schema that is one of others.
macro_rules! one_of {
    ($(#[doc = $doc:literal])+ $name:ident of $($item:ty),+) => {
        $(#[doc = $doc])+
        pub(crate) struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::schema::OneOfBuilder::new()
                    .description(Some(concat!($($doc),+).trim()))
                    $(.item($crate::description::schemas::reference::<$item>()))+
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(
                schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>,
            ) {
                $(
                    schemas.push((
                        <$item as utoipa::ToSchema>::name().into_owned(),
                        <$item as utoipa::PartialSchema>::schema(),
                    ));
                    <$item as utoipa::ToSchema>::schemas(schemas);
                )+
            }
        }
    };
}

pub(crate) use one_of;

/// The name of a schema in the document.
pub(crate) fn reference<T: ToSchema>() -> RefOr<Schema> {
    Ref::from_schema_name(T::name()).into()
}

/// Adds every schema of a body, and all that they refer to.
pub(crate) fn register(components: ComponentsBuilder) -> ComponentsBuilder {
    let mut schemas = Vec::new();
    add::<account::AccountEnd>(&mut schemas);
    add::<account::AccountExport>(&mut schemas);
    add::<admin::ActivityPage>(&mut schemas);
    add::<admin::AdminStats>(&mut schemas);
    add::<admin::AdminUser>(&mut schemas);
    add::<admin::AdminUserPage>(&mut schemas);
    add::<admin::AdminUserPatch>(&mut schemas);
    add::<analytics::Analytics>(&mut schemas);
    add::<api_token::NewApiToken>(&mut schemas);
    add::<api_token::NewBoardApiToken>(&mut schemas);
    add::<api_token::MadeApiToken>(&mut schemas);
    add::<api_token::ApiTokenPage>(&mut schemas);
    add::<board::Board>(&mut schemas);
    add::<board::BoardDocument>(&mut schemas);
    add::<board::BoardPage>(&mut schemas);
    add::<board::NewBoard>(&mut schemas);
    add::<board::BoardPatch>(&mut schemas);
    add::<checklist::Checklist>(&mut schemas);
    add::<checklist::WholeChecklist>(&mut schemas);
    add::<checklist::Checklists>(&mut schemas);
    add::<checklist::NewChecklist>(&mut schemas);
    add::<checklist::ChecklistPatch>(&mut schemas);
    add::<checklist::ChecklistItem>(&mut schemas);
    add::<checklist::NewChecklistItem>(&mut schemas);
    add::<checklist::ChecklistItemPatch>(&mut schemas);
    add::<checklist::Tick>(&mut schemas);
    add::<comment::Comment>(&mut schemas);
    add::<comment::CommentPage>(&mut schemas);
    add::<comment::NewComment>(&mut schemas);
    add::<comment::CommentPatch>(&mut schemas);
    add::<document::ExportedBoard>(&mut schemas);
    add::<document::ImportedBoard>(&mut schemas);
    add::<document::BoardImport>(&mut schemas);
    add::<email::Email>(&mut schemas);
    add::<email::NewEmail>(&mut schemas);
    add::<email::MailWish>(&mut schemas);
    add::<email::EmailEnd>(&mut schemas);
    add::<email::ForgottenPassword>(&mut schemas);
    add::<event::Event>(&mut schemas);
    add::<event::EventPage>(&mut schemas);
    add::<event::TaskHistory>(&mut schemas);
    add::<health::Health>(&mut schemas);
    add::<health::Readiness>(&mut schemas);
    add::<identity::ProviderList>(&mut schemas);
    add::<identity::Identities>(&mut schemas);
    add::<identity::LogoutForm>(&mut schemas);
    add::<identity::LinkStart>(&mut schemas);
    add::<invitation::NewInvitation>(&mut schemas);
    add::<invitation::NewAccountInvitation>(&mut schemas);
    add::<invitation::MadeInvitation>(&mut schemas);
    add::<invitation::MadeAccountInvitation>(&mut schemas);
    add::<invitation::InvitationPage>(&mut schemas);
    add::<invitation::AccountInvitationPage>(&mut schemas);
    add::<invitation::InvitationPreview>(&mut schemas);
    add::<invitation::Joined>(&mut schemas);
    add::<invitation::ShownLink>(&mut schemas);
    add::<member::Member>(&mut schemas);
    add::<member::MemberPage>(&mut schemas);
    add::<member::MemberRole>(&mut schemas);
    add::<passkey::PasskeyQuestion>(&mut schemas);
    add::<passkey::PasskeyLogin>(&mut schemas);
    add::<passkey::OwnProof>(&mut schemas);
    add::<passkey::PasskeyRequest>(&mut schemas);
    add::<passkey::NewPasskey>(&mut schemas);
    add::<passkey::PasskeyName>(&mut schemas);
    add::<passkey::Passkeys>(&mut schemas);
    add::<quick_win::QuickWinBoard>(&mut schemas);
    add::<quick_win::QuickWinBoards>(&mut schemas);
    add::<quick_win::QuickWinEventPage>(&mut schemas);
    add::<quick_win::QuickWinHead>(&mut schemas);
    add::<quick_win::QuickWinHeads>(&mut schemas);
    add::<quick_win::NewQuickWinBoard>(&mut schemas);
    add::<quick_win::QuickWinBoardPatch>(&mut schemas);
    add::<quick_win::NewQuickWinTask>(&mut schemas);
    add::<quick_win::QuickWinTaskPatch>(&mut schemas);
    add::<second_factor::LoginAnswer>(&mut schemas);
    add::<second_factor::SecondStep>(&mut schemas);
    add::<second_factor::TotpStatus>(&mut schemas);
    add::<second_factor::OwnPassword>(&mut schemas);
    add::<second_factor::TotpEnrolment>(&mut schemas);
    add::<second_factor::TotpConfirmation>(&mut schemas);
    add::<second_factor::PasswordAndCode>(&mut schemas);
    add::<second_factor::RecoveryCodes>(&mut schemas);
    add::<session::SessionPage>(&mut schemas);
    add::<session::ResetLink>(&mut schemas);
    add::<session::PasswordReset>(&mut schemas);
    add::<session::PasswordResetDone>(&mut schemas);
    add::<task::Task>(&mut schemas);
    add::<task::TaskPage>(&mut schemas);
    add::<task::NewTask>(&mut schemas);
    add::<task::TaskPatch>(&mut schemas);
    add::<user::User>(&mut schemas);
    add::<user::Login>(&mut schemas);
    add::<user::Registration>(&mut schemas);
    add::<user::Credentials>(&mut schemas);
    add::<user::UserPatch>(&mut schemas);
    add::<scalar::Label>(&mut schemas);
    add::<scalar::NewLabel>(&mut schemas);
    components.schemas_from_iter(schemas)
}

fn add<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}
