/** Guards that every kind of filter is described in words. */

import { catalogues } from "../../utilities/texts";
import { filterWords } from "./filter-words";
import { NO_FILTER } from "./filters";

it("a filter is described by its kinds, an empty one is not", () => {
  const nameOf = (name: string) => name.toUpperCase();
  const words = (filter: object, language: "en" | "de" = "en") =>
    filterWords({ ...NO_FILTER, ...filter }, catalogues[language].board, nameOf);
  expect(words({ text: "  " })).toEqual([]);
  const all = { text: ' "by train" ', assignees: ["", "ada"], labels: ["bug", "a"], due: ["week"] };
  expect(words(all)).toEqual([
    'Search: "by train"',
    "Assigned to: Nobody, ADA",
    "Label: bug, a",
    "Due: Within a week",
  ]);
  expect(words(all, "de")).toHaveLength(4);
});
