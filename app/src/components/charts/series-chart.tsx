/** One or several series over days, weeks or minutes: as lines, as bars, or as areas upon each other. */

import { scaleBand, scalePoint } from "d3-scale";
import { area, line, stack } from "d3-shape";
import { useMemo, useState } from "react";
import { View } from "react-native";
import { Circle, Path, Rect } from "react-native-svg";
import { useTheme, type Scheme } from "../../theme";
import { useFormats } from "../../utilities/texts/formats";
import { ChartReader } from "./chart-reader";
import { Figure, Legend, type FigureProps } from "./figure";
import { labelled, valueAxis, type Axis } from "./geometry";
import { seriesColour } from "./palette";
import { MARGIN, Plot, PLOT_HEIGHT } from "./plot";

export interface Series {
  readonly key: string;
  readonly label: string;
  /** One for each place; `null`: not known. */
  readonly values: readonly (number | null)[];
}

/** A day, a week, a minute. */
export interface Place {
  /** In the table and where it is read. */
  readonly label: string;
  /** Below the chart. */
  readonly short: string;
}

export type Marks = "lines" | "bars" | "areas";

interface SeriesChartProps extends Omit<FigureProps, "table"> {
  readonly marks: Marks;
  /** Names the first column of the table: "Day". */
  readonly placeName: string;
  readonly places: readonly Place[];
  readonly series: readonly Series[];
  /** Writes a value; whole numbers as the language does where it is not given. */
  readonly format?: (value: number) => string;
  /** Things are counted. */
  readonly whole?: boolean;
}

/** Points are drawn while there are no more of them. */
const FEW = 40;

export function SeriesChart({
  marks,
  placeName,
  places,
  series,
  format,
  whole = true,
  ...figure
}: SeriesChartProps) {
  const formats = useFormats();
  const write = format ?? formats.number;
  const written = (value: number | null | undefined) => (value == null ? "–" : write(value));
  const [chosen, setChosen] = useState<number | null>(null);
  const { scheme } = useTheme();
  const at = Math.min(chosen ?? Infinity, places.length - 1);
  const here = places[at];
  const entries = series.map(({ key, label, values }, index) => ({
    key,
    label,
    colour: seriesColour(index, scheme),
    value: written(values[at]),
  }));
  // The newest first: in a long table that is what is looked for.
  const rows = places.map(({ label }, index) => [
    label,
    ...series.map(({ values }) => written(values[index])),
  ]);
  const table = {
    columns: [placeName, ...series.map(({ label }) => label)],
    rows: rows.reverse(),
  };
  const words = `${here?.label ?? ""}: ${entries.map(({ label, value }) => `${label} ${value}`).join(", ")}`;
  return (
    <Figure {...figure} table={table}>
      {(width) => {
        const place = placesOf(places.length, width, marks);
        return (
          <>
            <View>
              <Drawing
                width={width}
                marks={marks}
                places={places}
                at={place}
                series={series}
                whole={whole}
                format={write}
                chosen={chosen === null ? null : at}
              />
              <ChartReader
                title={figure.title}
                words={words}
                count={places.length}
                at={at}
                place={place}
                left={MARGIN.left}
                onRead={setChosen}
              />
            </View>
            <Legend place={here?.label} entries={entries} />
          </>
        );
      }}
    </Figure>
  );
}

/** The middle of each place in a row, in pixels from the left edge of the plot. */
function placesOf(count: number, width: number, marks: Marks): (index: number) => number {
  const right = width - MARGIN.left - MARGIN.right;
  const indexes = Array.from({ length: count }, (_, index) => index);
  if (marks === "bars") {
    const scale = scaleBand<number>().domain(indexes).range([0, right]);
    return (index) => (scale(index) ?? 0) + scale.bandwidth() / 2;
  }
  const scale = scalePoint<number>().domain(indexes).range([0, right]);
  return (index) => scale(index) ?? 0;
}

interface DrawingProps {
  readonly width: number;
  readonly marks: Marks;
  readonly places: readonly Place[];
  /** Where each of them is. */
  readonly at: (index: number) => number;
  readonly series: readonly Series[];
  readonly whole: boolean;
  readonly format: (value: number) => string;
  readonly chosen: number | null;
}

function Drawing({ width, marks, places, at, series, whole, format, chosen }: DrawingProps) {
  const { scheme, colours } = useTheme();
  const count = places.length;
  const layers = useMemo(() => layersOf(series, marks), [series, marks]);
  const values = valueAxis(highest(layers), PLOT_HEIGHT, whole);
  const right = width - MARGIN.left - MARGIN.right;
  const labels = labelled(count, right).map((index) => ({
    at: at(index),
    text: places[index]?.short ?? "",
  }));
  const shared = { layers, at, values, scheme };
  return (
    <Plot
      width={width}
      values={values}
      format={format}
      labels={labels}
      cursor={chosen === null ? undefined : at(chosen)}
    >
      {marks === "areas" && <Areas {...shared} edge={colours.surface} />}
      {marks === "lines" && <Lines {...shared} />}
      {marks === "bars" && <Bars {...shared} width={right / Math.max(1, count)} />}
    </Plot>
  );
}

/** From and to of each place, or null where nothing is known; one list for each series. */
type Layer = readonly (readonly [number, number] | null)[];

function layersOf(series: readonly Series[], marks: Marks): readonly Layer[] {
  if (marks !== "areas") {
    return series.map(({ values }) =>
      values.map((value): readonly [number, number] | null => (value === null ? null : [0, value])),
    );
  }
  const count = series[0]?.values.length ?? 0;
  const indexes = Array.from({ length: count }, (_, index) => index);
  const stacked = stack<number, Series>()
    .keys(series)
    .value((index, { values }) => values[index] ?? 0)(indexes);
  return stacked.map((layer) => layer.map(([low, high]) => [low, high] as const));
}

function highest(layers: readonly Layer[]): number {
  return Math.max(0, ...layers.flatMap((layer) => layer.map((each) => each?.[1] ?? 0)));
}

interface MarksProps {
  readonly layers: readonly Layer[];
  readonly at: (index: number) => number;
  readonly values: Axis;
  readonly scheme: Scheme;
}

function Areas({ layers, at, values, scheme, edge }: MarksProps & { readonly edge: string }) {
  return layers.map((layer, index) => {
    // One day alone is as wide as the line around it.
    const path = area<Layer[number]>()
      .x((_, place) => at(place))
      .y0((each) => values.at(each?.[0] ?? 0))
      .y1((each) => values.at(each?.[1] ?? 0))([...layer]);
    const colour = seriesColour(index, scheme);
    return (
      <Path
        key={index}
        d={path ?? ""}
        fill={colour}
        stroke={layer.length === 1 ? colour : edge}
        strokeWidth={layer.length === 1 ? 12 : 1}
      />
    );
  });
}

function Lines({ layers, at, values, scheme }: MarksProps) {
  return layers.map((layer, index) => {
    const path = line<Layer[number]>()
      .defined((each) => each !== null)
      .x((_, place) => at(place))
      .y((each) => values.at(each?.[1] ?? 0))([...layer]);
    const colour = seriesColour(index, scheme);
    return [
      <Path key={index} d={path ?? ""} fill="none" stroke={colour} strokeWidth={2} />,
      ...(layer.length > FEW ? [] : layer).map(
        (each, place) =>
          each !== null && (
            <Circle
              key={`${index}/${place}`}
              cx={at(place)}
              cy={values.at(each[1])}
              r={2.5}
              fill={colour}
            />
          ),
      ),
    ];
  });
}

function Bars({ layers, at, values, scheme, width }: MarksProps & { readonly width: number }) {
  const room = Math.max(1, Math.min(width * 0.8, 48));
  const each = room / Math.max(1, layers.length);
  return layers.flatMap((layer, index) =>
    layer.map(
      (bar, place) =>
        bar !== null &&
        bar[1] > 0 && (
          <Rect
            key={`${index}/${place}`}
            x={at(place) - room / 2 + index * each}
            y={values.at(bar[1])}
            width={each}
            height={values.at(0) - values.at(bar[1])}
            fill={seriesColour(index, scheme)}
          />
        ),
    ),
  );
}
