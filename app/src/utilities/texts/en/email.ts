/** English texts of e-mail addresses and forgotten passwords. */

export const email = {
  intro: "With an address you can get a link to a new password if you forget yours.",
  none: "You have not given an address.",
  failed: "Your e-mail address could not be loaded",
  confirmed: (address: string, date: string) => `${address}, confirmed on ${date}.`,
  pending: (address: string, moment: string) =>
    `A mail is on its way to ${address}. Open the link in it until ${moment}.`,
  stays: (address: string) => `Until then ${address} stays your address.`,
  resend: "Send it again",
  sent: "The mail is on its way. The previous link no longer works.",
  add: "Add an address…",
  change: "Change the address…",
  remove: "Remove the address…",
  setTitle: "Add an e-mail address",
  setIntro:
    "A mail with a link goes there. The address is confirmed once you have opened the link here.",
  address: "E-mail address",
  addressMissing: "Type an e-mail address.",
  addressWrong: "This is not an e-mail address that mail can be sent to.",
  send: "Send the mail",
  removeTitle: "Remove the address",
  removeIntro: "If you forget your password, only an admin can help you then.",
  removeDo: "Remove",
  removed: "You no longer have an e-mail address here.",
  changeFailed: "Nothing has changed",
  confirmTitle: "Confirm your e-mail address",
  confirmIntro: (name: string) => `You are logged in as ${name}. Is the mail with this link yours?`,
  logInFirst: "Log in to the account that this address is for.",
  confirm: "Confirm the address",
  isConfirmed: (address: string) => `${address} is confirmed.`,
  confirmFailed: "The address is not confirmed",
  taken: "Another account has this address. Remove it there first, then open the link again.",
  invalidTitle: "This link is not valid",
  invalid:
    "It works once, for 24 hours, and only for the account that it was made for. You can have another one sent from your profile.",
  forgot: "Forgot your password?",
  forgotTitle: "Forgot your password?",
  forgotIntro:
    "Type your user name or your e-mail address, and a link to a new password is sent to your address.",
  account: "User name or e-mail address",
  accountMissing: "Type your user name or your e-mail address.",
  forgotDone:
    "If there is such an account, and it has a confirmed address, a mail is on its way. Its link is valid for an hour.",
  forgotElse: "No mail? Look in your spam folder, or ask an admin for a link.",
  forgotFailed: "No mail was sent",
};
