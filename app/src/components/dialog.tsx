/** Dialogs, questions before something is lost, and sheets from below. */

import { useId, type ReactNode } from "react";
import { Pressable, ScrollView, StyleSheet, View } from "react-native";
import { useSafeAreaInsets } from "react-native-safe-area-context";
import { radii, spacing, useLayout, useTheme } from "../theme";
import { useTexts } from "../utilities/texts";
import { onWeb } from "../utilities/web";
import { Button, IconButton } from "./button";
import { Layer } from "./layer";
import { Heading, Text } from "./text";

export interface DialogProps {
  readonly title: string;
  /** Escape, the back button, the cross, or a press beside it. */
  readonly onClose: () => void;
  readonly children?: ReactNode;
  /** The buttons below; the last one is what most people want. */
  readonly actions?: ReactNode;
  /** `dialog`: small phones show it over the whole screen. `sheet`: comes from below. */
  readonly kind?: "dialog" | "alert" | "sheet";
  /** In pixels, where there is room. */
  readonly width?: number;
  readonly testID?: string;
}

/** Rendered while open: `{open && <Dialog … />}`. The keyboard goes back where it was. */
export function Dialog({
  title,
  onClose,
  children,
  actions,
  kind = "dialog",
  ...rest
}: DialogProps) {
  const { colours, shadows } = useTheme();
  const texts = useTexts();
  const { layout, height } = useLayout();
  const insets = useSafeAreaInsets();
  const id = useId();
  const phone = layout === "phone";
  const full = phone && kind === "dialog";
  const place = kind === "sheet" ? styles.below : full ? styles.full : styles.middle;
  return (
    <Layer onClose={onClose}>
      <View style={[styles.all, place]} {...onWeb({ dataSet: { enter: kind } })}>
        <Pressable
          aria-hidden
          tabIndex={-1}
          onPress={onClose}
          style={[StyleSheet.absoluteFill, { backgroundColor: colours.scrim }]}
        />
        <View
          role={kind === "alert" ? "alertdialog" : "dialog"}
          aria-modal
          aria-label={title}
          testID={rest.testID}
          {...onWeb({ "aria-labelledby": id, tabIndex: -1, dataSet: { panel: kind } })}
          style={[
            styles.panel,
            { backgroundColor: colours.raised },
            shadows.menu,
            full
              ? {
                  paddingTop: insets.top,
                  paddingBottom: insets.bottom,
                  flex: 1,
                  alignSelf: "stretch",
                }
              : { maxHeight: height * 0.9, width: rest.width ?? 480, maxWidth: "100%" },
            kind === "sheet" && { borderBottomLeftRadius: 0, borderBottomRightRadius: 0 },
            kind === "sheet" && { paddingBottom: insets.bottom },
            !full && kind !== "sheet" && styles.rounded,
            kind === "sheet" && styles.sheet,
          ]}
        >
          <View style={styles.head}>
            <Heading level={2} nativeID={id} style={styles.grow}>
              {title}
            </Heading>
            {kind !== "alert" && (
              <IconButton icon="close" label={texts.kit.close} onPress={onClose} />
            )}
          </View>
          <ScrollView
            style={full ? styles.grow : styles.shrink}
            contentContainerStyle={styles.body}
            keyboardShouldPersistTaps="handled"
          >
            {children}
          </ScrollView>
          {actions !== undefined && (
            <View style={[styles.actions, { borderTopColor: colours.border }]}>{actions}</View>
          )}
        </View>
      </View>
    </Layer>
  );
}

/** A dialog that comes from below and is at the lower edge. */
export function Sheet(props: Omit<DialogProps, "kind">) {
  return <Dialog {...props} kind="sheet" />;
}

/** Asks before something is lost. */
export function ConfirmDialog({
  title,
  message,
  confirm,
  danger = false,
  busy = false,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  readonly message: string;
  /** The verb on the button: "Delete", not "OK". */
  readonly confirm: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}) {
  const texts = useTexts();
  return (
    <Dialog
      kind="alert"
      title={title}
      onClose={onClose}
      width={440}
      actions={
        <>
          <Button
            label={texts.kit.cancel}
            onPress={onClose}
            web={{ dataSet: { firstFocus: "" } }}
          />
          <Button
            label={confirm}
            kind={danger ? "danger" : "primary"}
            busy={busy}
            onPress={onConfirm}
          />
        </>
      }
    >
      <Text>{message}</Text>
      {children}
    </Dialog>
  );
}

const styles = StyleSheet.create({
  all: { flex: 1 },
  middle: { alignItems: "center", justifyContent: "center", padding: spacing.l },
  below: { alignItems: "center", justifyContent: "flex-end" },
  full: { alignItems: "stretch" },
  panel: { overflow: "hidden" },
  rounded: { borderRadius: radii.l },
  sheet: { borderTopLeftRadius: radii.l, borderTopRightRadius: radii.l },
  head: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.s,
    paddingLeft: spacing.xl,
    paddingRight: spacing.l,
    paddingTop: spacing.l,
    paddingBottom: spacing.s,
  },
  body: {
    paddingHorizontal: spacing.xl,
    paddingTop: spacing.xs,
    paddingBottom: spacing.xl,
    gap: spacing.l,
  },
  actions: {
    flexDirection: "row",
    flexWrap: "wrap",
    justifyContent: "flex-end",
    gap: spacing.s,
    paddingHorizontal: spacing.xl,
    paddingVertical: spacing.m,
    borderTopWidth: 1,
  },
  grow: { flex: 1 },
  shrink: { flexGrow: 0, flexShrink: 1 },
});
