/** What is loaded with the first chart, in one piece. */

export { BarList } from "./bar-list";
export { DataTable } from "./data-table";
export { ScatterChart } from "./scatter-chart";
export { SeriesChart } from "./series-chart";
