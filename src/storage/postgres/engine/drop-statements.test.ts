import { expect, test } from "vitest";
import { dropStatements } from "./drop-statements.ts";

const step = (sql: string) => ({ id: 1, name: "a", checksum: "", sql });

test("names each thing once, functions by their parameters without defaults, and nothing of another schema", () => {
  const migrations = [
    step(`CREATE TABLE "x".one (id bigint);
CREATE TABLE "x".one_0 PARTITION OF "x".one DEFAULT;
CREATE TABLE "y".theirs (id bigint);
CREATE TYPE "x".request AS (id bigint);
CREATE SEQUENCE "x".job_id;
CREATE VIEW "x".jobs AS SELECT 1;`),
    step(`CREATE OR REPLACE VIEW "x".jobs AS SELECT 2;
CREATE FUNCTION "x".f(a numeric(10, 2) DEFAULT round(1.5, 1), OUT b text) LANGUAGE sql AS 'CREATE TABLE "x".no ()';
CREATE OR REPLACE FUNCTION "x".f() RETURNS void LANGUAGE sql AS '';`),
  ];
  expect(dropStatements('"x"', migrations)).toEqual([
    'DROP VIEW IF EXISTS "x".jobs',
    'DROP TABLE IF EXISTS "x".one, "x".one_0',
    'DROP SEQUENCE IF EXISTS "x".job_id',
    'DROP FUNCTION IF EXISTS "x".f(a numeric(10, 2), OUT b text), "x".f()',
    'DROP TYPE IF EXISTS "x".request',
  ]);
});
