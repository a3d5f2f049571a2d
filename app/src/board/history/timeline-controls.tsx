/** Below a board of the past: which moment it is, and what leads to others. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button, IconButton, Select, Text } from "../../components";
import { useWordContext } from "../activity/activity-panel";
import { eventWords } from "../activity/event-words";
import { useNow } from "../../components/use-now";
import type { OpenBoard } from "../../sync";
import { useHeadField } from "../../state/hooks";
import type { Moment, Past } from "../../state/past";
import type { PastBoard } from "../../state/past-board";
import { spacing, useLayout, useTheme } from "../../theme";
import { useHistoryTexts } from "../../utilities/texts/history";
import { useFormats } from "../../utilities/texts/formats";
import { GoToDay } from "./go-to-day";
import { useMoments } from "./moment-words";
import { Slider } from "./slider";
import { SPEEDS, type Player } from "./use-player";

export function TimelineControls({
  live,
  past,
  player,
  board,
  moment,
}: {
  readonly live: OpenBoard;
  readonly past: Past;
  readonly player: Player;
  readonly board: PastBoard;
  readonly moment: Moment;
}) {
  const { colours } = useTheme();
  const texts = useHistoryTexts();
  const phone = useLayout().layout === "phone";
  const words = useMomentWords(player, board, moment);
  // The slider says its moments itself; while it plays nobody could listen to each.
  const [spoken, setSpoken] = useState(false);
  const [asking, setAsking] = useState(false);
  const go = (seq: number, speak: boolean) => {
    setSpoken(speak);
    player.go(seq);
  };
  return (
    <View
      role="group"
      aria-label={texts.moment}
      style={[styles.all, { backgroundColor: colours.surface, borderColor: colours.border }]}
    >
      <Text
        variant={phone ? "small" : "body"}
        numberOfLines={3}
        role="status"
        aria-live={spoken && !player.playing ? "polite" : "off"}
      >
        {words}
      </Text>
      <Slider
        label={texts.moment}
        min={player.first}
        max={player.last}
        value={player.seq}
        valueText={words}
        onValue={(seq) => go(seq, false)}
      />
      <View style={styles.row}>
        <IconButton
          icon="back"
          label={texts.stepBack}
          disabled={player.seq === player.first}
          onPress={() => go(player.seq - 1, true)}
        />
        <Button
          kind="primary"
          size="small"
          label={player.playing ? texts.pause : texts.play}
          onPress={player.playing ? player.pause : player.play}
        />
        <IconButton
          icon="forward"
          label={texts.stepForth}
          disabled={player.seq === player.last}
          onPress={() => go(player.seq + 1, true)}
        />
        <Select
          label={texts.speed}
          hideLabel
          options={SPEEDS.map((speed) => ({ value: String(speed), label: texts.speedOf(speed) }))}
          value={String(player.speed)}
          onChange={(chosen) =>
            player.setSpeed(SPEEDS.find((speed) => String(speed) === chosen) ?? SPEEDS[0])
          }
        />
        <IconButton icon="calendar" label={texts.goToDay} onPress={() => setAsking(true)} />
        <View style={styles.grow} />
        <Newer live={live} last={player.last} />
      </View>
      {asking && (
        <GoToDay past={past} onGo={(seq) => go(seq, true)} onClose={() => setAsking(false)} />
      )}
    </View>
  );
}

/** `Tue 14:05: Ada moved …`; while the moment is read, which one it is. */
function useMomentWords(player: Player, board: PastBoard, moment: Moment): string {
  const texts = useHistoryTexts();
  const context = useWordContext(board);
  const { number } = useFormats();
  const when = useMoments();
  const now = useNow();
  const { seq, first, last } = player;
  const place = texts.placeOf(number(seq - first), number(last - first));
  if (moment.seq !== seq) {
    return place;
  }
  const beginning = first === 0 ? texts.began : texts.beganLater;
  // An admin who is not a member sees when, and not what.
  const words =
    moment.event === null ? seq === first && beginning : eventWords(moment.event, context);
  const what = words === false ? "" : `: ${words}`;
  return `${when(moment.at, now)}${what} (${place})`;
}

/** How much has happened since: it is announced, and moves nothing. */
function Newer({ live, last }: { readonly live: OpenBoard; readonly last: number }) {
  const texts = useHistoryTexts();
  const newer = (useHeadField(live, "seq") ?? last) - last;
  return newer > 0 ? (
    <Text variant="caption" tone="textMuted">
      {texts.newer(newer)}
    </Text>
  ) : null;
}

const styles = StyleSheet.create({
  all: {
    gap: spacing.xs,
    paddingHorizontal: spacing.l,
    paddingVertical: spacing.s,
    borderTopWidth: 1,
  },
  row: { flexDirection: "row", flexWrap: "wrap", alignItems: "center", gap: spacing.s },
  grow: { flex: 1 },
});
