/** English texts of the history: the timeline, what changed meanwhile, what a change did. */

import { pluralIn } from "../plural";

const plural = pluralIn("en");
const changes = (count: number) => plural(count, { one: "1 change", other: `${count} changes` });
const cards = (count: number) => plural(count, { one: "1 card", other: `${count} cards` });

export const history = {
  // The timeline.
  moment: "Moment",
  placeOf: (place: string, count: string) => `${place} of ${count}`,
  began: "The board was made",
  beganLater: "The oldest moment that is still known",
  readingMoment: "Reading this moment…",
  momentFailed: "This moment could not be read.",
  stepBack: "One change back",
  stepForth: "One change on",
  play: "Play",
  pause: "Pause",
  speed: "Speed",
  speedOf: (times: number) => `${times}×`,
  newer: (count: number) => `${changes(count)} since you opened the timeline`,
  goToDay: "Go to a day",
  day: "Day",
  dayHint: "The board as it was at the end of this day.",
  dayWrong: "This day does not exist.",
  go: "Go",
  nothingYet: "Nothing has happened on this board yet.",

  asAdmin: "You are not a member of this board: as an admin you see how it was.",

  // A task as it was.
  taskThen: (title: string) => `${title}, as it was`,
  taskNotThen: "This task was not on the board at this moment.",
  bringBack: "Bring it back",
  openNow: "Open it as it is now",

  // What changed meanwhile.
  meanwhile: (count: number, when: string) => `${changes(count)} since ${when}`,
  meanwhileOn: (count: number) => `on ${cards(count)}`,
  meanwhileSome: (when: string) => `Others changed something since ${when}`,
  readingMeanwhile: (read: string, count: string) =>
    `Reading what changed: ${read} of ${count} changes`,
  meanwhileFailed: "Not all of it could be read.",
  moreCards: (count: number) => `Show ${cards(count)} more`,
  showMeanwhile: "Show",
  dismissMeanwhile: "Dismiss",
  meanwhileTitle: "What changed",
  onBoard: "The board itself",
  cardGone: "no longer on the board",
  andEarlier: (count: number) => `and ${changes(count)} before these`,
  watch: "Watch it in the timeline",
  nobodyElse: "Only you changed something.",

  // What a change did.
  details: "What changed",
  asItIs: "The task is as it was then.",
  restoreField: (field: string, value: string) => `Restore ${field}: ${value}`,
  restore: "Restore",
  restoreTask: "Restore the whole task as it was then",
  restored: (what: string, title: string) => `${what} of “${title}” restored`,
  restoredTask: (title: string) => `“${title}” restored`,
};
