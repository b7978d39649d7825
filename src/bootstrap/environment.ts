/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables each setting is read from; the first that is not empty counts. All are listed in `docs/environment.md`. */
const variables = {
  tokenUrl: ["HOLDFAST_AUTH_SERVICE_TOKEN_URL", "TONIN_AUTH_SERVICE_TOKEN_URL"],
  audience: ["HOLDFAST_AUTH_SERVICE_AUDIENCE", "TONIN_AUTH_SERVICE_AUDIENCE"],
  scopes: ["HOLDFAST_AUTH_SERVICE_TOKEN_SCOPES", "TONIN_AUTH_SERVICE_TOKEN_SCOPES"],
  credential: ["HOLDFAST_AUTH_SERVICE_CREDENTIAL"],
  credentialFile: ["HOLDFAST_AUTH_SERVICE_CREDENTIAL_FILE"],
  clientId: ["HOLDFAST_AUTH_SERVICE_CLIENT_ID"],
  clientSecret: ["HOLDFAST_AUTH_SERVICE_CLIENT_SECRET"],
  clientSecretFile: ["HOLDFAST_AUTH_SERVICE_CLIENT_SECRET_FILE"],
  jobsUrl: ["HOLDFAST_URL", "DATABASE_URL"],
  databaseUrl: ["DATABASE_URL"],
  redisUrl: ["REDIS_URL"],
  connections: ["HOLDFAST_PG_MAX_CONNECTIONS", "TONIN_PG_MAX_CONNECTIONS"],
  telemetry: ["HOLDFAST_TELEMETRY", "TONIN_TELEMETRY"],
  exporter: [
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    "OTEL_TRACES_EXPORTER",
    "OTEL_METRICS_EXPORTER",
  ],
  serviceName: ["OTEL_SERVICE_NAME"],
  sdkLogLevel: ["OTEL_LOG_LEVEL"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A setting that the environment may hold. */
export type Setting = keyof typeof variables;

/** What the environment says of a setting; an empty variable is as good as none. */
export function readSetting(env: Environment, setting: Setting): string | undefined {
  return readNamed(env, setting)?.value;
}

/** The same, with the name of the variable that says so. */
export function readNamed(
  env: Environment,
  setting: Setting,
): { readonly name: string; readonly value: string } | undefined {
  for (const name of variables[setting]) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== "") return { name, value };
  }
  return undefined;
}
