/**
 * Shows the toasts, reads them out politely, and lets them go after their time. They have a strip of
 * their own below the page, which gives them the room: so they cover nothing, neither a board's head nor
 * the forms of its columns nor a task's panel.
 */

import { useEffect, useRef, useState } from "react";
import { StyleSheet, View } from "react-native";
import { useSafeAreaInsets } from "react-native-safe-area-context";
import { dismissToast, useToasts, type Toast, type ToastTone } from "../state/toasts";
import { radii, spacing, useLayout, useTheme } from "../theme";
import { elapsed } from "../utilities/elapsed";
import { useTexts } from "../utilities/texts";
import { onWeb } from "../utilities/web";
import { Button, IconButton } from "./button";
import { Icon, type IconName } from "./icon";
import { Text } from "./text";
import { keepRoom, TopLayer } from "./top-layer";

/** Belongs once into the app, below its navigation. */
export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  const insets = useSafeAreaInsets();
  const texts = useTexts();
  const { low } = useLayout();
  // The newest alone where more would leave the page no room.
  const shown = toasts.slice(low ? -1 : 0);
  return (
    <TopLayer>
      <View
        role="region"
        aria-label={texts.kit.notifications}
        onLayout={({ nativeEvent }) => keepRoom(nativeEvent.layout.height)}
        style={[styles.all, shown.length > 0 && [styles.some, { marginBottom: insets.bottom }]]}
      >
        <View aria-live="polite" style={styles.list}>
          {shown.map((toast) => (
            <ToastCard key={toast.id} toast={toast} />
          ))}
        </View>
      </View>
    </TopLayer>
  );
}

const icons: Record<ToastTone, IconName> = {
  neutral: "info",
  success: "check",
  warning: "warning",
  danger: "warning",
};

function ToastCard({ toast }: { readonly toast: Toast }) {
  const { colours, shadows } = useTheme();
  const texts = useTexts();
  const [held, setHeld] = useState(false);
  const left = useRef(toast.lasts);
  useEffect(() => {
    if (held) return;
    const started = elapsed();
    const timer = setTimeout(() => dismissToast(toast.id), left.current);
    return () => {
      clearTimeout(timer);
      left.current = Math.max(1_000, left.current - (elapsed() - started));
    };
  }, [held, toast.id]);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <View
      {...onWeb({
        onMouseEnter: hold,
        onMouseLeave: release,
        onFocus: hold,
        onBlur: release,
        dataSet: { panel: "toast" },
      })}
      style={[styles.toast, { backgroundColor: colours.inverse }, shadows.menu]}
    >
      <Icon name={icons[toast.tone]} tone="onInverse" />
      <Text variant="small" tone="onInverse" style={styles.grow}>
        {toast.text}
      </Text>
      {toast.action !== null && (
        <ToastAction
          label={toast.action.label}
          onPress={() => {
            dismissToast(toast.id);
            toast.action?.onPress();
          }}
        />
      )}
      <IconButton
        icon="close"
        size={16}
        tone="onInverse"
        label={texts.kit.dismiss}
        onPress={() => dismissToast(toast.id)}
      />
    </View>
  );
}

function ToastAction({ label, onPress }: { readonly label: string; readonly onPress: () => void }) {
  return <Button kind="inverse" size="small" label={label} onPress={onPress} />;
}

const styles = StyleSheet.create({
  all: { alignItems: "center" },
  some: { paddingHorizontal: spacing.s, paddingVertical: spacing.xs },
  list: { gap: spacing.s, maxWidth: 520, width: "100%" },
  toast: {
    flexDirection: "row",
    // On a narrow screen the buttons go below the words.
    flexWrap: "wrap",
    justifyContent: "flex-end",
    alignItems: "center",
    gap: spacing.s,
    paddingLeft: spacing.l,
    paddingRight: spacing.s,
    paddingVertical: spacing.s,
    borderRadius: radii.m,
  },
  grow: { flexGrow: 1, flexShrink: 1, flexBasis: 160, minWidth: 0 },
});
