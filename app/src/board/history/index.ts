/** What is loaded when somebody looks back: one part, so that its pieces share what they need. */

export { Meanwhile } from "./meanwhile";
export { MeanwhilePanel } from "./meanwhile-panel";
export { AdminTimeline, Timeline } from "./timeline";
export { ChangeDetails } from "./change-details";
