/** Guards search and filters. */

import { aTask } from "../../testing/boards";
import {
  choices,
  chosen,
  filterOf,
  isEmpty,
  matcher,
  NO_FILTER,
  queryOf,
  searchable,
  toggled,
  type Filter,
} from "./filters";
import { paths, pathOf, stateOf } from "../../navigation/routes";

const NOW = Date.parse("2026-06-15T12:00:00.000Z");
const tasks = [
  aTask({ id: 1, title: "Book the train to Ålesund", labels: ["travel"], assigned_to: "ada" }),
  aTask({ id: 2, title: "Pack", description: "Tent and train tickets", assigned_to: "grace" }),
  aTask({ id: 30, title: "Buy gas", due_at: "2026-06-10T12:00:00.000Z" }),
  aTask({ id: 4, title: "Sleep", due_at: "2026-06-18T12:00:00.000Z", labels: ["home"] }),
];
const found = (filter: Partial<typeof NO_FILTER>) => {
  const passes = matcher({ ...NO_FILTER, ...filter }, NOW);
  return tasks.filter(passes).map(({ id }) => id);
};

it("search looks into titles, texts, labels, names and numbers, without regard to case and accents", () => {
  expect(found({ text: "TRAIN" })).toEqual([1, 2]);
  expect(found({ text: "alesund" })).toEqual([1]);
  expect(found({ text: "travel" })).toEqual([1]);
  expect(found({ text: "grace" })).toEqual([2]);
  expect(found({ text: "#30" })).toEqual([30]);
});

it("every word must be found", () => {
  expect(found({ text: "train tent" })).toEqual([2]);
  expect(found({ text: "train sea" })).toEqual([]);
});

it("filters narrow each other down", () => {
  expect(found({ assignees: ["ada"] })).toEqual([1]);
  expect(found({ assignees: [""] })).toEqual([30, 4]);
  expect(found({ assignees: [""], labels: ["home"] })).toEqual([4]);
  expect(found({ due: ["overdue"] })).toEqual([30]);
  expect(found({ due: ["week"] })).toEqual([30, 4]);
});

it("of several values of one kind a task needs one", () => {
  expect(found({ assignees: ["ada", "grace"] })).toEqual([1, 2]);
  expect(found({ labels: ["home", "travel"] })).toEqual([1, 4]);
  expect(found({ labels: ["home", "travel"], assignees: ["", "grace"] })).toEqual([4]);
  expect(found({ due: ["overdue", "week"] })).toEqual([30, 4]);
});

it("choosing a value again takes it out, and all are counted", () => {
  const two = toggled(toggled([], "ada"), "grace");
  expect(chosen({ ...NO_FILTER, assignees: two, due: ["week"] })).toBe(3);
  expect(toggled(two, "ada")).toEqual(["grace"]);
});

it("an empty filter lets everything through", () => {
  expect(isEmpty({ ...NO_FILTER, text: "  " })).toBe(true);
  expect(isEmpty({ ...NO_FILTER, assignees: [""] })).toBe(false);
  expect(found({})).toEqual([1, 2, 30, 4]);
});

it("what can be chosen is what there is, sorted", () => {
  expect(choices(tasks)).toEqual({ labels: ["home", "travel"], assignees: ["ada", "grace"] });
});

it.each<Partial<Filter>>([
  {},
  { text: "rust & co" },
  { text: 'it\'s #7 "said" 100 %' },
  { assignees: [""], labels: ["a,b"] },
  { labels: ["urgent", "ü & ö"], due: ["overdue", "week"] },
])("a filter survives the way through an address: %j", (part) => {
  const filter = { ...NO_FILTER, ...part };
  for (const name of ["Board", "QuickWinBoard"]) {
    const path = pathOf({ name, params: { id: 7, ...queryOf(filter) } });
    // A browser spells it in the same way.
    const { pathname, search } = new URL(path, "https://boards.example");
    expect(pathname + search).toBe(path);
    const route = stateOf(path)?.routes.at(-1);
    expect(route?.name).toBe(name);
    expect(route?.params).toMatchObject({ id: 7 });
    expect(filterOf(route?.params ?? {})).toEqual(filter);
  }
});

it("an empty filter is in no address, and an impossible one is no filter", () => {
  const bare = paths.board({ mode: "teams", id: 7 });
  expect(pathOf({ name: "Board", params: { id: 7, ...queryOf(NO_FILTER) } })).toBe(bare);
  expect(filterOf({ q: null, assignee: 7, label: [null, "a"], due: "never" })).toEqual({
    ...NO_FILTER,
    labels: ["a"],
  });
});

it("api: q takes 1,000 characters: a longer search is neither written to an address nor read from one", () => {
  const long = "😀".repeat(1_000);
  expect(searchable(`${long}more`)).toBe(long);
  expect(filterOf({ q: "x".repeat(70_000) }).text).toHaveLength(1_000);
});
