import type { AuditEntry } from "../../core/audit-client.ts";
import { type ErrorCode, errorCatalogue } from "../../core/errors.ts";
import { checkNames } from "../../core/finding.ts";
import type { PassReport, WorkerReport } from "../../core/worker-record.ts";
import { permissions, type Role, rolePermissions } from "../access/permission.ts";
import { factNames } from "../health/fact-names.ts";
import type { AuditAnswer, HealthAnswer, HealthFinding } from "../wire/health.ts";
import type { ProblemAnswer } from "../wire/problem.ts";
import type { Environment, SessionAnswer } from "../wire/session.ts";
import type { WorkerRow, WorkersAnswer } from "../wire/workers.ts";
import {
  anything,
  byName,
  flag,
  list,
  moment,
  nullable,
  numeric,
  type SchemaOf,
  shape,
  text,
  whole,
  words,
} from "./typed-schema.ts";

const database = words("postgres", "sqlite");

const pass = {
  ranAt: moment,
  tookMs: numeric,
  rows: whole,
  runs: whole,
  total: whole,
  error: nullable(text),
} as const;

/** What is answered about the dashboard itself, workers, health and the audit. */
export const siteSchemas = {
  Session: shape<SessionAnswer>({
    actor: text,
    role: nullable(words(...(Object.keys(rolePermissions) as Role[]))),
    permissions: list(words(...permissions)),
    readOnly: flag,
    environment: nullable(
      shape<Environment>({ name: text, color: words("gray", "green", "blue", "amber", "red") }),
    ),
    version: text,
    database,
    now: moment,
  }),
  Workers: shape<WorkersAnswer>({
    workers: list(
      shape<WorkerRow>({
        id: text,
        host: text,
        pid: whole,
        version: nullable(text),
        bootId: text,
        queues: list(text),
        slots: byName(whole),
        handlers: list(text),
        versions: byName(whole),
        state: words("running", "draining"),
        drainedBy: nullable(text),
        leaseMs: numeric,
        startedAt: moment,
        beat: text,
        lastBeatMs: nullable(numeric),
        report: nullable(
          shape<WorkerReport>({
            lagMs: numeric,
            rssBytes: numeric,
            heapBytes: numeric,
            running: whole,
            places: whole,
            jobs: list(text),
            passes: byName(shape<PassReport>(pass)),
          }),
        ),
        silent: flag,
        versionDiffers: flag,
      }),
    ),
    now: moment,
  }),
  Health: shape<HealthAnswer>({
    findings: list(
      shape<HealthFinding>({
        code: text as SchemaOf<HealthFinding["code"]>,
        check: words(...checkNames),
        level: words("error", "warning"),
        title: text,
        detail: text,
        fix: text,
        facts: nullable(byName(anything)),
      }),
    ),
    passes: list(shape({ ...pass, name: text, worker: text })),
    database,
    facts: list(shape({ name: words(...factNames), value: anything as SchemaOf<string | number> })),
    now: moment,
  }),
  Audit: shape<AuditAnswer>({
    entries: list(
      shape<AuditEntry>({
        id: text,
        at: moment,
        by: nullable(text),
        action: text,
        target: text,
        details: byName(anything),
      }),
    ),
    next: nullable(text),
  }),
  Done: shape<object>({}),
  Document: { type: "object", description: "An OpenAPI document." },
  EventStream: { type: "string", description: "Server-Sent Events." },
  Problem: shape<ProblemAnswer>(
    {
      type: text,
      title: text,
      status: whole,
      code: words(...(Object.keys(errorCatalogue) as ErrorCode[])),
      detail: text,
      details: byName(anything),
    },
    "details",
  ),
} as const;
