/** English texts of charts. */

export const charts = {
  showTable: "Show as table",
  hideTable: "Hide table",
  showTableOf: (title: string) => `Show as table: ${title}`,
  hideTableOf: (title: string) => `Hide table: ${title}`,
  tableOf: (title: string) => `Table: ${title}`,
  read: (title: string) => `${title}: read it with the arrow keys`,
  allRows: (count: number) => `Show all ${count} rows`,
};
