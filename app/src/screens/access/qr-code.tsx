/** A text as a QR code, dark upon light whatever the theme: scanners want it so. */

import { StyleSheet, View } from "react-native";
import { encode } from "uqr";
import { radii } from "../../theme";

/** Of a module, in pixels: whole ones, so that no seams show. */
const SIDE = 4;
/** What scanners need around it, in modules. */
const BORDER = 4;

interface Run {
  readonly x: number;
  readonly y: number;
  readonly length: number;
}

/** Dark modules that are side by side. */
function runsOf(row: readonly boolean[], y: number): Run[] {
  const runs: Run[] = [];
  row.forEach((dark, x) => {
    const last = runs.at(-1);
    if (!dark) return;
    if (last !== undefined && last.x + last.length === x) {
      runs[runs.length - 1] = { ...last, length: last.length + 1 };
    } else {
      runs.push({ x, y, length: 1 });
    }
  });
  return runs;
}

/**
 * Of Views: with react-native-svg, the first visit would load that for every part that draws.
 *
 * @param label what it is, for screen readers
 */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { ecc: "M", border: BORDER });
  return (
    <View
      role="img"
      aria-label={label}
      style={[styles.paper, { width: size * SIDE, height: size * SIDE }]}
    >
      {data.flatMap(runsOf).map(({ x, y, length }) => (
        <View
          key={`${x},${y}`}
          style={[styles.dark, { left: x * SIDE, top: y * SIDE, width: length * SIDE }]}
        />
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  paper: {
    alignSelf: "center",
    backgroundColor: "#ffffff",
    borderRadius: radii.m,
    overflow: "hidden",
  },
  dark: { position: "absolute", height: SIDE, backgroundColor: "#000000" },
});
