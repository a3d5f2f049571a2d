/** The help sheet: every shortcut that works in the screen in view. `?` opens it. */

import { StyleSheet, View } from "react-native";
import { create } from "zustand";
import { Dialog } from "../components/dialog";
import { Heading, Text } from "../components/text";
import { radii, spacing, useTheme } from "../theme";
import { useShortcutGroups, useShortcuts } from "../utilities/shortcuts";
import { useTexts } from "../utilities/texts";

const useSheet = create<{ open: boolean }>()(() => ({ open: false }));

export function openShortcuts(): void {
  useSheet.setState({ open: true });
}

/** Belongs once into the app. */
export function ShortcutsSheet() {
  const texts = useTexts();
  const { open } = useSheet();
  const groups = useShortcutGroups();
  useShortcuts({
    title: texts.shortcuts.everywhere,
    shortcuts: [{ keys: "?", label: texts.shortcuts.help, run: openShortcuts }],
  });
  if (!open) return null;
  return (
    <Dialog title={texts.shortcuts.title} onClose={() => useSheet.setState({ open: false })}>
      {groups.map((group) => (
        <View key={group.title} style={styles.group}>
          <Heading level={3}>{group.title}</Heading>
          {group.shortcuts.map(({ keys, also = [], label }) => (
            <View key={keys} style={styles.line}>
              <Text variant="small" style={styles.grow}>
                {label}
              </Text>
              {[...also, keys].map((each) => (
                <Keys key={each} keys={each} />
              ))}
            </View>
          ))}
        </View>
      ))}
      <Text variant="small" tone="textMuted">
        {texts.shortcuts.general}
      </Text>
    </Dialog>
  );
}

function Keys({ keys }: { readonly keys: string }) {
  const { colours, type } = useTheme();
  const texts = useTexts();
  const names: Readonly<Record<string, string>> = texts.shortcuts.keys;
  return (
    <View style={styles.keys}>
      {keys.split(/\+(?=.)/u).map((key) => (
        <View
          key={key}
          style={[
            styles.key,
            { borderColor: colours.borderStrong, backgroundColor: colours.surface },
          ]}
        >
          <Text variant="caption" style={{ fontFamily: type.mono }}>
            {names[key] ?? key.toUpperCase()}
          </Text>
        </View>
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  group: { gap: spacing.s },
  line: { flexDirection: "row", alignItems: "center", gap: spacing.m, minHeight: 28 },
  keys: { flexDirection: "row", gap: spacing.xs },
  key: {
    minWidth: 26,
    minHeight: 26,
    alignItems: "center",
    justifyContent: "center",
    paddingHorizontal: spacing.s,
    borderWidth: 1,
    borderRadius: radii.s,
  },
  grow: { flex: 1 },
});
