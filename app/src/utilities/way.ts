/** Where paths of ours lead: what is below the navigation is told by it, and imports nothing of it. */

export interface Way {
  /** Shows the screen of a path. */
  open(path: string): void;
  /** The path of the screen in view. */
  currentPath(): string;
}

/** The navigation puts its own in place. */
export const way: Way = { open: () => undefined, currentPath: () => "/" };
