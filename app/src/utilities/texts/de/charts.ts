/** German texts of charts. */

import type { charts as english } from "../en/charts";

export const charts: typeof english = {
  showTable: "Als Tabelle zeigen",
  hideTable: "Tabelle ausblenden",
  showTableOf: (title) => `Als Tabelle zeigen: ${title}`,
  hideTableOf: (title) => `Tabelle ausblenden: ${title}`,
  tableOf: (title) => `Tabelle zu „${title}“`,
  read: (title) => `${title}: mit den Pfeiltasten lesen`,
  allRows: (count) => `Alle ${count} Zeilen zeigen`,
};
