/** German texts of the welcome screen. */

import type { welcome as english } from "../en/welcome";

export const welcome: typeof english = {
  title: "Willkommen",
  tagline: "Ein Board, das sich für alle zugleich bewegt",
  lead: "Legen Sie Aufgaben auf ein Board, laden Sie andere ein und sehen Sie zu, wie sich die Karten bewegen, während es geschieht. Das Netz darf kommen und gehen: Was Sie schreiben, geht nicht verloren.",
  points: [
    {
      title: "Sofort zu sehen",
      text: "Was jemand ändert, steht gleich auf jedem Bildschirm, und Sie sehen, wer da ist.",
    },
    {
      title: "Auch ohne Netz",
      text: "Arbeiten Sie ohne Netz weiter. Ihre Änderungen warten auf diesem Gerät und werden gesendet, sobald es wieder da ist.",
    },
    {
      title: "Nichts geht verloren",
      text: "Jede Änderung lässt sich zurücknehmen, und wo zwei dasselbe geändert haben, wählen Sie.",
    },
  ],
  without: "Kein Konto? Kein Problem.",
  withoutText:
    "Die Boards ohne Konto teilen alle, die diesen Server öffnen, und sie bleiben bis zu seinem Neustart. Gut zum Ausprobieren oder für eine Besprechung.",
};
