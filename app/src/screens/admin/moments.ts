/** Moments that somebody types into a filter, in the time of this device. */

const WRITTEN = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?$/u;

/** `2026-11-29 14:30` → RFC 3339; a day alone is its midnight. null: it is no moment. */
export function momentOf(text: string): string | null {
  const [, day, time] = WRITTEN.exec(text.trim()) ?? [];
  if (day === undefined) return null;
  const date = new Date(`${day}T${time ?? "00:00"}`);
  // Engines take 31 February for a day in March.
  const real = !Number.isNaN(date.getTime()) && date.getDate() === Number(day.slice(8));
  return real ? date.toISOString() : null;
}
