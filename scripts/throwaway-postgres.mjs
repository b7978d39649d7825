import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { inRoot } from "./paths.mjs";

/**
 * The PostgreSQL that DATABASE_URL names, else one of our own for as long as this process lives, as the tests start it.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function throwawayPostgres() {
  const require = createRequire(import.meta.url);
  const vite = createRequire(require.resolve("vitest")).resolve("vite");
  const { runnerImport } = await import(pathToFileURL(vite).href);
  const server = inRoot("test/support/postgres-server.ts");
  const { module } = await runnerImport(server, { configFile: false });
  return module.sharedPostgres();
}
