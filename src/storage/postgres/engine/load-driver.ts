import { HoldfastError } from "../../../core/errors.ts";
import type { Driver } from "./pg-shapes.ts";

/**
 * Loads `pg`, which is an optional peer.
 *
 * @throws {HoldfastError} `DRIVER_MISSING`.
 */
export async function loadDriver(): Promise<Driver> {
  try {
    const { default: driver } = await import("pg");
    return driver as unknown as Driver;
  } catch (cause) {
    throw new HoldfastError(
      "DRIVER_MISSING",
      'PostgreSQL needs the package "pg", which could not be loaded. Install it: npm i pg',
      { cause },
    );
  }
}
