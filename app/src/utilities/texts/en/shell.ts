/** English texts of what surrounds the screens, and of the welcome and not-found screens. */

export const shell = {
  home: "Taskboard, to your boards",
  withoutAccount: "Without an account",
  accountMenu: "Account menu",
  boards: "Boards",
  profile: "Profile",
  admin: "Admin area",
  adminParts: { activity: "Activity", dashboard: "Dashboard", users: "Users" },
  shortcuts: "Keyboard shortcuts",
  logIn: "Log in",
  register: "Register",
  logOut: "Log out",
  quickWin: "Try without an account",
  notFoundTitle: "There is nothing here",
  notFound: "The address may be mistyped, or what was here has been deleted.",
  toBoards: "To your boards",
  toStart: "To the start page",
  networkError: "The server cannot be reached. Check the connection and try again.",
  timedOut: "The server took too long to answer. Try again.",
  unknownError: "Something went wrong here. Try again.",
};
