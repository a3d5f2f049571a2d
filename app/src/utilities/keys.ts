/** Which key of the keyboard was pressed; those that an input method (IME) takes are none of ours. */

/** What is read of a browser's keyboard event, and of the one that React makes of it. */
interface KeyStroke {
  readonly key: string;
  readonly isComposing?: boolean;
  readonly keyCode?: number;
  readonly nativeEvent?: { readonly isComposing?: boolean; readonly keyCode?: number };
}

/** `keyCode` of a key that an input method has processed (UI Events, section 7.3.1). */
const PROCESSED = 229;

/**
 * While a word is composed Enter takes it and Escape gives it up: neither is meant for the app. Safari
 * ends the composition before it reports the Enter that ended it, so that only `keyCode` shows it.
 *
 * @returns `KeyboardEvent.key`; "" where the key is the input method's
 */
export function pressedKey(event: KeyStroke): string {
  const { isComposing, keyCode } = event.nativeEvent ?? event;
  return isComposing === true || keyCode === PROCESSED ? "" : event.key;
}
