/** Keyboard shortcuts: those of the screens in view, which the help sheet lists. */

import { useEffect, useRef } from "react";
import { Platform } from "react-native";
import { create } from "zustand";
import { pressedKey } from "./keys";

export interface Shortcut {
  /** As `KeyboardEvent.key` says it: `n`, `?`, `/`, `ArrowDown`; with `Control+` (⌘ on Apple) before. */
  readonly keys: string;
  /** More keys that belong to it, handled elsewhere: only listed in the help sheet. */
  readonly also?: readonly string[];
  /** What it does, for the help sheet. */
  readonly label: string;
  /** It is about what has the focus, so nothing that a list of actions can run. */
  readonly onFocused?: boolean;
  /** Left out: the key is handled elsewhere, and only listed in the help sheet. */
  readonly run?: () => void;
  /** Also while something is typed into a field; only for keys with `Control+`, and `Escape`. */
  readonly inFields?: boolean;
}

/** A screen's shortcuts under one heading of the help sheet. */
export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

interface Registry {
  readonly groups: readonly { readonly id: symbol; readonly group: ShortcutGroup }[];
}

const useRegistry = create<Registry>()(() => ({ groups: [] }));

/** What is to be pressed now, by group; the newest group last. */
export function useShortcutGroups(): readonly ShortcutGroup[] {
  const groups = useRegistry((registry) => registry.groups);
  return groups.map((each) => each.group);
}

/** What `Shortcut.keys` would be for this event. Without Control, Shift is in the key already. */
export function keysOf(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}): string {
  const pressed = pressedKey(event);
  const key = pressed.length === 1 ? pressed.toLowerCase() : pressed;
  const shift = event.shiftKey && /^[a-z]$/.test(key) ? "Shift+" : "";
  return event.ctrlKey || event.metaKey ? `Control+${shift}${key}` : key;
}

function isTyping(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  // Nothing is typed into a tick box.
  if (element instanceof HTMLInputElement && element.type === "checkbox") return false;
  return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
}

/** A menu takes letters itself (type-ahead), and below a dialog nothing may happen. */
function isCovered(): boolean {
  return document.querySelector('[role="menu"], [aria-modal="true"]') !== null;
}

function run(event: KeyboardEvent, typing: boolean): void {
  if (event.defaultPrevented || event.altKey || isCovered()) return;
  const keys = keysOf(event);
  // The newest screen's shortcut goes before an older one's.
  for (const { group } of [...useRegistry.getState().groups].reverse()) {
    const shortcut = group.shortcuts.find(
      (each) => each.keys === keys && (!typing || each.inFields === true),
    );
    if (shortcut?.run !== undefined) {
      event.preventDefault();
      shortcut.run();
      return;
    }
  }
}

let listening = false;

function listen(): void {
  if (listening || Platform.OS !== "web") return;
  listening = true;
  const onKey = (typing: boolean) => (event: KeyboardEvent) => {
    if (isTyping(document.activeElement) === typing) run(event, typing);
  };
  document.addEventListener("keydown", onKey(false));
  // On the way down: text fields of React Native for Web keep keys to themselves on the way up.
  document.addEventListener("keydown", onKey(true), true);
}

/**
 * Registers shortcuts while the component is mounted and `active` (give `useIsFocused()` on screens
 * that stay mounted below others). The group may be a new object at each render.
 */
export function useShortcuts(group: ShortcutGroup, active = true): void {
  const latest = useRef(group);
  const shape = group.title + group.shortcuts.map(({ keys, label }) => `${keys}\n${label}`).join();
  useEffect(() => {
    latest.current = group;
  });
  useEffect(() => {
    if (!active) return;
    listen();
    const id = Symbol("shortcuts");
    const registered: ShortcutGroup = {
      title: latest.current.title,
      shortcuts: latest.current.shortcuts.map((shortcut, index) => ({
        ...shortcut,
        run: shortcut.run && (() => latest.current.shortcuts[index]?.run?.()),
      })),
    };
    useRegistry.setState(({ groups }) => ({ groups: [...groups, { id, group: registered }] }));
    return () =>
      useRegistry.setState(({ groups }) => ({ groups: groups.filter((each) => each.id !== id) }));
  }, [active, shape]);
}
