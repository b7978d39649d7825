import { type BesideOptions, standBeside } from "./beside.ts";
import { nodeDoor, type NodeServer } from "./door.ts";

/**
 * Runs a worker beside a server, until SIGTERM or SIGINT: then the server takes no more requests, the worker no more jobs, both end
 * what they have begun, jobs that outlast the worker's `drain` are given back with no attempt spent, and the client is closed. Resolves after
 * that, so that a process with nothing left to do ends with exit code 0. A second signal kills the process at once.
 *
 * @throws {HoldfastError} `INVALID_OPTION`, `ALREADY_STARTED`, `STORAGE_*` when the worker cannot start; the server is closed then too.
 * @example
 * ```ts
 * import express from "express";
 * import { runBeside } from "holdfast/express";
 *
 * const server = express().listen(3000);
 * await runBeside(server, { client, worker });
 * ```
 */
export function runBeside(server: NodeServer, options: BesideOptions): Promise<void> {
  return standBeside(nodeDoor(server), options);
}
