import { expect, test } from "vitest";
import { companionAmong, frameworks, orms, usesPostgres } from "./companions.ts";
import { packageManagerIn } from "./package-manager.ts";

test.each([
  [["pg"], "pg", undefined],
  [["pg", "kysely", "express"], "Kysely", "Express"],
  [["drizzle-orm", "postgres", "hono"], "Drizzle", "Hono"],
  [["@prisma/client", "next"], "Prisma", "Next.js"],
  [["@nestjs/core", "express", "typeorm"], "TypeORM", "NestJS"],
  [["@mikro-orm/postgresql", "knex", "fastify"], "MikroORM", "Fastify"],
  [["sequelize"], "Sequelize", undefined],
  [["left-pad"], undefined, undefined],
])("%j uses %j and %j", (packages, orm, framework) => {
  const uses = new Set(packages);
  expect(companionAmong(orms, uses)?.title).toBe(orm);
  expect(companionAmong(frameworks, uses)?.title).toBe(framework);
});

test.each([
  [["kysely", "pg"], undefined, true],
  [["@prisma/client"], 'datasource db {\n  provider = "postgresql"\n}', true],
  [["@prisma/client"], 'datasource db {\n  provider = "mysql"\n}', false],
  [["kysely", "better-sqlite3"], undefined, false],
])("%j with the schema %j keeps its data in PostgreSQL: %j", (packages, schema, is) => {
  expect(usesPostgres(new Set(packages), schema)).toBe(is);
});

test.each([
  ["pnpm@9.1.0", ["package-lock.json"], "pnpm"],
  [undefined, ["package-lock.json"], "npm"],
  [undefined, ["bun.lock"], "bun"],
  [undefined, ["yarn.lock", "package.json"], "yarn"],
  [undefined, ["package.json"], undefined],
])("packageManager %j and files %j mean %j", (named, files, manager) => {
  expect(packageManagerIn(named, files)).toBe(manager);
});
