/** How true the board is right now: live, behind, or offline with changes waiting. */

import { StyleSheet, View } from "react-native";
import { useConnection, useWaiting } from "../../state/hooks";
import type { Connection } from "../../state/types";
import { useTexts, type Catalogue } from "../../utilities/texts";
import { Badge, type BadgeTone } from "../avatar";
import { IconButton } from "../button";
import type { IconName } from "../icon";
import { useBoardParts } from "./board-context";

/** @param waiting how many changes are not acknowledged */
export function connectionWords(
  connection: Connection,
  waiting: number,
  texts: Catalogue["board"],
): { words: string; tone: BadgeTone; icon: IconName } {
  switch (connection.state) {
    case "live":
      return waiting > 0
        ? { words: texts.sending(waiting), tone: "info", icon: "upload" }
        : { words: texts.live, tone: "success", icon: "bolt" };
    case "connecting":
      return { words: texts.connecting, tone: "info", icon: "refresh" };
    case "catching-up":
      return {
        words: connection.behind > 0 ? texts.behind(connection.behind) : texts.catchingUp,
        tone: "warning",
        icon: "refresh",
      };
    case "offline":
      return {
        words: waiting > 0 ? texts.offlineWaiting(waiting) : texts.offline,
        tone: "danger",
        icon: "offline",
      };
    default:
      return { words: texts.stopped, tone: "danger", icon: "warning" };
  }
}

export function ConnectionBadge() {
  const { board } = useBoardParts();
  const texts = useTexts().board;
  const connection = useConnection(board);
  const waiting = useWaiting(board);
  const { words, tone, icon } = connectionWords(connection, waiting, texts);
  return (
    <View style={styles.row}>
      <View role="status" aria-live="polite" testID="connection">
        <Badge tone={tone} icon={icon} label={words} />
      </View>
      {connection.state === "offline" && (
        <IconButton
          icon="refresh"
          size={16}
          label={texts.reconnect}
          onPress={() => board.reconnect()}
        />
      )}
    </View>
  );
}

const styles = StyleSheet.create({ row: { flexDirection: "row", alignItems: "center", gap: 4 } });
