// @ts-check
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dropSchema, isPostgres } from "./database.mjs";
import { startWorld } from "./world.mjs";

const schema = "holdfast_dashboard";
process.env["HOLDFAST_LOG"] ??= "silent";
const { values } = parseArgs({ options: { url: { type: "string" }, port: { type: "string" } } });

const home = await mkdtemp(join(tmpdir(), "holdfast-dashboard-"));
const place =
  values.url !== undefined && isPostgres(values.url)
    ? { url: values.url, schema }
    : { url: values.url ?? `sqlite:${join(home, "shop.db")}` };
if (place.schema !== undefined) await dropSchema({ url: place.url, schema });
console.log("A day of a shop is being made up ...");
const began = performance.now();
const world = await startWorld(place);
console.log(`made in ${((performance.now() - began) / 1_000).toFixed(1)} s: ${place.url}`);
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, () => {
    void world.stop().finally(() => {
      rmSync(home, { recursive: true, force: true });
      process.exit(0);
    });
  });
}
