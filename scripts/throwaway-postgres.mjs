import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { inRoot } from "./paths.mjs";

/**
 * @typedef {{ url: string, stop: () => Promise<void> }} Postgres
 * @typedef {{ runnerImport: (file: string, options: object) =>
 *   Promise<{ module: { sharedPostgres: () => Promise<Postgres> } }> }} Vite
 */

/**
 * The PostgreSQL that DATABASE_URL names, else one of our own for as long as this process lives, as the tests start it. Vite, which comes
 * with the test runner, reads its TypeScript also on a Node that cannot.
 * @returns {Promise<Postgres>}
 */
export async function throwawayPostgres() {
  const require = createRequire(import.meta.url);
  const path = createRequire(require.resolve("vitest")).resolve("vite");
  const vite = /** @type {Vite} */ (await import(pathToFileURL(path).href));
  const server = inRoot("test/support/postgres-server.ts");
  const { module } = await vite.runnerImport(server, { configFile: false });
  return module.sharedPostgres();
}
