/** English texts of what surrounds the screens, and of the welcome and not-found screens. */

export const shell = {
  home: "Taskboard, to your boards",
  withoutAccount: "Without an account",
  accountMenu: "Account menu",
  boards: "Boards",
  profile: "Profile",
  shortcuts: "Keyboard shortcuts",
  logIn: "Log in",
  register: "Register",
  logOut: "Log out",
  quickWin: "Try without an account",
  tagline: "A board that moves for everybody at once",
  notFoundTitle: "There is nothing here",
  notFound: "The address may be mistyped, or what was here has been deleted.",
  toBoards: "To your boards",
};
