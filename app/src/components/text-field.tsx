/** A field for text: its label, what helps to fill it in, and what is wrong with it. */

import { forwardRef, useEffect, useId, useImperativeHandle, useRef, useState } from "react";
import {
  StyleSheet,
  TextInput,
  View,
  type StyleProp,
  type TextInputProps,
  type ViewStyle,
} from "react-native";
import { radii, spacing, target, useTheme } from "../theme";
import { caretToEnd } from "../utilities/focus";
import { useTexts } from "../utilities/texts";
import { described, onWeb, type KeyEvent, type WebProps } from "../utilities/web";
import { writable } from "../utilities/writable";
import { IconButton, type Focusable } from "./button";
import { Icon, type IconName } from "./icon";
import { Text } from "./text";

export interface TextFieldProps {
  readonly label: string;
  /** The label is read out but not shown: where the place says what it is for (search). */
  readonly hideLabel?: boolean;
  readonly value: string;
  readonly onChangeText: (value: string) => void;
  readonly hint?: string;
  /** What is wrong with the value; shown and read out with the field. */
  readonly error?: string | null;
  readonly required?: boolean;
  /** Shows that the field may be left empty. */
  readonly optional?: boolean;
  readonly placeholder?: string;
  readonly icon?: IconName;
  /** Hides what is typed, with a button that shows it. */
  readonly password?: boolean;
  /** The number of lines shown; more can be written. */
  readonly lines?: number;
  readonly disabled?: boolean;
  /** It is there to be read and copied. */
  readonly readOnly?: boolean;
  readonly autoFocus?: boolean;
  /** What is there is to be typed over. */
  readonly selectOnFocus?: boolean;
  readonly autoComplete?: TextInputProps["autoComplete"];
  readonly autoCapitalize?: TextInputProps["autoCapitalize"];
  readonly inputMode?: TextInputProps["inputMode"];
  readonly onSubmit?: () => void;
  readonly onBlur?: () => void;
  readonly onFocus?: () => void;
  readonly onKeyDown?: (event: KeyEvent) => void;
  readonly testID?: string;
  /** What else the browser is to know of the field: `role`, `aria-controls`, … */
  readonly web?: WebProps;
  readonly style?: StyleProp<ViewStyle>;
}

export const TextField = forwardRef<Focusable, TextFieldProps>(function TextField(props, ref) {
  const { label, hint, error, password = false, lines = 1, disabled = false } = props;
  const { colours, type } = useTheme();
  const texts = useTexts();
  const input = useRef<TextInput>(null);
  const [shown, setShown] = useState(false);
  const [focused, setFocused] = useState(false);
  const id = useId();
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus() }));
  const { autoFocus = false } = props;
  useEffect(() => {
    if (autoFocus) caretToEnd(input.current);
  }, [autoFocus]);
  const wrong = error !== undefined && error !== null && error !== "";
  const description = [wrong ? `${id}-error` : "", hint === undefined ? "" : `${id}-hint`]
    .filter((each) => each !== "")
    .join(" ");
  return (
    <View style={[styles.field, props.style]}>
      {props.hideLabel !== true && (
        <Text variant="label" onPress={() => input.current?.focus()}>
          {label}
          {props.optional === true && (
            <Text variant="small" tone="textMuted">{` (${texts.kit.optional})`}</Text>
          )}
        </Text>
      )}
      <View
        style={[
          styles.box,
          { backgroundColor: colours.surface, borderColor: colours.borderStrong },
          wrong && { borderColor: colours.danger },
          focused && { borderColor: colours.focus, boxShadow: `0px 0px 0px 1px ${colours.focus}` },
          disabled && styles.disabled,
        ]}
        // On the web the field itself does not report its keys.
        {...onWeb({ onKeyDownCapture: props.onKeyDown })}
      >
        {props.icon !== undefined && <Icon name={props.icon} size={18} tone="textMuted" />}
        <TextInput
          ref={input}
          aria-label={label}
          {...described(description, wrong ? error : hint)}
          value={props.value}
          onChangeText={(text) => props.onChangeText(password ? text : writable(text, lines === 1))}
          editable={!disabled && props.readOnly !== true}
          secureTextEntry={password && !shown}
          multiline={lines > 1}
          numberOfLines={lines}
          placeholder={props.placeholder}
          placeholderTextColor={colours.textMuted}
          autoFocus={autoFocus}
          selectTextOnFocus={props.selectOnFocus}
          autoComplete={props.autoComplete}
          autoCapitalize={password ? "none" : props.autoCapitalize}
          inputMode={props.inputMode}
          onSubmitEditing={props.onSubmit}
          submitBehavior={lines > 1 ? "newline" : "submit"}
          // What React Native for Web knows instead: Enter leaves the keyboard where it is.
          blurOnSubmit={false}
          testID={props.testID}
          onFocus={() => {
            setFocused(true);
            props.onFocus?.();
          }}
          onBlur={() => {
            setFocused(false);
            props.onBlur?.();
          }}
          {...onWeb({
            "aria-invalid": wrong,
            "aria-required": props.required,
            // A layer asks for it: React gives the keyboard before what is over the page is there.
            dataSet: { field: "", ...(autoFocus ? { firstFocus: "" } : {}) },
            ...props.web,
          })}
          style={[
            styles.input,
            type.body,
            { fontFamily: type.family, color: colours.text },
            lines > 1 && styles.multiline,
            lines > 1 && { minHeight: lines * type.body.lineHeight + 2 * spacing.s },
          ]}
        />
        {password && (
          <IconButton
            icon={shown ? "eyeOff" : "eye"}
            label={shown ? texts.kit.hidePassword : texts.kit.showPassword}
            onPress={() => setShown(!shown)}
          />
        )}
      </View>
      <Notes id={id} error={wrong ? error : null} hint={hint} />
    </View>
  );
});

/** What is wrong, and what helps, below the field. */
function Notes({
  id,
  error,
  hint,
}: {
  readonly id: string;
  readonly error: string | null;
  readonly hint: string | undefined;
}) {
  return (
    <>
      {error !== null && (
        <View style={styles.error} nativeID={`${id}-error`}>
          <Icon name="warning" size={16} tone="danger" />
          <Text variant="small" tone="danger" role="alert" style={styles.grow}>
            {error}
          </Text>
        </View>
      )}
      {hint !== undefined && (
        <Text variant="small" tone="textMuted" nativeID={`${id}-hint`}>
          {hint}
        </Text>
      )}
    </>
  );
}

const styles = StyleSheet.create({
  field: { gap: spacing.xs },
  box: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.xs,
    minHeight: Math.max(40, target),
    paddingHorizontal: spacing.m,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  input: { flex: 1, minWidth: 0, paddingVertical: spacing.s },
  multiline: { textAlignVertical: "top" },
  disabled: { opacity: 0.6 },
  error: { flexDirection: "row", alignItems: "center", gap: spacing.xs },
  grow: { flex: 1 },
});
