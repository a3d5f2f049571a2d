/** Changes that a board which is gone never took: what they were, to be copied before they are let go. */

import { StyleSheet, View } from "react-native";
import { type OpenBoard, type UnsentChange, unsentChanges } from "../../sync";
import { useReading, useTroubles } from "../../state/hooks";
import { radii, spacing, useTheme } from "../../theme";
import { copyText } from "../../utilities/clipboard";
import { useTexts } from "../../utilities/texts";
import { Button } from "../../components/button";
import { Heading, Text } from "../../components/text";
import { toast } from "../../state/toasts";
import { useWordContext } from "../activity/activity-panel";
import type { WordContext } from "../activity/event-words";
import { fieldName, valueWords } from "./value-words";

export function UnsentChanges({ board }: { readonly board: OpenBoard }) {
  const { colours } = useTheme();
  const texts = useTexts().board;
  const context = useWordContext(board);
  useTroubles(board);
  useReading(board, () => board.queued());
  const unsent = unsentChanges(board);
  if (unsent.length === 0) {
    return null;
  }
  const words = unsent.map((change) => changeWords(change, context));
  const copy = () => {
    const all = words.map(({ head, lines }) => [head, ...lines].join("\n")).join("\n\n");
    void copyText(all).then((copied) => {
      toast(copied ? texts.unsentCopied : texts.unsentNotCopied);
    });
  };
  return (
    <View
      role="group"
      aria-label={texts.unsent(unsent.length)}
      style={[styles.all, { borderColor: colours.borderStrong, backgroundColor: colours.surface }]}
    >
      <Heading level={2} look={3}>
        {texts.unsent(unsent.length)}
      </Heading>
      <Text tone="textMuted">{texts.unsentHint}</Text>
      <View role="list" style={styles.list}>
        {words.map(({ id, head, lines }) => (
          <View key={id} role="listitem">
            <Text variant="strong" selectable>
              {head}
            </Text>
            {lines.map((line) => (
              <Text key={line} variant="small" selectable>
                {line}
              </Text>
            ))}
          </View>
        ))}
      </View>
      <View style={styles.actions}>
        <Button kind="primary" label={texts.unsentCopy} onPress={copy} />
        <Button kind="quiet" label={texts.unsentDiscard} onPress={() => board.abandon()} />
      </View>
    </View>
  );
}

function changeWords({ id, kind, subject, values }: UnsentChange, context: WordContext) {
  const { texts } = context;
  const lines = Object.entries(values).map(
    ([field, value]) => `${fieldName(field, texts)}: ${valueWords(field, value, context)}`,
  );
  return { id, head: texts.unsentKinds[kind ?? "change"](subject), lines };
}

const styles = StyleSheet.create({
  all: {
    alignSelf: "center",
    width: "100%",
    maxWidth: 640,
    borderWidth: 1,
    borderRadius: radii.m,
    padding: spacing.l,
    gap: spacing.m,
  },
  list: { gap: spacing.m },
  actions: { flexDirection: "row", flexWrap: "wrap", gap: spacing.s },
});
