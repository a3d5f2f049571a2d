/** The ways in and out that few people need, in one piece: it is loaded when the first one is shown. */

export { InvitePage } from "./invite-page";
