// @ts-check
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dropSchema, isPostgres } from "./database.mjs";
import { serveDashboard } from "./serve.mjs";
import { startWorld } from "./world.mjs";

const usage = `npm run dashboard -- [options]

A shop at work, and its dashboard: to look at, and to try every action on.

  --url URL             postgres://... (its schema holdfast_dashboard is replaced), or sqlite:PATH of a new file; default: one that
                        is removed at the end
  --port N              where the dashboard listens (default 7077, or any other if that is taken)
  --minutes N           how much of the last hour there is to look back on, 1 to 58 (default 58)
  --help                show this`;
const schema = "holdfast_dashboard";
// Their failures are seen on the dashboard.
process.env["HOLDFAST_LOG"] ??= "silent";

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    port: { type: "string" },
    minutes: { type: "string", default: "58" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(usage);
else await show();

async function show() {
  const home = await mkdtemp(join(tmpdir(), "holdfast-dashboard-"));
  const place = await placeOf(home);
  console.log("a day of a shop is made up ...");
  const world = await startWorld(place, { minutes: Number(values.minutes) });
  const port = values.port === undefined ? undefined : Number(values.port);
  const server = await serveDashboard(world.client, port);
  console.log(
    `its jobs are in ${place.url}\nits dashboard is at ${server.url}/   (Ctrl-C ends it)`,
  );
  await Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  await server.close();
  await world.stop();
  rmSync(home, { recursive: true, force: true });
}

/**
 * @param {string} home
 * @returns {Promise<import("./database.mjs").Place>}
 */
async function placeOf(home) {
  const { url } = values;
  if (url === undefined) return { url: `sqlite:${join(home, "shop.db")}` };
  if (!isPostgres(url)) return { url };
  await dropSchema({ url, schema });
  return { url, schema };
}
