/** English texts of logging in with a provider. */

export const signIn = {
  or: "Or",
  by: (provider: string) => `Log in with ${provider}`,
  title: "Sign-in",
  intro: "The ways in which you can log in.",
  password: "User name and password",
  lastUsed: (when: string) => `last used ${when}`,
  gone: "A provider that is no longer offered here",
  link: (provider: string) => `Link ${provider}`,
  linkIntro: (provider: string) =>
    `Next you log in to ${provider}. After that you can use it to log in here.`,
  linkDo: "Continue",
  unlink: "Unlink…",
  unlinkOne: (provider: string) => `Unlink ${provider}`,
  unlinkIntro:
    "It can no longer be used to log in to this account. Sessions that began with it end, except this one.",
  unlinkDo: "Unlink",
  unlinked: (provider: string) => `You no longer log in with ${provider}.`,
  again: (provider: string) => `Log in with ${provider} again`,
  noPassword:
    "You have no password. To set one, to change how you log in, or to delete your account, you have to have logged in within the last ten minutes.",
  failed: "Your ways to log in could not be loaded",
  errors: {
    denied: "The provider did not let you in, or you cancelled.",
    expired: "That took too long, or was started elsewhere. Try again.",
    invalid: "The provider's answer is not valid here. Try again.",
    "unknown-provider": "This provider is not offered here.",
    unavailable: "The provider or this server cannot be reached. Try again later.",
    "registration-closed":
      "You have no account here yet, and this provider does not create one. Ask an admin.",
    "account-disabled": "Your account is disabled. Ask an admin.",
    "identity-taken": "That sign-in belongs to another account here.",
    "too-many-attempts": "Too many attempts. Try again later.",
  } as Readonly<Record<string, string>>,
};
