/** Makes one text of two that began as the same. */

/** Both, side by side, for texts of one line: the words that they begin and end with alike are there once. */
export function combineLines(mine: string, theirs: string): string {
  const words = theirs.split(" ");
  const { from, to, lines } = changeOf(words, mine.split(" "));
  const parts = [lines, words.slice(from, to)].map((part) => part.join(" "));
  const differing = parts.filter((part) => part !== "").join(" / ");
  return [
    ...words.slice(0, from),
    ...(differing === "" ? [] : [differing]),
    ...words.slice(to),
  ].join(" ");
}

/** Which lines of `base` were changed, and into what; or which words. */
interface Change {
  readonly from: number;
  /** The line after the last. */
  readonly to: number;
  readonly lines: readonly string[];
}

/**
 * What only one of them changed is taken from there. Where both changed the same lines both are kept, ours
 * first: only people can decide which words are right.
 */
export function combineTexts(base: string, mine: string, theirs: string): string {
  const lines = base.split("\n");
  const [ours, others] = [changeOf(lines, mine.split("\n")), changeOf(lines, theirs.split("\n"))];
  const [first, second] = ours.from <= others.from ? [ours, others] : [others, ours];
  if (first.to <= second.from) {
    return [
      ...lines.slice(0, first.from),
      ...first.lines,
      ...lines.slice(first.to, second.from),
      ...second.lines,
      ...lines.slice(second.to),
    ].join("\n");
  }
  const [from, to] = [first.from, Math.max(first.to, second.to)];
  const whole = (change: Change) => [
    ...lines.slice(from, change.from),
    ...change.lines,
    ...lines.slice(change.to, to),
  ];
  return [...lines.slice(0, from), ...whole(ours), ...whole(others), ...lines.slice(to)].join("\n");
}

function changeOf(base: readonly string[], now: readonly string[]): Change {
  const most = Math.min(base.length, now.length);
  let before = 0;
  while (before < most && base[before] === now[before]) {
    before += 1;
  }
  let after = 0;
  while (after < most - before && base.at(-1 - after) === now.at(-1 - after)) {
    after += 1;
  }
  return {
    from: before,
    to: base.length - after,
    lines: now.slice(before, now.length - after),
  };
}
