/** The command palette: boards, cards of the board in view, and actions, by their names. Ctrl+K opens it. */

import { lazyDialog } from "../../components/lazily";
import { closePalette, openPalette, usePaletteOpen } from "../../navigation/palette-open";
import { useShortcuts } from "../../utilities/shortcuts";
import { useTexts } from "../../utilities/texts";

const PaletteDialog = lazyDialog(() =>
  import("./palette-dialog").then((module) => module.PaletteDialog),
);

/** Belongs once into the app. */
export function Palette() {
  const { shortcuts: texts } = useTexts();
  const { open } = usePaletteOpen();
  useShortcuts({
    title: texts.everywhere,
    shortcuts: [{ keys: "Control+k", label: texts.palette, run: openPalette, inFields: true }],
  });
  return open ? <PaletteDialog onClose={closePalette} /> : null;
}
