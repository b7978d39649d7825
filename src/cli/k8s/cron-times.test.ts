import { expect, test } from "vitest";
import { problemWithTimes } from "./cron-times.ts";

test.each(["* * * * *", "*/15 0-23/2 1,15,31 JAN-mar sun", "59 23 31 12 6", "5/10 0 1 1 0"])(
  "Kubernetes takes %j",
  (times) => {
    expect(problemWithTimes(times.split(" "))).toBeUndefined();
  },
);

test.each([
  ["60 * * * *", '"60" is no minute (0-59)'],
  ["* 24 * * *", '"24" is no hour (0-23)'],
  ["* * 0 * *", '"0" is no day (1-31)'],
  ["* * 32 * *", '"32" is no day (1-31)'],
  ["* * * 13 *", '"13" is no month (1-12)'],
  ["* * * foo *", '"foo" is no month (1-12)'],
  ["* * * sun *", '"sun" is no month (1-12)'],
  ["* * * * 7", '"7" is no weekday (0-6, 0 is Sunday)'],
  ["30-10 * * * *", "minute"],
  ["*/0 * * * *", "minute"],
  ["1-2-3 * * * *", "minute"],
  ["1/2/3 * * * *", "minute"],
  [", * * * *", "minute"],
  ["1- * * * *", "minute"],
  ["-- * * * *", "minute"],
  ["* * L * *", "day"],
  ["* * * *", "there are 4 fields"],
])("of %j it says: %s", (times, says) => {
  expect(problemWithTimes(times.split(" "))).toContain(says);
});
