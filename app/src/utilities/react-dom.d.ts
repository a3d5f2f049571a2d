/** The one thing of react-dom that is used: drawing outside the page's root (web files only). */
declare module "react-dom" {
  import type { ReactNode, ReactPortal } from "react";
  export function createPortal(children: ReactNode, container: Element): ReactPortal;
}
