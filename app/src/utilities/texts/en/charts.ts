/** English texts of charts. */

export const charts = {
  showTable: "Show as table",
  hideTable: "Hide table",
  showTableOf: (title: string) => `Show “${title}” as a table`,
  hideTableOf: (title: string) => `Hide the table of “${title}”`,
  tableOf: (title: string) => `Table: ${title}`,
  read: (title: string) => `${title}: read it with the arrow keys`,
  allRows: (count: number) => `Show all ${count} rows`,
};
