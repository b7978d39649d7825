/** What a project may use beside Holdfast, recognised by its packages, and how the two meet. */
export interface Companion {
  readonly title: string;
  /** Any of them tells that it is used. */
  readonly packages: readonly string[];
}

/** A library that opens the application's transactions. */
export interface Orm extends Companion {
  /** How a transaction of it takes a job with it: an example, one line of code each. */
  readonly example: readonly string[];
}

/** What answers the application's requests. */
export interface Framework extends Companion {
  /** Where jobs and workers go in it. */
  readonly advice: string;
}

const enqueueIn = (tx: string) =>
  `  await client.enqueue(welcome, { name: "Ada" }, ${tx === "tx" ? "{ tx }" : `{ tx: ${tx} }`});`;

/** The more a library does, the sooner it comes: many of them stand on `pg`. */
export const orms: readonly Orm[] = [
  {
    title: "Prisma",
    packages: ["@prisma/client", "prisma"],
    example: ["await prisma.$transaction(async (tx) => {", enqueueIn("tx"), "});"],
  },
  {
    title: "Drizzle",
    packages: ["drizzle-orm"],
    example: ["await db.transaction(async (tx) => {", enqueueIn("tx"), "});"],
  },
  {
    title: "Kysely",
    packages: ["kysely"],
    example: ["await db.transaction().execute(async (trx) => {", enqueueIn("trx"), "});"],
  },
  {
    title: "TypeORM",
    packages: ["typeorm"],
    example: ["await dataSource.transaction(async (manager) => {", enqueueIn("manager"), "});"],
  },
  {
    title: "MikroORM",
    packages: ["@mikro-orm/core", "@mikro-orm/postgresql", "@mikro-orm/sqlite"],
    example: ["await em.transactional(async (inner) => {", enqueueIn("inner"), "});"],
  },
  {
    title: "Sequelize",
    packages: ["sequelize", "@sequelize/core"],
    example: ["await sequelize.transaction(async (tx) => {", enqueueIn("tx"), "});"],
  },
  {
    title: "Knex",
    packages: ["knex"],
    example: ["await knex.transaction(async (trx) => {", enqueueIn("trx"), "});"],
  },
  {
    title: "postgres.js",
    packages: ["postgres"],
    example: ["await sql.begin(async (tx) => {", enqueueIn("tx"), "});"],
  },
  {
    title: "pg",
    packages: ["pg"],
    example: [
      'await connection.query("BEGIN");',
      enqueueIn("connection").trim(),
      'await connection.query("COMMIT");',
    ],
  },
];

const ownProcess = "the worker is a process of its own.";
const inRoutes = (entry: string) =>
  `enqueue in routes with the client of openClient(), or that of ${entry}, which carries the request's trace; ${ownProcess} runBeside of ${entry} runs one beside the server.`;

/** A framework that stands on another one comes first. */
export const frameworks: readonly Framework[] = [
  {
    title: "Next.js",
    packages: ["next"],
    advice: `enqueue in route handlers and server actions, with requestClient of holdfast/http for the request's trace; ${ownProcess}`,
  },
  {
    title: "NestJS",
    packages: ["@nestjs/core"],
    advice: `provide the client of openClient() to your services, and use holdfast/express for health and the request's trace; ${ownProcess}`,
  },
  { title: "Hono", packages: ["hono"], advice: inRoutes("holdfast/hono") },
  { title: "Fastify", packages: ["fastify"], advice: inRoutes("holdfast/fastify") },
  { title: "Express", packages: ["express"], advice: inRoutes("holdfast/express") },
];

/** The packages that speak to a PostgreSQL server. */
const postgresPackages = ["pg", "postgres", "@prisma/adapter-pg", "@mikro-orm/postgresql"];

/** The first of these a project uses. */
export function companionAmong<One extends Companion>(
  all: readonly One[],
  uses: ReadonlySet<string>,
): One | undefined {
  return all.find(({ packages }) => packages.some((name) => uses.has(name)));
}

/** True when a project keeps its data in PostgreSQL: by its packages, or what its Prisma schema says. */
export function usesPostgres(uses: ReadonlySet<string>, prismaSchema: string | undefined): boolean {
  return (
    postgresPackages.some((name) => uses.has(name)) ||
    /provider\s*=\s*"postgres(ql)?"/.test(prismaSchema ?? "")
  );
}
