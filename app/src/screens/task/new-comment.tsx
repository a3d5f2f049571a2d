/** A comment being written: Ctrl+Enter sends it; until then the draft is kept. */

import { StyleSheet, View } from "react-native";
import { Button, TextField } from "../../components";
import { useDraft } from "../../state/drafts";
import { spacing } from "../../theme";
import { pressedKey } from "../../utilities/keys";
import { LIMITS, lengthOf } from "../../utilities/limits";
import { trimmedLines } from "../../utilities/lines";
import { useTexts } from "../../utilities/texts";
import { canBeSeen } from "../../utilities/visible";
import type { TaskPartProps } from "./task-part";

export function NewComment({ board, task }: TaskPartProps) {
  const { task: texts, kit } = useTexts();
  const draft = useDraft({ address: board.address, task: task.id, field: "comment" }, "");
  const body = trimmedLines(draft.value);
  const length = lengthOf(body);
  const tooLong = length > LIMITS.comment;
  const send = () => {
    if (canBeSeen(body) && !tooLong) {
      board.addComment(task.id, body);
      draft.clear();
    }
  };
  return (
    <View style={styles.all}>
      <TextField
        label={texts.writeComment}
        hideLabel
        placeholder={texts.writeComment}
        hint={texts.commentHint}
        error={tooLong ? kit.tooLong(length, LIMITS.comment) : null}
        lines={3}
        value={draft.value}
        onChangeText={draft.set}
        onKeyDown={(event) => {
          if (pressedKey(event) === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            send();
          }
        }}
      />
      <Button
        kind="primary"
        size="small"
        label={texts.addComment}
        disabled={!canBeSeen(body) || tooLong}
        onPress={send}
        style={styles.send}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  all: { gap: spacing.s },
  send: { alignSelf: "flex-start" },
});
