/** A menu that opens at its button: arrows, Home, End, type-ahead, Escape. */

import { forwardRef, useEffect, useRef, useState, type ReactNode } from "react";
import { Pressable, ScrollView, StyleSheet, View } from "react-native";
import { radii, spacing, target, useLayout, useTheme } from "../theme";
import { pressedKey } from "../utilities/keys";
import { onWeb, pressedBySpace, useKeyDown, type KeyEvent, type WebProps } from "../utilities/web";
import { Button, IconButton, type ButtonKind, type Focusable } from "./button";
import { Icon, type IconName } from "./icon";
import { Layer } from "./layer";
import { Text } from "./text";

export interface MenuItem {
  readonly key: string;
  readonly label: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Given: the item is one of several to choose, or can be switched. */
  readonly checked?: boolean;
  /** One of several that may be chosen together: the menu stays open. */
  readonly stays?: boolean;
  readonly onPress: () => void;
}

/** What the button that opens a menu is given. */
export interface MenuOpener {
  readonly onPress: () => void;
  readonly expanded: boolean;
  readonly web: WebProps;
}

export interface MenuProps {
  /** Names the button, and the menu. */
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** An icon alone (the default: three dots), or `button` for a button with the label. */
  readonly icon?: IconName;
  readonly button?: { readonly kind?: ButtonKind; readonly icon?: IconName };
  /** Another button than the two, without the menu's `ref`. */
  readonly trigger?: (opener: MenuOpener) => ReactNode;
  readonly disabled?: boolean;
  readonly testID?: string;
}

interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const Menu = forwardRef<Focusable, MenuProps>(function Menu(
  { label, items, icon = "more", button, trigger, ...rest },
  ref,
) {
  const [holder, setHolder] = useState<View | null>(null);
  const [anchor, setAnchor] = useState<Anchor | null>(null);
  const [first, setFirst] = useState(0);
  const open = (at: number) => {
    setFirst(at);
    holder?.measureInWindow((x, y, width, height) => setAnchor({ x, y, width, height }));
  };
  const opener: MenuOpener = {
    onPress: () => open(0),
    expanded: anchor !== null,
    web: {
      "aria-haspopup": "menu",
      onKeyDown: (event) => {
        const key = pressedKey(event);
        if (key !== "ArrowDown" && key !== "ArrowUp") return;
        event.preventDefault();
        open(key === "ArrowUp" ? items.length - 1 : 0);
      },
    },
  };
  const common = { ...opener, ...rest };
  return (
    <View ref={setHolder} collapsable={false}>
      {trigger !== undefined ? (
        trigger(opener)
      ) : button === undefined ? (
        <IconButton ref={ref} icon={icon} label={label} {...common} />
      ) : (
        <Button ref={ref} label={label} {...button} {...common} />
      )}
      {anchor !== null && (
        <MenuList
          label={label}
          items={items}
          first={first}
          anchor={anchor}
          onClose={() => setAnchor(null)}
        />
      )}
    </View>
  );
});

/** Which item a key leads to; `null`: the key means nothing here. */
export function itemAfterKey(
  key: string,
  current: number,
  labels: readonly string[],
): number | null {
  const count = labels.length;
  if (count === 0) return null;
  switch (key) {
    case "ArrowDown":
      return (current + 1) % count;
    case "ArrowUp":
      return (current - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default: {
      if (key.length !== 1 || key === " ") return null;
      for (let step = 1; step <= count; step += 1) {
        const index = (current + step) % count;
        if (labels[index]?.toLowerCase().startsWith(key.toLowerCase()) === true) return index;
      }
      return null;
    }
  }
}

const WIDTH = 240;

/** Below its button where there is room, else above it; within the window. */
function placeOf(anchor: Anchor, window: { readonly width: number; readonly height: number }) {
  const left = Math.max(
    spacing.s,
    Math.min(anchor.x + anchor.width - WIDTH, window.width - WIDTH - spacing.s),
  );
  const below = window.height - anchor.y - anchor.height;
  return below > 280 || below > anchor.y
    ? { left, top: anchor.y + anchor.height + spacing.xs, maxHeight: below - spacing.l }
    : { left, bottom: window.height - anchor.y + spacing.xs, maxHeight: anchor.y - spacing.l };
}

function MenuList({
  label,
  items,
  first,
  anchor,
  onClose,
}: {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Which item has the keyboard first. */
  readonly first: number;
  readonly anchor: Anchor;
  readonly onClose: () => void;
}) {
  const { colours, shadows } = useTheme();
  const { width, height } = useLayout();
  const rows = useRef<(Focusable | null)[]>([]);
  const [current, setCurrent] = useState(first);
  useEffect(() => {
    rows.current[first]?.focus();
  }, [first]);
  const go = (index: number) => {
    setCurrent(index);
    rows.current[index]?.focus();
  };
  const keys = useKeyDown((event: KeyEvent) => {
    const key = pressedKey(event);
    if (key === "Tab") {
      event.preventDefault();
      onClose();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = itemAfterKey(
      key,
      current,
      items.map((item) => item.label),
    );
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    go(next);
  });
  const place = placeOf(anchor, { width, height });
  return (
    <Layer onClose={onClose} label={label}>
      <Pressable aria-hidden tabIndex={-1} style={StyleSheet.absoluteFill} onPress={onClose} />
      <View
        role="menu"
        aria-label={label}
        {...keys}
        {...onWeb({ dataSet: { panel: "menu" } })}
        style={[
          styles.list,
          { backgroundColor: colours.raised, borderColor: colours.border },
          place,
          shadows.menu,
        ]}
      >
        <ScrollView style={styles.scroll}>
          {items.map((item, index) => (
            <MenuRow
              key={item.key}
              item={item}
              current={index === current}
              register={(row) => {
                rows.current[index] = row;
              }}
              onChoose={() => {
                if (item.stays === true) go(index);
                else onClose();
                item.onPress();
              }}
            />
          ))}
        </ScrollView>
      </View>
    </Layer>
  );
}

function roleOf({ checked, stays }: MenuItem) {
  if (checked === undefined) return "menuitem";
  return stays === true ? "menuitemcheckbox" : "menuitemradio";
}

function MenuRow({
  item,
  current,
  register,
  onChoose,
}: {
  readonly item: MenuItem;
  readonly current: boolean;
  readonly register: (row: Focusable | null) => void;
  readonly onChoose: () => void;
}) {
  const { colours } = useTheme();
  const tone = item.danger === true ? "danger" : "text";
  return (
    <Pressable
      ref={register}
      role="menuitem"
      {...onWeb({ role: roleOf(item) })}
      aria-label={item.label}
      aria-checked={item.checked}
      disabled={item.disabled}
      onPress={onChoose}
      {...(item.disabled === true ? {} : pressedBySpace(onChoose))}
      tabIndex={current ? 0 : -1}
      style={({ pressed, hovered }: { pressed: boolean; hovered?: boolean }) => [
        styles.row,
        (hovered === true || pressed) && { backgroundColor: colours.hover },
        item.disabled === true && styles.disabled,
      ]}
    >
      {item.icon !== undefined && (
        <Icon name={item.icon} size={18} tone={item.danger === true ? "danger" : "textMuted"} />
      )}
      <Text variant="small" tone={tone} style={styles.grow}>
        {item.label}
      </Text>
      {item.checked === true && <Icon name="check" size={16} tone="accent" />}
    </Pressable>
  );
}

const styles = StyleSheet.create({
  list: {
    position: "absolute",
    width: WIDTH,
    borderWidth: 1,
    borderRadius: radii.m,
    overflow: "hidden",
  },
  scroll: { flexGrow: 0, padding: spacing.xs },
  row: {
    flexDirection: "row",
    alignItems: "center",
    gap: spacing.m,
    minHeight: Math.max(36, target),
    paddingHorizontal: spacing.m,
    borderRadius: radii.s,
  },
  disabled: { opacity: 0.5 },
  grow: { flex: 1 },
});
