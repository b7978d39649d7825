import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { cronTicks } from "./cron-ticks.ts";
import { openZone } from "./zone.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The ticks after a moment, as ISO text to the minute, in UTC. */
function ticks(cron: string, timeZone: string, after: string, count: number): readonly string[] {
  const next = cronTicks(cron, timeZone);
  const found: string[] = [];
  for (let at = Date.parse(after); found.length < count; ) {
    const tick = next(at);
    if (tick === null) break;
    at = tick;
    found.push(new Date(at).toISOString().replace(":00.000Z", "Z"));
  }
  return found;
}

const newYork = "America/New_York";
/** Clocks go from 02:00 to 03:00 at 07:00Z. */
const forward = "2027-03-14T05:30Z";
/** Clocks go from 02:00 back to 01:00 at 06:00Z. */
const back = "2027-11-07T04:30Z";

describe("when clocks are set forward", () => {
  test.each([
    [
      "a time that is left out ticks at the first moment after it",
      "30 2 * * *",
      ["14T07:00", "15T06:30"],
    ],
    ["several such times tick once", "0,15,45 2 * * *", ["14T07:00", "15T06:00"]],
    ["together with a time named there", "0 2,3 * * *", ["14T07:00", "15T06:00", "15T07:00"]],
    ["and before a time named later", "30 2,3 * * *", ["14T07:00", "14T07:30", "15T06:30"]],
    ["an expression with a step leaves it out", "*/30 2 * * *", ["15T06:00", "15T06:30"]],
    ["an expression with a wildcard goes on", "30 * * * *", ["14T06:30", "14T07:30", "14T08:30"]],
  ])("%s: %s", (_what, cron, expected) => {
    expect(ticks(cron, newYork, forward, expected.length)).toEqual(
      expected.map((at) => `2027-03-${at}Z`),
    );
  });
});

describe("when clocks are set back", () => {
  test.each([
    ["a time that comes twice ticks the first time", "30 1 * * *", ["07T05:30", "08T06:30"]],
    ["and so do several", "0,30 1 * * *", ["07T05:00", "07T05:30", "08T06:00"]],
    [
      "an expression with a step ticks both times",
      "*/30 1 * * *",
      ["07T05:00", "07T05:30", "07T06:00", "07T06:30", "08T06:00"],
    ],
    ["an expression with a wildcard goes on", "30 * * * *", ["07T05:30", "07T06:30", "07T07:30"]],
  ])("%s: %s", (_what, cron, expected) => {
    expect(ticks(cron, newYork, back, expected.length)).toEqual(
      expected.map((at) => `2027-11-${at}Z`),
    );
  });

  test("whoever asks in the second hour is not told the first one's times again", () => {
    expect(ticks("30 1 * * *", newYork, "2027-11-07T06:10Z", 1)).toEqual(["2027-11-08T06:30Z"]);
    expect(ticks("30 1 7 11 *", newYork, "2027-11-07T05:45Z", 1)).toEqual(["2028-11-07T06:30Z"]);
  });
});

test.each([
  [
    "half an hour left out",
    "15 2 * * *",
    "Australia/Lord_Howe",
    "2027-10-02T00:00Z",
    ["2027-10-02T15:30Z", "2027-10-03T15:15Z"],
  ],
  [
    "midnight left out",
    "0 0 * * *",
    "Africa/Cairo",
    "2027-04-29T00:00Z",
    ["2027-04-29T22:00Z", "2027-04-30T21:00Z"],
  ],
  [
    "midnight of a Sunday left out",
    "0 0 * * 0",
    "America/Santiago",
    "2027-09-04T12:00Z",
    ["2027-09-05T04:00Z"],
  ],
  [
    "the last hour of a day left out",
    "30 23 * * *",
    "America/Scoresbysund",
    "2027-03-27T12:00Z",
    ["2027-03-28T01:00Z", "2027-03-29T00:30Z"],
  ],
  [
    "two hours left out",
    "30 2 * * *",
    "Antarctica/Troll",
    "2027-03-27T12:00Z",
    ["2027-03-28T01:00Z", "2027-03-29T00:30Z"],
  ],
])("%s: %s in %s", (_what, cron, zone, after, expected) => {
  expect(ticks(cron, zone, after, expected.length)).toEqual(expected);
});

/** A change of a zone's clocks: the moment, and how far they are from UTC before and after. */
interface Change {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** Read from the platform by other means than those tested. */
function offsetsOf(timeZone: string): (moment: number) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  return (moment) => {
    const name = format.formatToParts(moment).find(({ type }) => type === "timeZoneName")?.value;
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name ?? "") ?? [];
    const size = Number(hours ?? 0) * hour + Number(minutes ?? 0) * minute;
    return sign === "-" ? -size : size;
  };
}

/** Every change of a zone's clocks in a year. */
function changesOf(timeZone: string, year: number): readonly Change[] {
  const offsetAt = offsetsOf(timeZone);
  const changes: Change[] = [];
  const stepMs = 7 * day;
  for (let from = Date.UTC(year, 0, 1); from < Date.UTC(year + 1, 0, 1); from += stepMs) {
    let [low, high] = [from, from + stepMs];
    const [before, after] = [offsetAt(low), offsetAt(high)];
    if (before === after) continue;
    while (high - low > minute) {
      const middle = low + Math.floor((high - low) / 2 / minute) * minute;
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    changes.push({ at: high, before, after });
  }
  return changes;
}

/** What the contract says of times of day, in minutes, around a change. */
function atTimes({ at, before, after }: Change, minutes: readonly number[], spanMs: number) {
  const found = new Set<number>();
  const firstDay = Math.floor((at - spanMs + Math.min(before, after)) / day) - 1;
  for (let date = firstDay; date * day < at + spanMs + day; date += 1) {
    for (const each of minutes) {
      const wall = date * day + each * minute;
      const early = wall - before;
      found.add(early < at ? early : Math.max(at, wall - after));
    }
  }
  return within({ at, before, after }, found, spanMs);
}

/** What the contract says of all minutes that match, around a change. */
function byTime(change: Change, matches: (wall: Date) => boolean, spanMs: number) {
  const { at, before, after } = change;
  const found: number[] = [];
  for (let moment = at - spanMs; moment <= at + spanMs; moment += minute) {
    if (matches(new Date(moment + (moment < at ? before : after)))) found.push(moment);
  }
  return within(change, found, spanMs);
}

function within({ at }: Change, found: Iterable<number>, spanMs: number): readonly number[] {
  const near = Array.from(found).filter((moment) => Math.abs(moment - at) < spanMs);
  return near.sort((a, b) => a - b);
}

function around(next: (after: number) => number | null, { at }: Change, spanMs: number) {
  const found: number[] = [];
  let tick = next(at - spanMs);
  for (; tick !== null && tick < at + spanMs; tick = next(tick)) found.push(tick);
  return found;
}

const year = 2027;
const zones = Intl.supportedValuesOf("timeZone").map((zone) => ({
  zone,
  changes: changesOf(zone, year),
}));

test("there are clocks to change, in steps of many sizes and at many times", () => {
  const all = zones.flatMap(({ changes }) => changes);
  expect(all.length).toBeGreaterThan(200);
  const sizes = new Set(all.map(({ before, after }) => (after - before) / minute));
  expect([...sizes].sort((a, b) => a - b)).toEqual([-120, -60, -30, 30, 60, 120]);
});

test(`times of day tick as written at every change of every zone's clocks in ${year}`, () => {
  const spanMs = 26 * hour;
  for (const { zone, changes } of zones) {
    for (const change of changes) {
      const edge = new Date(change.at + Math.min(change.before, change.after));
      const first = edge.getUTCHours() * 60 + edge.getUTCMinutes();
      const sizeMin = Math.abs(change.after - change.before) / minute;
      for (const offset of [-1, 0, sizeMin / 2, sizeMin - 1, sizeMin]) {
        const at = (first + Math.floor(offset) + 1_440) % 1_440;
        const cron = `${at % 60} ${Math.floor(at / 60)} * * *`;
        const found = around(cronTicks(cron, zone), change, spanMs);
        expect(found, `${cron} in ${zone}`).toEqual(atTimes(change, [at], spanMs));
      }
      const hours = [0, 1, 2].map((more) => (Math.floor(first / 60) + more) % 24);
      const cron = `10,40 ${hours.join(",")} * * *`;
      const minutes = hours.flatMap((each) => [each * 60 + 10, each * 60 + 40]);
      const found = around(cronTicks(cron, zone), change, spanMs);
      expect(found, `${cron} in ${zone}`).toEqual(atTimes(change, minutes, spanMs));
    }
  }
});

test(`expressions with a wildcard or a step tick as written at every change of every zone's clocks in ${year}`, () => {
  const spanMs = 4 * hour;
  for (const { zone, changes } of zones) {
    for (const change of changes) {
      const edge = new Date(change.at + Math.min(change.before, change.after)).getUTCHours();
      const cases: readonly [string, (wall: Date) => boolean][] = [
        ["20 * * * *", (wall) => wall.getUTCMinutes() === 20],
        [
          `*/30 ${edge} * * *`,
          (wall) => wall.getUTCMinutes() % 30 === 0 && wall.getUTCHours() === edge,
        ],
      ];
      for (const [cron, matches] of cases) {
        const found = around(cronTicks(cron, zone), change, spanMs);
        expect(found, `${cron} in ${zone}`).toEqual(byTime(change, matches, spanMs));
      }
    }
  }
});

const crons = fc.constantFrom(
  "30 2 * * *",
  "0,15,45 1,2 * * *",
  "*/20 * * * *",
  "15 */3 * * *",
  "59 59 23 L * *",
  "0 9 15W * *",
  "0 12 * * 5#2",
  "0 0 29 2 *",
);
const someZones = fc.constantFrom(
  newYork,
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "Asia/Kathmandu",
  "Africa/Casablanca",
  "UTC",
);
const moments = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2029, 0) });

test("a tick is the same from whichever moment since the one before one asks, and is itself not asked for again", () => {
  fc.assert(
    fc.property(
      crons,
      someZones,
      moments,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (cron, zone, from, part) => {
        const next = cronTicks(cron, zone);
        const first = next(from) ?? 0;
        expect(first).toBeGreaterThan(from);
        expect(first % 1_000).toBe(0);
        const second = next(first) ?? 0;
        expect(second).toBeGreaterThan(first);
        expect(next(first + Math.floor((second - 1 - first) * part))).toBe(second);
        expect(next(second - 1)).toBe(second);
      },
    ),
    { numRuns: 300 },
  );
});

test("wall time never goes back, and a wall time that is shown is found again", () => {
  fc.assert(
    fc.property(
      someZones,
      moments,
      fc.integer({ min: 0, max: 90 * minute }),
      (name, from, more) => {
        const zone = openZone(name);
        const wall = zone.wallAt(from);
        expect(zone.wallAt(from + more)).toBeGreaterThanOrEqual(wall);
        expect(zone.momentOf(wall)).toBeLessThanOrEqual(from);
      },
    ),
    { numRuns: 300 },
  );
});

describe("an expression", () => {
  const after = "2027-03-13T20:00Z";

  test.each([
    ["*/10 * * * * *", ["2027-03-13T20:00:10.000Z"]],
    ["0 0 L * *", ["2027-03-31T00:00Z", "2027-04-30T00:00Z"]],
    ["0 0 15W * *", ["2027-03-15T00:00Z", "2027-04-15T00:00Z", "2027-05-14T00:00Z"]],
    ["0 0 LW * *", ["2027-03-31T00:00Z", "2027-04-30T00:00Z", "2027-05-31T00:00Z"]],
    ["0 0 * * FRI#2", ["2027-04-09T00:00Z"]],
    ["0 0 * * 5L", ["2027-03-26T00:00Z"]],
    ["0 0 29 2 *", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]],
    ["0 0 0 1 1 * 2030", ["2030-01-01T00:00Z"]],
    ["0 0 13 * 5", ["2027-03-19T00:00Z"]],
    ["@DAILY", ["2027-03-14T00:00Z"]],
    ["@hourly", ["2027-03-13T21:00Z"]],
  ])("may be %s", (cron, expected) => {
    expect(ticks(cron, "UTC", after, expected.length)).toEqual(expected);
  });

  test.each(["0 0 30 2 *", "0 0 0 1 1 * 2020"])(
    "that never comes again has no tick: %s",
    (cron) => {
      expect(ticks(cron, "UTC", after, 1)).toEqual([]);
    },
  );

  test.each([
    "",
    "* * * *",
    "* * * * * * * *",
    "0 8 * * 1-5; 0 9 * * 6",
    "0 8 * * 1-5 0 9 * * 6",
    "every day at noon and at midnight",
    "0-99999999 * * * *",
    "0 0 * * FRI-MON",
    "H * * * *",
    "5/15 * * * *",
    "99 * * * *",
    "@reboot",
    "@",
    "2027-05-01T10:00:00",
    "constructor",
    "@constructor",
  ])("is refused unless it is one: %s", (cron) => {
    const read = () => cronTicks(cron, "UTC");
    expect(read).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    expect(read).toThrow(/^The cron expression ".*" is no use: .*[^.]\.$/);
  });

  test.each(["Mars/Phobos", "+05:00", "", "Europe/Berlin "])(
    "needs a time zone that exists, not %j",
    (zone) => {
      for (const cron of ["0 0 * * *", "* * * * *"]) {
        expect(() => cronTicks(cron, zone)).toThrow(
          expect.objectContaining({ code: "INVALID_OPTION", details: { option: "timeZone" } }),
        );
      }
    },
  );
});

test("incident 30: whatever is given for an expression is answered at once", () => {
  const field = fc.oneof(
    fc.constantFrom(
      "*",
      "?",
      "L",
      "LW",
      "0",
      "30",
      "1-5",
      "*/7",
      "1,2,3",
      "5#3",
      "31",
      "2",
      "1-99999999",
      "*/0",
      "15W",
      "99999999999",
    ),
    fc.string({ maxLength: 8 }),
  );
  const text = fc.oneof(
    fc.array(field, { minLength: 1, maxLength: 8 }).map((fields) => fields.join(" ")),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (cron) => {
      const began = performance.now();
      try {
        cronTicks(cron, "America/New_York")(Date.UTC(2027, 0));
      } catch (error) {
        expect(error).toMatchObject({ code: "INVALID_OPTION" });
      }
      expect(performance.now() - began).toBeLessThan(1_000);
    }),
    { numRuns: 500 },
  );
});
