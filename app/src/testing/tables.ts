/** Reads tables of numbers as screen readers do: row by row. */

import { screen, within } from "@testing-library/react-native";

/** What labelled this has in it; the innermost where several things are called so. */
export function inside(label: string) {
  const found = screen.getAllByLabelText(label).at(-1);
  if (found === undefined) throw new Error(`nothing is called ${label}`);
  return within(found);
}

/** The rows of a table, the head included. @param columns how many it has */
export function rowsOf(label: string, columns: number): readonly (readonly string[])[] {
  const cells = inside(label)
    .getAllByText(/./u)
    .map(({ props }) => String(props["children"]));
  return Array.from({ length: cells.length / columns }, (_, row) =>
    cells.slice(row * columns, (row + 1) * columns),
  );
}
