/** English texts of the ways in and out: invitations, a new password, log-ins, the end of an account. */

import { pluralIn } from "../plural";

const plural = pluralIn("en");

export const access = {
  invite: {
    toBoard: (who: string, board: string) => `${who} invites you to the board “${board}”`,
    toAccount: (who: string) => `${who} invites you to make an account here`,
    until: (moment: string) => `The invitation counts until ${moment}.`,
    youAre: (name: string) => `You are logged in as ${name}.`,
    hasAccount: (name: string) => `You have an account already: you are logged in as ${name}.`,
    join: "Join",
    registerAndJoin: "Register and join",
    logInAndJoin: "Log in and join",
    noRegister: "To join you need an account here, and this invitation makes none.",
    joined: (board: string) => `You have joined “${board}”.`,
    member: (board: string) => `You are a member of “${board}”.`,
    failed: "The invitation could not be loaded",
    joinFailed: "You have not joined",
    invalidTitle: "This invitation does not count",
    invalid:
      "It may have expired, been used or been withdrawn, or its link was cut on the way. Ask whoever sent it for a new one.",
  },
  reset: {
    intro: "Choose a new password. You are logged out everywhere, and log in with it.",
    save: "Set the password",
    failed: "The password is not set",
    invalidTitle: "This link does not count",
    invalid:
      "It counts once, and for 24 hours. Ask an admin for a new one. If you have set a password by it, log in with that.",
    makeOne: (name: string) => `Reset link for ${name}`,
    makeIntro: (name: string) =>
      `With it ${name} chooses a new password, once and within 24 hours. It takes the place of the one before. Send it where nobody else reads it.`,
    makeDo: "Make the link",
    makeFailed: "The link could not be made",
    until: (moment: string) => `It counts until ${moment}. You will not see it again: copy it now.`,
  },
  sessions: {
    title: "Where you are logged in",
    failed: "Your log-ins could not be loaded",
    unknown: "Unknown device",
    on: (browser: string, system: string) => `${browser} on ${system}`,
    here: "This one",
    since: (moment: string) => `since ${moment}`,
    seen: (when: string) => `last seen ${when}`,
    until: (date: string) => `until ${date}`,
    end: "Log out",
    endOne: (what: string) => `Log out: ${what}`,
    ended: "That device is logged out.",
  },
  data: {
    title: "Your data",
    intro:
      "A file of what is kept of you: your account, your log-ins, your boards, and the tasks and comments that you wrote.",
    save: "Save my data",
    saved: "The file is saved.",
    cut: "The file is saved, with the newest of your tasks and comments: there are more than it holds.",
    failed: "The file could not be made",
  },
  leave: {
    title: "Delete your account",
    open: "Delete my account…",
    intro:
      "You are logged out everywhere, and cannot come back: nobody can log in by your user name or register it again.",
    boards:
      "Boards that only you are on go into the trash. You are taken off all others; what you wrote there stays, under your user name.",
    lost: (count: number) =>
      `${plural(count, { one: "1 change on this device was not sent. It is", other: `${count} changes on this device were not sent. They are` })} lost.`,
    confirm: "Delete my account",
    failed: "Your account is not deleted",
    owned: "These boards have other members, but no other owner",
    ownedHint: "Make somebody an owner of each, or delete them with your account.",
    members: (count: number) =>
      plural(count, { one: `${count} member`, other: `${count} members` }),
    boardOf: (name: string, members: string) => `${name}, ${members}`,
    withBoards: "Delete these boards as well",
    lastAdmin: "There must be an admin: make somebody else one first.",
    gone: "Your account is deleted.",
  },
  links: {
    toBoard: "Invite by link",
    toBoardIntro: "Whoever has the link joins this board, and can make an account for it.",
    noAccounts:
      "Whoever has the link joins this board. It makes no account: those come from the admins.",
    toServer: "Invite by link",
    toServerIntro: "Whoever has the link can make an account here, without a board.",
    role: "Role",
    expiry: "Counts for",
    days: (count: number) => plural(count, { one: `${count} day`, other: `${count} days` }),
    uses: "For",
    once: "One person",
    often: "Many people",
    make: "Make a link",
    link: "The link",
    onlyNow: "You will not see it again: copy it now.",
    copy: "Copy",
    copied: "The link is copied.",
    notCopied: "It could not be copied: mark it and copy it yourself.",
    makeFailed: "The link could not be made",
    tooMany: "There are as many links as there may be: revoke one first.",
    living: "Links that count",
    none: "There is none.",
    failed: "The links could not be loaded",
    forOne: "for one person",
    forMany: (used: number) => `for many people, used by ${used}`,
    until: (moment: string) => `until ${moment}`,
    by: (name: string) => `by ${name}`,
    account: "Account",
    revoke: "Revoke",
    revokeOne: (what: string) => `Revoke: ${what}`,
    revoked: "The link counts no more.",
  },
};
