/** What is used of react-dom: drawing outside the page's root, and at once (web files only). */
declare module "react-dom" {
  import type { ReactNode, ReactPortal } from "react";
  export function createPortal(children: ReactNode, container: Element): ReactPortal;
  export function flushSync(run: () => void): void;
}
