/** English texts of e-mail addresses and forgotten passwords. */

export const email = {
  intro: "With an address you get a link to a new password when you forget yours.",
  none: "You have given no address.",
  failed: "Your e-mail address could not be loaded",
  confirmed: (address: string, date: string) => `${address}, confirmed on ${date}.`,
  pending: (address: string, moment: string) =>
    `A mail is on its way to ${address}. Open the link in it until ${moment}.`,
  stays: (address: string) => `Until then ${address} stays your address.`,
  resend: "Send it again",
  sent: "The mail is on its way. The link before counts no more.",
  add: "Give an address…",
  change: "Change the address…",
  remove: "Remove the address…",
  setTitle: "Give an e-mail address",
  setIntro:
    "A mail with a link goes there. The address is yours once you have opened the link here.",
  address: "E-mail address",
  addressMissing: "Type an e-mail address.",
  addressWrong: "That is no e-mail address that a mail can be sent to.",
  send: "Send the mail",
  removeTitle: "Remove the address",
  removeIntro: "If you forget your password, only an admin can help you then.",
  removeDo: "Remove",
  removed: "You have no e-mail address here any more.",
  changeFailed: "Nothing has changed",
  confirmTitle: "Confirm your e-mail address",
  confirmIntro: (name: string) => `You are logged in as ${name}. Is the mail with this link yours?`,
  logInFirst: "Log in to the account that this address is for.",
  confirm: "Confirm the address",
  isConfirmed: (address: string) => `${address} is confirmed.`,
  confirmFailed: "The address is not confirmed",
  taken: "Another account has this address. Remove it there first, then open the link again.",
  invalidTitle: "This link does not count",
  invalid:
    "It counts once, for 24 hours, and for the account that it was made for. You can have another one sent in your profile.",
  forgot: "Forgot your password?",
  forgotTitle: "Forgot your password?",
  forgotIntro:
    "Type your user name or your e-mail address, and a link to a new password goes to your address.",
  account: "User name or e-mail address",
  accountMissing: "Type your user name or your e-mail address.",
  forgotDone:
    "If there is such an account, and it has a confirmed address, a mail is on its way. Its link counts for an hour.",
  forgotElse: "No mail? Look among unwanted mails, or ask an admin for a link.",
  forgotFailed: "No mail was sent",
};
