/** English texts of the components that every screen uses. */

export const kit = {
  appName: "Taskboard",
  cancel: "Cancel",
  close: "Close",
  dismiss: "Dismiss",
  save: "Save",
  undo: "Undo",
  retry: "Try again",
  back: "Back",
  loading: "Loading…",
  busy: "Working…",
  optional: "optional",
  showPassword: "Show password",
  hidePassword: "Hide password",
  choose: "Choose…",
  notifications: "Notifications",
  skipToContent: "Skip to content",
  tooLong: (count: number, most: number) => `At most ${most} characters; this has ${count}.`,
  tooShort: (count: number, least: number) => `At least ${least} characters; this has ${count}.`,
  draftWaits: "Not saved yet: Enter saves it, Escape discards it.",
  remove: (name: string) => `Remove ${name}`,
};
