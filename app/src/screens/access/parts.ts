/** The ways in and out that few people need, in one piece: it is loaded when the first one is shown. */

export { AccountParts } from "./account-parts";
export { BoardTokensDialog } from "./api-tokens";
export { ForgottenPassword } from "./forgotten-password";
export { InvitePage } from "./invite-page";
export { LinksDialog } from "./links-dialog";
export { ProviderButtons } from "./provider-buttons";
export { ResetLinkDialog } from "./reset-link-dialog";
export { ResetPage } from "./reset-page";
export { SecondStep } from "./second-step";
export { VerifyEmailPage } from "./verify-email-page";
