/** What people call a browser, by what it says of itself. */

/** Each says the names of those after it as well. */
const BROWSERS = [
  ["Edge", /\bEdg(e|A|iOS)?\//u],
  ["Opera", /\bOPR\//u],
  ["Samsung Internet", /\bSamsungBrowser\//u],
  ["Firefox", /\b(Firefox|FxiOS)\//u],
  ["Chrome", /\b(Chrome|CriOS|HeadlessChrome)\//u],
  ["Safari", /\bSafari\//u],
] as const;

const SYSTEMS = [
  ["Windows", /\bWindows\b/u],
  ["Android", /\bAndroid\b/u],
  ["iPhone", /\biPhone\b/u],
  ["iPad", /\biPad\b/u],
  ["ChromeOS", /\bCrOS\b/u],
  ["macOS", /\bMacintosh\b/u],
  ["Linux", /\bLinux\b/u],
] as const;

/** Longer ones are cut, in characters. */
const LONGEST = 60;

type Named = readonly (readonly [string, RegExp])[];

const nameIn = (known: Named, agent: string) => known.find(([, sign]) => sign.test(agent))?.[0];

/**
 * @param on puts a browser and its system into one name
 * @returns what is unknown as it is; null: it said nothing
 */
export function deviceName(
  agent: string | null,
  on: (browser: string, system: string) => string,
): string | null {
  if (agent === null || agent.trim() === "") return null;
  const browser = nameIn(BROWSERS, agent);
  const system = nameIn(SYSTEMS, agent);
  if (browser !== undefined && system !== undefined) return on(browser, system);
  return browser ?? [...agent.trim()].slice(0, LONGEST).join("");
}
