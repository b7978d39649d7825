import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { runVitest } from "./run-vitest.mjs";

/** The pure core is held to every branch, so its tests run first and alone are measured. */
const core = ["--project", "unit", "--coverage"];
/**
 * What is said of the repository is npm run check. The package as it is packed, and the examples, are npm run test:package: most of that
 * is npm's work.
 */
const everythingElse = ["types", "conformance", "integration", "chaos"].flatMap((name) => [
  "--project",
  name,
]);

/** They wait for leases to run out more than they test, so they run with the stresses, which continuous integration does as well. */
const slowFaults = [
  "clock-jump",
  "cluster",
  "crash-loop",
  "outage",
  "postgres-faults",
  "sqlite-faults",
  "stale-owner",
].map((name) => `test/chaos/${name}.test.ts`);

/** The laws once more with each storage in a process of its own, laps of the ring, and everything through poolers: the stresses run these in any length. */
const elsewhere = [
  "test/conformance/sqlite-processes.test.ts",
  "test/integration/pooler.test.ts",
  "test/chaos/pooler.test.ts",
  "test/chaos/ring.test.ts",
];

/** @param {readonly string[]} args */
const vitest = (args) => runVitest(["run", ...args]);

main(async () => {
  await ready({ build: true });
  const chosen = process.argv.slice(2);
  if (chosen.length > 0) return vitest(chosen);
  const first = await vitest(core);
  const later = [...slowFaults, ...elsewhere].flatMap((file) => ["--exclude", file]);
  const second = await vitest([...everythingElse, ...later]);
  return first || second;
});
