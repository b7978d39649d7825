// @ts-check
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { isPostgres, schema } from "./database.mjs";
import { count } from "./progress.mjs";
import { pathOf } from "./proof.mjs";

const shown = 12;
const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * What was proved, in lines.
 * @param {import("./proof.mjs").Proof} proof
 * @param {import("./recovery.mjs").Recovery | undefined} recovery
 */
export function reportProof(proof, recovery) {
  const { readable, once, twice, missing, strangers, discarded } = proof;
  const megabytes = count(Math.round(proof.bytes / 1e6));
  const verdict = proof.holds ? "Proof holds" : "PROOF FAILED";
  const lines = [
    "",
    `${verdict}: ${count(once)} of ${count(readable)} readable files were counted exactly once`,
    `  ${missing.length} missing, ${twice.length} counted twice, ${strangers.length} not asked for`,
    `  ${count(proof.lines)} lines and ${megabytes} MB hashed by ${proof.workers} worker processes`,
    ...[...missing, ...twice, ...strangers].slice(0, shown).map((path) => `  wrong: ${path}`),
  ];
  if (recovery !== undefined) lines.push(describeRecovery(recovery));
  lines.push("", `Discarded: ${count(discarded.length)} jobs that failed three times`);
  for (const job of discarded.slice(0, shown)) {
    // The killed worker may have held it when it was tried for the last time.
    const failed = job.attempts.findLast(({ how }) => how === "failed") ?? job.attempts.at(-1);
    lines.push(`  ${pathOf(job)}`, `    ${failed?.error?.message}`);
  }
  if (discarded.length > shown) lines.push(`  and ${count(discarded.length - shown)} more`);
  return lines;
}

/** @param {import("./recovery.mjs").Recovery} recovery */
function describeRecovery({ held, rescued, finished }) {
  if (held === 0) return "  the killed worker held no job at that moment";
  return `  recovery: the ${held} jobs of the killed worker were rescued after ${rescued.toFixed(1)} s (lease 3 s), the last was finished after ${finished.toFixed(1)} s`;
}

/**
 * Where to go from here, in lines.
 * @param {string} url
 * @param {string} table
 */
export function reportNext(url, table) {
  const query = `SELECT worker, count(*) AS files, sum(lines) AS lines FROM ${table} GROUP BY worker`;
  const shell = isPostgres(url) ? `psql "$URL"` : `sqlite3 ${url.slice("sqlite:".length)}`;
  const place = isPostgres(url) ? `schema ${schema} of your database` : url.slice("sqlite:".length);
  const editor = process.env["VISUAL"] ?? process.env["EDITOR"] ?? "code";
  const quickstart = relative(process.cwd(), `${root}examples/quickstart/quickstart.mjs`);
  return [
    "",
    `The database: ${place}`,
    `  look at it:   ${shell} '${query}'`,
    `  your own job: ${editor} ${quickstart}   then   npm run quickstart`,
  ];
}

/**
 * How to see it all in the dashboard, in a line.
 * @param {string} url
 */
export function dashboardCommand(url) {
  const place = isPostgres(url) ? `--url "$URL" --schema ${schema}` : `--url ${url}`;
  return `  dashboard:    npx holdfast dashboard ${place} --open`;
}
