/** Chooses the days to report on. */

import { useState } from "react";
import { StyleSheet, View } from "react-native";
import { Button, SegmentedControl, TextField } from "../../components";
import { spacing } from "../../theme";
import type { Range } from "../../utilities/request-analytics";
import { useInsightsTexts } from "../../utilities/texts/insights";
import { faultOf, lastDays, PRESETS, type Preset } from "./ranges";

/** The last N days, or from one day to another. */
export type RangeChoice = Preset | Omit<Range, "tz">;

export function RangeForm({
  choice,
  today,
  onChange,
}: {
  readonly choice: RangeChoice;
  readonly today: string;
  readonly onChange: (choice: RangeChoice) => void;
}) {
  const texts = useInsightsTexts();
  const [own, setOwn] = useState(typeof choice !== "string");
  const options = [...PRESETS, "own" as const].map((value) => ({
    value,
    label: texts.ranges[value],
  }));
  const before = typeof choice === "string" ? lastDays(choice, today) : choice;
  return (
    <View style={styles.form}>
      <SegmentedControl
        label={texts.range}
        hideLabel
        options={options}
        value={own || typeof choice !== "string" ? "own" : choice}
        onChange={(value) => {
          setOwn(value === "own");
          if (value !== "own") onChange(value);
        }}
      />
      {own && <OwnDays before={before} today={today} onChange={onChange} />}
    </View>
  );
}

function OwnDays({
  before,
  today,
  onChange,
}: {
  readonly before: Omit<Range, "tz">;
  readonly today: string;
  readonly onChange: (range: Omit<Range, "tz">) => void;
}) {
  const texts = useInsightsTexts();
  const [from, setFrom] = useState(before.from);
  const [to, setTo] = useState(before.to);
  const [asked, setAsked] = useState(false);
  const fault = faultOf(from, to, today);
  const told = asked ? fault : null;
  const show = () => {
    setAsked(true);
    if (fault === null) onChange({ from, to });
  };
  const { dayWrong, orderWrong: order, tooLong, early, toCome } = texts;
  const words = { from: dayWrong, order, tooLong, early, toCome };
  return (
    <View style={styles.own}>
      <TextField
        label={texts.from}
        hint={texts.dayHint}
        value={from}
        onChangeText={setFrom}
        error={told === null || told === "to" ? undefined : words[told]}
        onSubmit={show}
        style={styles.day}
      />
      <TextField
        label={texts.to}
        hint={texts.dayHint}
        value={to}
        onChangeText={setTo}
        error={told === "to" ? dayWrong : undefined}
        onSubmit={show}
        style={styles.day}
      />
      <Button label={texts.show} onPress={show} />
    </View>
  );
}

const styles = StyleSheet.create({
  form: { gap: spacing.m, flexShrink: 1 },
  own: { flexDirection: "row", flexWrap: "wrap", alignItems: "flex-end", gap: spacing.m },
  day: { flexBasis: 150, flexGrow: 1 },
});
