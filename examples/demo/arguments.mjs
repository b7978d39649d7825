// @ts-check
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isPostgres } from "./database.mjs";

export const usage = `npm run demo -- [FOLDER] [options]

Counts every file of FOLDER (default: this repository's node_modules) exactly once, with real jobs.

  --url postgres://...  use a PostgreSQL database (its schema holdfast_demo is replaced); default: a new SQLite file
  --workers N           worker processes, 1 to 16 (default 2)
  --no-kill             do not kill a worker process half way (default: --kill)
  --dashboard           show it all in the dashboard while it runs, and keep that open
  --help                show this`;

/** Says what is wrong with the command line. */
export class UsageError extends Error {}

/**
 * @typedef {{ folder: string, url: string | undefined, workers: number, kill: boolean, dashboard: boolean, help: boolean }} DemoOptions
 * @param {string[]} args
 * @returns {DemoOptions}
 */
export function readArguments(args) {
  const { values, positionals } = parse(args);
  const [folder = defaultFolder(), ...others] = positionals;
  if (others.length > 0)
    throw new UsageError(`one folder at a time; got ${positionals.join(", ")}`);
  const { url, help } = values;
  if (url !== undefined && !isPostgres(url)) throw new UsageError("--url takes a postgres:// URL");
  if (values.kill && values["no-kill"])
    throw new UsageError("--kill and --no-kill exclude each other");
  return {
    folder: help ? folder : readableFolder(folder),
    url,
    workers: wholeNumber(values.workers),
    kill: !values["no-kill"],
    dashboard: values.dashboard,
    help,
  };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        url: { type: "string" },
        workers: { type: "string", default: "2" },
        kill: { type: "boolean", default: false },
        "no-kill": { type: "boolean", default: false },
        dashboard: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    const [sentence] = /** @type {Error} */ (error).message.split(". ");
    throw new UsageError(sentence);
  }
}

const defaultFolder = () => fileURLToPath(new URL("../../node_modules", import.meta.url));

/** @param {string} name relative to where the command was typed, which npm remembers */
function readableFolder(name) {
  const folder = resolve(process.env["INIT_CWD"] ?? "", name);
  try {
    if (statSync(folder).isDirectory()) return folder;
  } catch (error) {
    throw new UsageError(`cannot open the folder: ${/** @type {Error} */ (error).message}`);
  }
  throw new UsageError(`${folder} is not a folder`);
}

/** @param {string} text */
function wholeNumber(text) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 16) return number;
  throw new UsageError(`--workers takes a whole number from 1 to 16; got ${text}`);
}
