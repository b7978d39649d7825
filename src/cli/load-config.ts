import { existsSync } from "node:fs";
import path from "node:path";
import { isHoldfastError } from "../core/errors.ts";
import { defineConfig, type HoldfastConfig } from "./config.ts";
import { wrongUsage } from "./exit-codes.ts";
import { importModule } from "./import-module.ts";

const names = ["ts", "mts", "js", "mjs"].map((ending) => `holdfast.config.${ending}`);

/** A configuration and where it was found. */
export interface LoadedConfig extends HoldfastConfig {
  /** What its relative paths are relative to. */
  readonly folder: string;
}

/**
 * The configuration named, or the one of the working directory, or an empty one when there is none.
 *
 * @throws {HoldfastError} `INVALID_OPTION` when it cannot be loaded, exports no configuration or one with unknown options.
 */
export async function loadConfig(named: string | undefined): Promise<LoadedConfig> {
  if (named !== undefined && !existsSync(named)) {
    throw wrongUsage(`--config names a file that does not exist: ${named}.`);
  }
  const file = named ?? names.find((name) => existsSync(name));
  if (file === undefined) return { folder: process.cwd() };
  const { default: config } = await importModule(file);
  if (typeof config !== "object" || config === null) {
    throw wrongUsage(`${file} must export a configuration: export default defineConfig({ ... });`);
  }
  return { ...check(file, config), folder: path.dirname(path.resolve(file)) };
}

function check(file: string, config: object): HoldfastConfig {
  try {
    return defineConfig(config);
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    throw wrongUsage(`${file}: ${error.message}`, error);
  }
}
