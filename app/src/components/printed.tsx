/** What is printed instead of the page. Phones print nothing. */

import type { ReactNode } from "react";

export interface PrintedProps {
  readonly children: ReactNode;
}

export function Printed(_: PrintedProps) {
  return null;
}
