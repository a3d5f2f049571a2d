/** The columns that a board begins with, and that a quick-win board keeps, in the person's language. */

import type { Column } from "../sync";
import { texts, type Catalogue } from "../utilities/texts";

const named = new WeakMap<Catalogue, readonly Column[]>();

/** The same object as long as the language is the same. */
export function firstColumns(): readonly Column[] {
  const catalogue = texts();
  const known = named.get(catalogue);
  if (known !== undefined) {
    return known;
  }
  const columns = Object.entries(catalogue.board.firstColumns).map(([key, name]) => ({
    key,
    name,
    wip_limit: null,
  }));
  named.set(catalogue, columns);
  return columns;
}
