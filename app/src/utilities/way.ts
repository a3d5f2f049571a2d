/** Where our paths lead: layers below the navigation get this from it, and import nothing of it. */

export interface Way {
  /** Shows the screen of a path. */
  open(path: string): void;
  /** The path of the screen in view. */
  currentPath(): string;
}

/** The navigation puts its own in place. */
export const way: Way = { open: () => undefined, currentPath: () => "/" };
