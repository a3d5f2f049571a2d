/** Props that React Native for Web knows and React Native's types do not: only given on the web. */

import { Platform } from "react-native";
import { pressedKey } from "./keys";

/** What our handlers read of a browser's keyboard event. */
export interface KeyEvent {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly nativeEvent?: { readonly isComposing?: boolean; readonly keyCode?: number };
  preventDefault(): void;
  stopPropagation(): void;
}

export interface WebProps {
  readonly onKeyDown?: (event: KeyEvent) => void;
  readonly onKeyDownCapture?: (event: KeyEvent) => void;
  readonly onMouseDown?: (event: { preventDefault(): void }) => void;
  readonly onMouseEnter?: () => void;
  readonly onMouseLeave?: () => void;
  readonly onPointerMove?: (event: { readonly nativeEvent: { readonly offsetX: number } }) => void;
  readonly onFocus?: () => void;
  readonly onBlur?: () => void;
  readonly tabIndex?: 0 | -1;
  readonly href?: string;
  readonly hrefAttrs?: { readonly rel?: string; readonly target?: string };
  readonly inert?: boolean;
  readonly lang?: string;
  readonly id?: string;
  readonly role?: string;
  readonly dataSet?: Readonly<Record<string, string>>;
  readonly "aria-atomic"?: boolean;
  readonly "aria-autocomplete"?: "list" | "none";
  readonly "aria-activedescendant"?: string;
  readonly "aria-checked"?: boolean | "mixed";
  readonly "aria-controls"?: string;
  readonly "aria-current"?: "page" | "true";
  readonly "aria-describedby"?: string;
  readonly "aria-errormessage"?: string;
  readonly "aria-expanded"?: boolean;
  readonly "aria-haspopup"?: "menu" | "dialog" | "listbox";
  readonly "aria-invalid"?: boolean;
  readonly "aria-keyshortcuts"?: string;
  readonly "aria-labelledby"?: string;
  readonly "aria-level"?: number;
  readonly "aria-orientation"?: "horizontal" | "vertical";
  readonly "aria-posinset"?: number;
  readonly "aria-pressed"?: boolean;
  readonly "aria-required"?: boolean;
  readonly "aria-roledescription"?: string;
  readonly "aria-selected"?: boolean;
  readonly "aria-setsize"?: number;
}

/** Spread it into a component: `{...onWeb({ onKeyDown })}`. On phones nothing is given. */
export function onWeb(props: WebProps): object {
  return Platform.OS === "web" ? props : {};
}

/**
 * What a screen reader says of a control after its name and role: on the web what is in the elements
 * `by` (ids), on phones the words themselves. React Native for Web drops the prop that phones know.
 */
export function described(by: string, words: string | undefined): object {
  if (words === undefined || words === "") return {};
  return Platform.OS === "web" ? { "aria-describedby": by } : { accessibilityHint: words };
}

/** For radios, check boxes and menu items: React Native for Web lets Space press only buttons. */
export function pressedBySpace(onPress: () => void): object {
  return onWeb({
    onKeyDown: (event) => {
      if (pressedKey(event) !== " ") return;
      event.preventDefault();
      onPress();
    },
  });
}

/** `onWeb` for a key handler that touches refs: the rules of hooks allow it only in a hook. */
export function useKeyDown(onKeyDown: (event: KeyEvent) => void): object {
  return onWeb({ onKeyDown });
}
