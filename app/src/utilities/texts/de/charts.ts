/** German texts of charts. */

import type { charts as english } from "../en/charts";

export const charts: typeof english = {
  showTable: "Als Tabelle zeigen",
  hideTable: "Tabelle ausblenden",
  showTableOf: (title) => `„${title}“ als Tabelle zeigen`,
  hideTableOf: (title) => `Die Tabelle zu „${title}“ ausblenden`,
  tableOf: (title) => `Tabelle zu „${title}“`,
  read: (title) => `${title}: mit den Pfeiltasten lesen`,
  allRows: (count) => `Alle ${count} Zeilen zeigen`,
};
