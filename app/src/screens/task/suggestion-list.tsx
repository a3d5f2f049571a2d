/** What is suggested below a field: chosen by arrows and Enter in the field, or pressed. */

import { Pressable, StyleSheet, View } from "react-native";
import { Text } from "../../components";
import { radii, spacing, target, useTheme } from "../../theme";
import { onWeb, pressedBySpace } from "../../utilities/web";

export function SuggestionList({
  id,
  label,
  options,
  at,
  onChoose,
}: {
  /** Of the list; the options' are `ID-0`, `ID-1`, … */
  readonly id: string;
  readonly label: string;
  readonly options: readonly { readonly name: string; readonly words: string }[];
  /** The one that the keyboard has reached; -1: none. */
  readonly at: number;
  readonly onChoose: (name: string) => void;
}) {
  const { colours, shadows } = useTheme();
  return (
    <View
      {...onWeb({ role: "listbox" })}
      nativeID={id}
      aria-label={label}
      style={[
        styles.list,
        shadows.menu,
        { backgroundColor: colours.raised, borderColor: colours.border },
      ]}
    >
      {options.map(({ name, words }, index) => (
        <Pressable
          key={words}
          role="option"
          nativeID={`${id}-${index}`}
          aria-label={words}
          aria-selected={index === at}
          onPress={() => onChoose(name)}
          {...pressedBySpace(() => onChoose(name))}
          // The keyboard stays in the field; leaving it would close the list under the pointer.
          {...onWeb({ tabIndex: -1, onMouseDown: (event) => event.preventDefault() })}
          style={({ hovered }: { pressed: boolean; hovered?: boolean }) => [
            styles.option,
            (hovered === true || index === at) && { backgroundColor: colours.pressed },
          ]}
        >
          <Text variant="small" numberOfLines={1}>
            {words}
          </Text>
        </Pressable>
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  list: {
    position: "absolute",
    top: "100%",
    left: 0,
    right: 0,
    zIndex: 1,
    marginTop: spacing.xxs,
    padding: spacing.xs,
    borderWidth: 1,
    borderRadius: radii.m,
  },
  option: {
    minHeight: target,
    justifyContent: "center",
    paddingHorizontal: spacing.s,
    borderRadius: radii.s,
  },
});
