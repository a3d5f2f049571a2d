/** The ground of a chart: lines across with their values, labels below, and what is drawn on it. */

import type { ReactNode } from "react";
import { G, Line, Svg, Text as SvgText } from "react-native-svg";
import { useTheme } from "../../theme";
import type { Axis } from "./geometry";

/** Room around the plot, in pixels. */
export const MARGIN = { top: 8, right: 12, bottom: 24, left: 44 };
export const HEIGHT = 220;
/** From the top line of the plot to its ground, in pixels. */
export const PLOT_HEIGHT = HEIGHT - MARGIN.top - MARGIN.bottom;

export interface Label {
  /** In pixels from the left edge of the plot. */
  readonly at: number;
  readonly text: string;
}

export function Plot({
  width,
  values,
  format,
  labels,
  cursor,
  children,
}: {
  /** Of the whole, in pixels. */
  readonly width: number;
  readonly values: Axis;
  readonly format: (value: number) => string;
  readonly labels: readonly Label[];
  /** Where the place that is read is, in pixels from the left edge of the plot. */
  readonly cursor?: number;
  readonly children: ReactNode;
}) {
  const { colours, type } = useTheme();
  const right = width - MARGIN.left - MARGIN.right;
  const text = { fontSize: 12, fontFamily: type.family, fill: colours.textMuted };
  return (
    <Svg width={width} height={HEIGHT} aria-hidden>
      <G x={MARGIN.left} y={MARGIN.top}>
        {values.ticks.map((tick) => (
          <G key={tick} y={values.at(tick)}>
            <Line x1={0} x2={right} y1={0} y2={0} stroke={colours.border} strokeWidth={1} />
            <SvgText x={-8} y={4} textAnchor="end" {...text}>
              {format(tick)}
            </SvgText>
          </G>
        ))}
        {children}
        {cursor !== undefined && (
          <Line
            x1={cursor}
            x2={cursor}
            y1={0}
            y2={PLOT_HEIGHT}
            stroke={colours.text}
            strokeWidth={1}
            strokeDasharray="3 3"
          />
        )}
        {labels.map(({ at, text: words }, index) => (
          <SvgText
            key={index}
            x={at}
            y={PLOT_HEIGHT + 17}
            // What is at an edge stays within.
            textAnchor={at < 24 ? "start" : at > right - 24 ? "end" : "middle"}
            {...text}
          >
            {words}
          </SvgText>
        ))}
      </G>
    </Svg>
  );
}
