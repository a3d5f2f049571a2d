/** One of many: the browser's own control, which every keyboard, phone and screen reader knows. */

import { useId } from "react";
import { StyleSheet, View } from "react-native";
import { radii, spacing, target, useTheme } from "../theme";
import { Icon } from "./icon";
import { SelectNotes, type SelectProps } from "./select-notes";
import { Text } from "./text";

export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, options, value, onChange, disabled = false, error, hint } = props;
  const { colours, type } = useTheme();
  const id = useId();
  const wrong = error !== undefined && error !== null && error !== "";
  return (
    <View style={[styles.field, props.style]}>
      {props.hideLabel !== true && (
        <label htmlFor={id}>
          <Text variant="label">{label}</Text>
        </label>
      )}
      <View>
        <select
          id={id}
          aria-label={props.hideLabel === true ? label : undefined}
          aria-invalid={wrong || undefined}
          aria-describedby={wrong || hint !== undefined ? `${id}-note` : undefined}
          value={value}
          disabled={disabled}
          onChange={(event) => {
            const option = options.find((each) => each.value === event.target.value);
            if (option !== undefined) onChange(option.value);
          }}
          style={{
            appearance: "none",
            width: "100%",
            minHeight: Math.max(40, target),
            padding: `0 36px 0 ${spacing.m}px`,
            margin: 0,
            borderWidth: 1,
            borderStyle: "solid",
            borderRadius: radii.m,
            borderColor: wrong ? colours.danger : colours.borderStrong,
            backgroundColor: colours.surface,
            color: colours.text,
            fontFamily: type.family,
            fontSize: type.body.fontSize,
            textOverflow: "ellipsis",
            opacity: disabled ? 0.6 : 1,
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <View style={styles.arrow} pointerEvents="none">
          <Icon name="down" size={18} tone="textMuted" />
        </View>
      </View>
      <SelectNotes hint={hint} error={error} id={`${id}-note`} />
    </View>
  );
}

const styles = StyleSheet.create({
  field: { gap: spacing.xs },
  arrow: { position: "absolute", right: spacing.m, top: 0, bottom: 0, justifyContent: "center" },
});
