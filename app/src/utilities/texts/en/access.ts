/** English texts of invitations. */

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
    already: (board: string) => `You are a member of “${board}” already.`,
    failed: "The invitation could not be loaded",
    joinFailed: "You have not joined",
    invalidTitle: "This invitation does not count",
    invalid:
      "It may have expired, been used or been withdrawn, or its link was cut on the way. Ask whoever sent it for a new one.",
  },
};
