import type { PgOptions, PostgresPool } from "./pg-shapes.ts";

const connectMs = 10_000;
const queryMs = 30_000;

/** Options for connections of Holdfast's own: a dead network is noticed, and the server shows who it is. */
export function ownOptions(options: PgOptions): PgOptions {
  return {
    query_timeout: queryMs,
    fallback_application_name: "holdfast",
    ...options,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
  };
}

/** The options to open a given pool a second time. `pg` hides passwords and keys from spreading: they are copied by name. */
export function reopenedOptions(pool: PostgresPool): PgOptions {
  const given = pool.options as PgOptions;
  const { types: _types, min: _min, maxUses: _maxUses, ...options } = given;
  const password = given.password === undefined ? {} : { password: given.password };
  return ownOptions({
    ...options,
    ...password,
    ...(isObject(given.ssl) ? { ssl: copySsl(given.ssl) } : {}),
    Client: Reflect.get(pool, "Client"),
  });
}

const portableNames = [
  "connectionString",
  "host",
  "port",
  "user",
  "password",
  "database",
  "options",
  "client_encoding",
  "application_name",
  "fallback_application_name",
  "enableChannelBinding",
  "sslnegotiation",
];

/** The options another thread can connect with; `undefined` when they hold functions or a transport of their own. */
export function portableOptions(options: PgOptions): PgOptions | undefined {
  if (options["stream"] !== undefined) return undefined;
  const named = portableNames.map((name) => [name, options[name]] as const);
  const given = Object.fromEntries(named.filter(([, value]) => value !== undefined));
  const ssl = isObject(options.ssl) ? copySsl(options.ssl) : options.ssl;
  const portable = ssl === undefined ? given : { ...given, ssl };
  try {
    structuredClone(portable);
    return portable;
  } catch {
    return undefined;
  }
}

function copySsl(ssl: object): object {
  const key: unknown = Reflect.get(ssl, "key");
  return key === undefined ? { ...ssl } : { ...ssl, key };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
