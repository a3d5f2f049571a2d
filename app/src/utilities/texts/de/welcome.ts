/** German texts of the welcome screen. */

import type { welcome as english } from "../en/welcome";

export const welcome: typeof english = {
  title: "Willkommen",
  tagline: "Ein Board, das sich für alle zugleich bewegt",
  lead: "Lege Aufgaben auf ein Board, lade andere ein und sieh zu, wie sich die Karten bewegen, während es geschieht. Das Netz darf kommen und gehen: Was du schreibst, geht nicht verloren.",
  ready: "In einer Minute zum eigenen Board",
  points: [
    {
      title: "Sofort zu sehen",
      text: "Was jemand ändert, steht gleich auf jedem Bildschirm, und du siehst, wer da ist.",
    },
    {
      title: "Auch ohne Netz",
      text: "Arbeite ohne Netz weiter. Deine Änderungen warten auf diesem Gerät und werden gesendet, sobald es wieder da ist.",
    },
    {
      title: "Nichts geht verloren",
      text: "Jede Änderung lässt sich zurücknehmen, und wo zwei dasselbe geändert haben, wählst du.",
    },
  ],
  without: "Kein Konto? Kein Problem.",
  withoutText:
    "Die Boards ohne Konto teilen alle, die diesen Server öffnen, und sie bleiben bis zu seinem Neustart. Gut zum Ausprobieren oder für eine Besprechung.",
};
