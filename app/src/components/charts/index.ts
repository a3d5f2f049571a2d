/** Charts and tables of numbers, loaded when the first one is shown: they bring a library along. */

import type { ComponentProps } from "react";
import { lazily } from "../lazily";
import type * as Parts from "./parts";

const load = () => import("./parts");

export const BarList = lazily<ComponentProps<typeof Parts.BarList>>(() =>
  load().then((parts) => parts.BarList),
);
export const DataTable = lazily<ComponentProps<typeof Parts.DataTable>>(() =>
  load().then((parts) => parts.DataTable),
);
export const ScatterChart = lazily<ComponentProps<typeof Parts.ScatterChart>>(() =>
  load().then((parts) => parts.ScatterChart),
);
export const SeriesChart = lazily<ComponentProps<typeof Parts.SeriesChart>>(() =>
  load().then((parts) => parts.SeriesChart),
);
