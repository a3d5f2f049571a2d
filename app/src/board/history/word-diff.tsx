/** What became of a text, word by word. */

import { diffWordsWithSpace } from "diff/lib/diff/word.js";
import { useMemo } from "react";
import { StyleSheet } from "react-native";
import { Text } from "../../components";
import { radii, useTheme } from "../../theme";
import { onWeb } from "../../utilities/web";

/** Two texts with nothing in common are not compared for longer, in milliseconds. */
const PATIENCE = 200;
/** What stayed is shown this far around each change, in characters. */
const AROUND = 60;

export interface Piece {
  readonly text: string;
  readonly how: "kept" | "added" | "removed";
}

/** The pieces in order; long ones that stayed are shortened. */
export function piecesOf(old: string, now: string): readonly Piece[] {
  const found = diffWordsWithSpace(old, now, { timeout: PATIENCE });
  if (found === undefined) {
    return [
      { text: old, how: "removed" },
      { text: now, how: "added" },
    ];
  }
  return found.map(({ value, added, removed }, index) => {
    const how = added ? "added" : removed ? "removed" : "kept";
    return { text: how === "kept" ? shortened(value, index, found.length) : value, how };
  });
}

function shortened(text: string, index: number, count: number): string {
  if (text.length <= 3 * AROUND) {
    return text;
  }
  const begin = index === 0 ? "" : text.slice(0, AROUND);
  const end = index === count - 1 ? "" : text.slice(-AROUND);
  return `${begin} … ${end}`;
}

export function WordDiff({ old, now }: { readonly old: string; readonly now: string }) {
  const { colours } = useTheme();
  const pieces = useMemo(() => piecesOf(old, now), [old, now]);
  return (
    <Text variant="small">
      {pieces.map(({ text, how }, index) =>
        how === "kept" ? (
          text
        ) : (
          <Text
            key={index}
            variant="small"
            tone={how === "added" ? "onSuccessSoft" : "onDangerSoft"}
            {...onWeb({ role: how === "added" ? "insertion" : "deletion" })}
            style={[
              styles.changed,
              how === "added"
                ? { backgroundColor: colours.successSoft, textDecorationLine: "underline" }
                : { backgroundColor: colours.dangerSoft, textDecorationLine: "line-through" },
            ]}
          >
            {text}
          </Text>
        ),
      )}
    </Text>
  );
}

const styles = StyleSheet.create({ changed: { borderRadius: radii.s } });
