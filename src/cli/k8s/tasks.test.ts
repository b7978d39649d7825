import { expect, test } from "vitest";
import { tasksOf } from "./tasks.ts";

const long = "x".repeat(48);
const scripts = Object.fromEntries(["a", "worker", long].map((name) => [`job:${name}`, "node ."]));

test("a name may be that of a Job and of a CronJob, which are objects of two kinds", () => {
  expect(tasksOf({ job: ["a"], cron: ["a=0 3  * * mon"] }, "shop", { scripts })).toEqual([
    { name: "a", command: ["node", "."] },
    { name: "a", command: ["node", "."], cron: "0 3 * * mon" },
  ]);
  expect(tasksOf({ job: [long] }, "shop", { scripts })).toHaveLength(1);
});

test.each([
  [{ cron: ["a=0 24 * * *"] }, '"24" is no hour (0-23)'],
  [{ cron: ["0 3 * * *"] }, "the name is missing"],
  [{ job: ["Import"] }, "--job takes lower-case letters, digits and dashes, at most 63"],
  [{ job: ["a."] }, "--job takes"],
  [{ cron: ["a-=0 3 * * *"] }, "--cron takes"],
  [{ job: ["worker"] }, "shop-worker is in the manifests anyway"],
  [{ cron: ["migrate=0 3 * * *"] }, "shop-migrate is in the manifests anyway"],
  [{ job: ["a", "a"] }, "--job a is given twice"],
  [{ cron: ["a=0 3 * * *", "a=0 4 * * *"] }, "--cron a is given twice"],
  [{ cron: [`${long}=0 3 * * *`] }, "longer than 52"],
  [{ job: ["x".repeat(59)] }, "longer than 63"],
])("of %j it says: %s", (options, says) => {
  expect(() => tasksOf(options, "shop", { scripts })).toThrow(says);
});
