/** Whether the command palette is open. What it shows is loaded when it is: `screens/palette`. */

import { create } from "zustand";

export const usePaletteOpen = create<{ open: boolean }>()(() => ({ open: false }));

export function openPalette(): void {
  usePaletteOpen.setState({ open: true });
}

export function closePalette(): void {
  usePaletteOpen.setState({ open: false });
}
