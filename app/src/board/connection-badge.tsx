/** How true the board is right now, and what becomes of the changes that wait. */

import { StyleSheet, View } from "react-native";
import { useConnection, useStall, useWaiting } from "../state/hooks";
import { useSession } from "../state/session";
import type { Connection, Stall } from "../sync";
import { clock, useCountdown } from "../utilities/countdown";
import { useTexts, type Catalogue } from "../utilities/texts";
import { Badge, type BadgeTone } from "../components/avatar";
import { IconButton } from "../components/button";
import type { IconName } from "../components/icon";
import { Text } from "../components/text";
import { useBoardParts } from "./board-context";

interface Words {
  readonly words: string;
  readonly tone: BadgeTone;
  readonly icon: IconName;
}

/** How things are with what is to be sent. */
export interface Waiting {
  /** How many changes are not acknowledged. */
  readonly count: number;
  /** Nothing is sent before somebody logs in again. */
  readonly expired?: boolean;
  readonly stall?: Stall | null;
}

export function connectionWords(
  connection: Connection,
  waiting: Waiting,
  texts: Catalogue["board"],
): Words {
  return waitingWords(connection, waiting, texts) ?? liveWords(connection, waiting.count, texts);
}

/** What the live connection cannot know: why nothing goes out. */
function waitingWords(
  { state }: Connection,
  { count, expired = false, stall = null }: Waiting,
  texts: Catalogue["board"],
): Words | null {
  if (count === 0) {
    return null;
  }
  if (expired) {
    return { words: texts.logInToSend(count), tone: "warning", icon: "warning" };
  }
  if (stall === null || state === "offline" || state === "stopped") {
    return null;
  }
  const words = stall.status === null ? texts.stalled(count) : texts.refusedForNow(count);
  return { words, tone: "danger", icon: "warning" };
}

function liveWords(connection: Connection, waiting: number, texts: Catalogue["board"]): Words {
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
      if (connection.crowded === true) {
        return { words: texts.tooManyConnections, tone: "danger", icon: "warning" };
      }
      return {
        words: waiting > 0 ? texts.offlineWaiting(waiting) : texts.offline,
        tone: "danger",
        icon: "offline",
      };
    default:
      return { words: texts.stopped, tone: "danger", icon: "warning" };
  }
}

/** @param compact its sign alone; the words are read out */
export function ConnectionBadge({ compact = false }: { readonly compact?: boolean }) {
  const { board } = useBoardParts();
  const texts = useTexts().board;
  const connection = useConnection(board);
  const count = useWaiting(board);
  const stall = useStall(board);
  const isExpired = useSession(({ status }) => status === "expired");
  const expired = isExpired && board.address.mode === "teams";
  const { words, tone, icon } = connectionWords(connection, { count, expired, stall }, texts);
  const isStalled = stall !== null && count > 0 && !expired && connection.state !== "stopped";
  const seconds = useCountdown(isStalled ? stall.retryAt : null);
  return (
    <View style={styles.row}>
      <View role="status" aria-live="polite" testID="connection" style={styles.words}>
        <Badge tone={tone} icon={icon} label={words} hideLabel={compact} />
      </View>
      {isStalled && seconds > 0 && (
        <Text variant="caption" tone="textMuted">
          {texts.nextTry(clock(seconds))}
        </Text>
      )}
      {(connection.state === "offline" || isStalled) && (
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

const styles = StyleSheet.create({
  row: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: 4, maxWidth: "100%" },
  words: { flexShrink: 1 },
});
