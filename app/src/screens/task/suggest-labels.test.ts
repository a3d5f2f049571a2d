import { suggestLabels } from "./suggest-labels";

const tasks = [
  { labels: ["travel", "Train"] },
  { labels: ["Train", "strange"] },
  { labels: ["family"] },
];

it("labels of the board that begin with what is typed come first, then those that have it elsewhere", () => {
  expect(suggestLabels(tasks, [], "TRA")).toEqual(["Train", "travel", "strange"]);
});

it("what the task has already is not suggested, and without a word the most used come first", () => {
  expect(suggestLabels(tasks, ["Train"], "")).toEqual(["family", "strange", "travel"]);
  expect(suggestLabels(tasks, [], "none")).toEqual([]);
});
