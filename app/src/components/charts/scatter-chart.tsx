/** Single things by when they ended and how long they took, with lines at percentiles. */

import { useState } from "react";
import { View } from "react-native";
import { Circle, Line } from "react-native-svg";
import { useTheme, type Scheme } from "../../theme";
import { ChartReader } from "./chart-reader";
import { Figure, Legend, type FigureProps } from "./figure";
import { timeAxis, valueAxis, type Axis } from "./geometry";
import { seriesColour } from "./palette";
import { MARGIN, Plot, PLOT_HEIGHT } from "./plot";

export interface Dot {
  readonly key: string;
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

export interface Mark {
  readonly label: string;
  readonly value: number;
}

interface ScatterChartProps extends FigureProps {
  /** By time, the oldest first. */
  readonly dots: readonly Dot[];
  readonly marks: readonly Mark[];
  /** What the values are: "Cycle time". */
  readonly valueName: string;
  readonly from: number;
  readonly to: number;
  readonly format: (value: number) => string;
  readonly formatTime: (at: number) => string;
}

/** The dots have the first colour. */
function markColour(index: number, scheme: Scheme): string {
  return seriesColour(index + 1, scheme);
}

export function ScatterChart({
  dots,
  marks,
  valueName,
  from,
  to,
  format,
  formatTime,
  ...figure
}: ScatterChartProps) {
  const { scheme } = useTheme();
  const [chosen, setChosen] = useState<number | null>(null);
  const at = Math.min(chosen ?? Infinity, dots.length - 1);
  const here = dots[at];
  const colour = seriesColour(0, scheme);
  const value = here === undefined ? "" : format(here.value);
  return (
    <Figure {...figure}>
      {(width) => {
        const time = timeAxis(from, to, width - MARGIN.left - MARGIN.right);
        return (
          <>
            <View>
              <Drawing
                {...{ width, dots, marks, time, format, formatTime }}
                chosen={chosen === null ? null : at}
              />
              <ChartReader
                title={figure.title}
                words={here === undefined ? "" : `${here.label}, ${formatTime(here.at)}: ${value}`}
                count={dots.length}
                at={at}
                place={(index) => time.at(dots[index]?.at ?? from)}
                left={MARGIN.left}
                onRead={setChosen}
              />
            </View>
            <Legend
              place={here === undefined ? undefined : `${here.label}, ${formatTime(here.at)}`}
              entries={[
                { key: "value", label: valueName, colour, value },
                ...marks.map(({ label }, index) => ({
                  key: label,
                  label,
                  colour: markColour(index, scheme),
                })),
              ]}
            />
          </>
        );
      }}
    </Figure>
  );
}

function Drawing({
  width,
  dots,
  marks,
  time,
  format,
  formatTime,
  chosen,
}: Pick<ScatterChartProps, "dots" | "marks" | "format" | "formatTime"> & {
  readonly width: number;
  readonly time: Axis;
  readonly chosen: number | null;
}) {
  const { scheme, colours } = useTheme();
  const right = width - MARGIN.left - MARGIN.right;
  const highest = Math.max(
    0,
    ...dots.map(({ value }) => value),
    ...marks.map((each) => each.value),
  );
  const values = valueAxis(highest, PLOT_HEIGHT, false);
  const labels = time.ticks.map((tick) => ({ at: time.at(tick), text: formatTime(tick) }));
  return (
    <Plot width={width} values={values} format={format} labels={labels}>
      {marks.map(({ label, value }, index) => (
        <Line
          key={label}
          x1={0}
          x2={right}
          y1={values.at(value)}
          y2={values.at(value)}
          stroke={markColour(index, scheme)}
          strokeWidth={1.5}
          // Where lines overlap all stay visible.
          strokeDasharray="6 6"
          strokeDashoffset={4 * index}
        />
      ))}
      {dots.map(({ key, at, value }, index) => (
        <Circle
          key={key}
          cx={time.at(at)}
          cy={values.at(value)}
          r={index === chosen ? 6 : 3.5}
          fill={seriesColour(0, scheme)}
          fillOpacity={index === chosen ? 1 : 0.75}
          stroke={index === chosen ? colours.text : colours.surface}
          strokeWidth={index === chosen ? 2 : 0.5}
        />
      ))}
    </Plot>
  );
}
