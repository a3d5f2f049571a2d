/** What a board's Insights say. */

import { fireEvent, screen, waitFor } from "@testing-library/react-native";
import { aTask } from "../../testing/boards";
import { fakeApi, problem } from "../../testing/fake-api";
import { FakeBoard } from "../../testing/fake-board";
import { someAnalytics } from "../../testing/monitoring";
import { renderScreen } from "../../testing/render";
import { inside, rowsOf } from "../../testing/tables";
import { InsightsPage } from "./insights-page";

// Its first loading takes longer than a test waits.
beforeAll(() => import("../../components/charts/parts"));

const ROUTE = "GET /api/boards/7/analytics";

function show() {
  const board = new FakeBoard([aTask({ id: 1, title: "Sand" }), aTask({ id: 2, title: "Paint" })]);
  renderScreen("Insights", <InsightsPage board={board} />);
}

function layOut(): void {
  for (const plot of screen.getAllByTestId("plot"))
    fireEvent(plot, "layout", { nativeEvent: { layout: { width: 358 } } });
}

function table(title: string, columns: number) {
  fireEvent.press(screen.getByRole("button", { name: `Show as table: ${title}` }));
  return rowsOf(title, columns);
}

it("API-ANALYTICS: every number of the answer is on the screen", async () => {
  const { asked } = fakeApi({ [ROUTE]: { body: someAnalytics() } });
  show();
  expect(await screen.findByRole("heading", { name: "Cumulative flow" })).toBeOnTheScreen();
  expect(asked[0]?.path).toMatch(/\?from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d&tz=/u);
  layOut();
  // What is finished is at the ground: the columns are from right to left.
  expect(table("Cumulative flow", 5)).toEqual([
    ["Day", "review (removed)", "Finished", "In progress", "To do"],
    ["Nov 25, 2026", "0", "1", "1", "1"],
    ["Nov 24, 2026", "0", "0", "2", "1"],
    ["Nov 23, 2026", "0", "0", "0", "2"],
  ]);
  expect(table("Added, finished, moved", 4)).toEqual([
    ["Day", "Added", "Finished", "Moved"],
    ["Nov 25, 2026", "0", "1", "1"],
    ["Nov 24, 2026", "1", "0", "2"],
    ["Nov 23, 2026", "2", "0", "0"],
  ]);
  expect(table("Throughput", 2)).toEqual([
    ["Week of", "Finished"],
    ["Nov 23, 2026 (3 days)", "1"],
  ]);
  expect(table("Cycle time", 3)[1]).toEqual(["#1 Sand", expect.stringContaining("Nov 25"), "1 d"]);
  expect(table("Lead time", 3)[1]).toEqual(["#1 Sand", expect.stringContaining("Nov 25"), "1.5 d"]);
  const stays = inside("Time in columns");
  expect(stays.getByText("6 h")).toBeOnTheScreen();
  expect(stays.getByText("2 stays")).toBeOnTheScreen();
  const age = inside("Age of what is in “In progress”");
  expect(age.getByRole("link", { name: "#2 Paint" })).toBeOnTheScreen();
  expect(age.getByText("1.5 d")).toBeOnTheScreen();
  expect(age.getByText("12 h in this column")).toBeOnTheScreen();
  expect(screen.getByText(/time zone Europe\/Berlin/u)).toBeOnTheScreen();
});

it("a board without history says so in each chart", async () => {
  const none = { count: 0, p50_ms: null, p85_ms: null, p95_ms: null };
  const columns = someAnalytics().columns.map((column) => ({ ...column, mean_stay_ms: null }));
  const days = someAnalytics().days.map((day) => ({ ...day, tasks: [0, 0, 0, 0] }));
  const body = someAnalytics({ columns, days, finished: [], lead_time: none, cycle_time: none });
  fakeApi({ [ROUTE]: { body } });
  show();
  expect(await screen.findByText("The board had no tasks in this time")).toBeOnTheScreen();
  expect(screen.getAllByText("No task was finished in this time")).toHaveLength(2);
  expect(screen.getByText("No task left a column in this time")).toBeOnTheScreen();
});

it("another range is requested; invalid days are reported where they were typed", async () => {
  const { asked } = fakeApi({ [ROUTE]: { body: someAnalytics() } });
  show();
  fireEvent.press(screen.getByRole("radio", { name: "7 days" }));
  await waitFor(() => expect(asked.length).toBeGreaterThan(1));
  fireEvent.press(screen.getByRole("radio", { name: "From … to" }));
  fireEvent.changeText(screen.getByLabelText("From"), "2026-02-30");
  fireEvent.press(screen.getByRole("button", { name: "Show" }));
  expect(screen.getByText("Write a day like 2026-11-29.")).toBeOnTheScreen();
  fireEvent.changeText(screen.getByLabelText("From"), "2026-01-05");
  fireEvent.changeText(screen.getByLabelText("To"), "2026-01-04");
  expect(screen.getByText("“From” must not be after “To”.")).toBeOnTheScreen();
  fireEvent.changeText(screen.getByLabelText("To"), "2026-02-01");
  fireEvent.press(screen.getByRole("button", { name: "Show" }));
  await waitFor(() => expect(asked.at(-1)?.path).toContain("from=2026-01-05&to=2026-02-01"));
});

it("a failure of the server is reported, and retried on demand", async () => {
  let away = true;
  fakeApi({
    [ROUTE]: () =>
      away ? problem(500, "internal", "Something broke.") : { body: someAnalytics() },
  });
  show();
  expect(await screen.findByText("The numbers could not be loaded")).toBeOnTheScreen();
  away = false;
  fireEvent.press(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "Throughput" })).toBeOnTheScreen();
});
