/** What shows the past; it is loaded when somebody first looks back. */

import { lazily } from "../components/lazily";
import type { ChangeDetailsProps } from "./history/change-details";
import type { MeanwhileBannerProps } from "./history/meanwhile";
import type { MeanwhilePanelProps } from "./history/meanwhile-panel";
import type { AdminTimelineProps, TimelineProps } from "./history/timeline";

const history = () => import("./history");

export const Timeline = lazily<TimelineProps>(() => history().then(({ Timeline }) => Timeline));

export const AdminTimeline = lazily<AdminTimelineProps>(() =>
  history().then(({ AdminTimeline }) => AdminTimeline),
);

export const ChangeDetails = lazily<ChangeDetailsProps>(() =>
  history().then(({ ChangeDetails }) => ChangeDetails),
);

export const Meanwhile = lazily<MeanwhileBannerProps>(
  () => history().then(({ Meanwhile }) => Meanwhile),
  "quiet",
);

export const MeanwhilePanel = lazily<MeanwhilePanelProps>(() =>
  history().then(({ MeanwhilePanel }) => MeanwhilePanel),
);
