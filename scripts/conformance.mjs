import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { exitCode, run, tool } from "./run.mjs";
import { runVitest } from "./run-vitest.mjs";

const project = ["--project", "conformance"];

main(async () => {
  await ready({ build: true });
  const args = process.argv.slice(2);
  if (args.includes("--list")) return list();
  return runVitest(["run", ...project, ...args]);
});

/** Prints every case below the driver's file it runs in, and how many there are. */
async function list() {
  const ending = await run(process.execPath, [tool("vitest"), "list", ...project, "--json"], {
    capture: true,
  });
  if (ending.code !== 0) {
    console.error(ending.output);
    return exitCode(ending);
  }
  for (const [driver, titles] of casesByDriver(ending.output)) {
    console.log(`${driver}: ${titles.length} cases`);
    for (const title of titles) console.log(`  ${title}`);
  }
  return 0;
}

/** @param {string} output */
function casesByDriver(output) {
  const json = output.slice(output.indexOf("["));
  const cases = /** @type {{ name: string, file: string }[]} */ (JSON.parse(json));
  /** @type {Map<string, string[]>} */
  const drivers = new Map();
  for (const { name, file } of cases) {
    const driver = /([^/\\]+)\.test\.ts$/.exec(file)?.[1] ?? file;
    drivers.set(driver, [...(drivers.get(driver) ?? []), name]);
  }
  return drivers;
}
