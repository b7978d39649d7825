import { wrongUsage } from "../exit-codes.ts";
import { environmentFrom } from "./env-from.ts";
import type { Application } from "./manifest.ts";
import { checkLabel, checkSubdomain, isLabel } from "./object-name.ts";
import type { PackageFile } from "../init/package-file.ts";

/** What the command line says of the application. */
export interface ApplicationOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly image?: string;
  readonly secret?: string;
  readonly envFrom?: readonly string[];
  readonly replicas: number;
  readonly healthPort: number;
  readonly drain?: string;
  readonly queues?: string;
}

/** Between the abort of the last handlers and the end of the process: giving jobs back, closing connections. */
const closingMs = 10_000;
/** The name of every part begins with it. */
const longestName = 42;

/**
 * The application that manifests run; `stopMs` is how long its workers take to stop at most: their drain and their grace.
 *
 * @throws {HoldfastError} `INVALID_OPTION`.
 */
export function applicationOf(
  options: ApplicationOptions,
  file: PackageFile,
  stopMs: number,
): Application {
  const name = nameOf(options.name ?? nameFrom(file.name));
  checkNumber("--replicas", options.replicas, 0, 10_000);
  checkNumber("--health-port", options.healthPort, 1, 65_535);
  return {
    name,
    namespace:
      options.namespace === undefined ? undefined : checkLabel("--namespace", options.namespace),
    image: options.image ?? `${name}:${tagOf(file.version)}`,
    secret: checkSubdomain("--secret", options.secret ?? `${name}-database`),
    envFrom: environmentFrom(options.envFrom ?? []),
    replicas: options.replicas,
    healthPort: options.healthPort,
    endsWithinSeconds: Math.ceil((stopMs + closingMs) / 1_000),
    workArguments: [
      ...(options.drain === undefined ? [] : ["--drain", options.drain]),
      ...(options.queues === undefined ? [] : ["--queues", options.queues]),
    ],
  };
}

/** The package's version, without the `+` of its build, which no tag may have. */
function tagOf(version: string | undefined): string {
  return version?.replaceAll("+", "-") ?? "latest";
}

/** The package's name without its scope, as far as it can be a DNS label. */
function nameFrom(name: string | undefined): string | undefined {
  return name
    ?.replace(/^@[^/]*\//, "")
    .replace(/[^a-z0-9-]+/gi, "-")
    .toLowerCase();
}

function nameOf(name: string | undefined): string {
  if (name !== undefined && /^[a-z]/.test(name) && isLabel(name, longestName)) return name;
  const got = name === undefined ? "" : `; ${JSON.stringify(name)} is not such a name`;
  throw wrongUsage(
    `Name the application with --name: lower-case letters, digits and dashes, at most ${longestName}${got}.`,
  );
}

function checkNumber(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw wrongUsage(`${option} must be a whole number from ${least} to ${most}; got ${value}.`);
}
