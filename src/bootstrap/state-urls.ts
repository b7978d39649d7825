import { parseStorageUrl } from "../client/storage-url.ts";
import { type Environment, readNamed, readSetting, type Setting } from "./environment.ts";
import { wrongValue } from "./state-errors.ts";

/** Where the environment says that a service's state is. */
export interface StateUrls {
  readonly postgres: string | undefined;
  readonly redis: string | undefined;
}

/** A URL, and the variable that holds it. */
export interface NamedUrl {
  readonly name: string;
  readonly value: string;
}

/**
 * Reads the URLs of the state before anything is opened.
 *
 * @throws {HoldfastError} `STATE_NOT_CONFIGURED` for one that leads nowhere. It never repeats it, since it may hold a password.
 */
export function readStateUrls(env: Environment): StateUrls {
  const database = readSetting(env, "databaseUrl");
  // One of another scheme may be that of the jobs.
  const isPostgres = database !== undefined && /^postgres(ql)?:\/\//i.test(database);
  return {
    postgres: isPostgres ? readUrl(env, "databaseUrl", isPostgresUrl, postgresForm) : undefined,
    redis: readUrl(env, "redisUrl", isRedisUrl, redisForm),
  };
}

/**
 * Reads the URL of the jobs, which is that of the application's own database unless they have one.
 *
 * @throws {HoldfastError} `STATE_NOT_CONFIGURED`.
 */
export function readJobsUrl(env: Environment): NamedUrl | undefined {
  const named = readNamed(env, "jobsUrl");
  if (named !== undefined && !isStorageUrl(named.value)) throw wrongValue(named.name, jobsForm);
  return named;
}

const postgresForm = "a URL such as postgres://user:password@host:5432/database";
const redisForm = "a URL such as redis://user:password@host:6379/0 or rediss://...";
const jobsForm = `sqlite:path, or ${postgresForm}`;
const escapes = "what a URL gives a meaning to is written with % in a password, such as %2F for /";

function readUrl(
  env: Environment,
  setting: Setting,
  isOne: (url: string) => boolean,
  form: string,
): string | undefined {
  const named = readNamed(env, setting);
  if (named !== undefined && !isOne(named.value)) {
    throw wrongValue(named.name, `${form} (${escapes})`);
  }
  return named?.value;
}

/** As `pg` reads it: spaces are allowed, and so is a user without a host. */
function isPostgresUrl(url: string): boolean {
  return URL.canParse(url.replaceAll(" ", "%20").replace("@/", "@localhost/"));
}

function isRedisUrl(url: string): boolean {
  if (!/^rediss?:\/\//i.test(url) || !URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

function isStorageUrl(url: string): boolean {
  try {
    return parseStorageUrl(url).kind === "sqlite" || isPostgresUrl(url);
  } catch {
    return false;
  }
}
