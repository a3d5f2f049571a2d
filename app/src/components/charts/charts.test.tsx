/** What a chart says to those who do not see it, and how it is read. */

import { fireEvent, screen } from "@testing-library/react-native";
import { renderPart } from "../../testing/render";
import { rowsOf } from "../../testing/tables";
import { BarList } from "./bar-list";
import { DataTable } from "./data-table";
import { ScatterChart } from "./scatter-chart";
import { SeriesChart, type Marks } from "./series-chart";

const places = ["one", "two", "three"].map((label) => ({ label, short: label.slice(0, 1) }));
const series = [
  { key: "a", label: "Apples", values: [1, 2, 3] },
  { key: "b", label: "Pears", values: [4, null, 1200] },
];

function layOut(): void {
  fireEvent(screen.getByTestId("plot"), "layout", { nativeEvent: { layout: { width: 358 } } });
}

describe.each<Marks>(["areas", "lines", "bars"])("a chart of %s", (marks) => {
  beforeEach(() => {
    renderPart(
      <SeriesChart marks={marks} title="Fruit" placeName="Day" places={places} series={series} />,
    );
    layOut();
  });

  it("has its numbers in a table, on demand", () => {
    expect(screen.queryByText("Day")).toBeNull();
    fireEvent.press(screen.getByRole("button", { name: "Show as table: Fruit" }));
    expect(rowsOf("Fruit", 3)).toEqual([
      ["Day", "Apples", "Pears"],
      ["three", "3", "1,200"],
      ["two", "2", "–"],
      ["one", "1", "4"],
    ]);
    fireEvent.press(screen.getByRole("button", { name: "Hide table: Fruit" }));
    expect(screen.queryByText("Day")).toBeNull();
  });

  it("shows the newest point, and is read point by point", () => {
    const reader = screen.getByRole("slider", { name: /^Fruit/u });
    expect(reader.props["aria-valuetext"] ?? reader.props.accessibilityValue.text).toBe(
      "three: Apples 3, Pears 1,200",
    );
    fireEvent(reader, "accessibilityAction", { nativeEvent: { actionName: "decrement" } });
    expect(screen.getByText("two")).toBeOnTheScreen();
    fireEvent(reader, "responderGrant", { nativeEvent: { locationX: 0 } });
    expect(screen.getByText("one")).toBeOnTheScreen();
  });
});

it("a chart of nothing says so, and offers no table", () => {
  renderPart(
    <SeriesChart
      marks="bars"
      title="Fruit"
      placeName="Day"
      places={[]}
      series={[]}
      empty="No fruit"
    />,
  );
  expect(screen.getByRole("heading", { name: "No fruit" })).toBeOnTheScreen();
  expect(screen.queryByRole("button")).toBeNull();
});

it("points are described by name, time and value, with the percentiles", () => {
  renderPart(
    <ScatterChart
      title="Times"
      valueName="Took"
      dots={[
        { key: "1", label: "Pack", at: 0, value: 2 },
        { key: "2", label: "Go", at: 100, value: 4 },
      ]}
      marks={[{ label: "50 %: 2 d", value: 2 }]}
      from={0}
      to={200}
      format={(value) => `${value} d`}
      formatTime={(at) => `at ${at}`}
      table={{ columns: ["Task", "Took"], rows: [["Pack", "2 d"]] }}
    />,
  );
  layOut();
  expect(screen.getByText("Go, at 100")).toBeOnTheScreen();
  expect(screen.getByText("50 %: 2 d")).toBeOnTheScreen();
  fireEvent(screen.getByRole("slider", { name: /^Times/u }), "responderGrant", {
    nativeEvent: { locationX: 10 },
  });
  expect(screen.getByText("Pack, at 0")).toBeOnTheScreen();
});

it("a list of bars is a table, of which the first are seen", () => {
  const bars = Array.from({ length: 12 }, (_, index) => ({
    key: String(index),
    label: `Column ${index}`,
    value: index,
    words: `${index} tasks`,
  }));
  renderPart(
    <BarList title="Tasks" nameColumn="Column" valueColumn="Tasks" bars={bars} empty="None" />,
  );
  expect(screen.queryByText("11 tasks")).toBeNull();
  fireEvent.press(screen.getByRole("button", { name: "Show all 12 rows" }));
  expect(screen.getByText("11 tasks")).toBeOnTheScreen();
});

it("a long table shows its first rows until all are asked for", () => {
  const rows = Array.from({ length: 100 }, (_, index) => [`Day ${index}`, String(index)]);
  renderPart(<DataTable label="Days" columns={["Day", "Count"]} rows={rows} />);
  expect(screen.queryByText("Day 99")).toBeNull();
  fireEvent.press(screen.getByRole("button", { name: "Show all 100 rows" }));
  expect(screen.getByText("Day 99")).toBeOnTheScreen();
});
