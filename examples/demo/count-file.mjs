// @ts-check
import { defineJob } from "holdfast";
import { z } from "zod";

/** The demo's job: hash one file, count its lines, write a row about it. */
export const countFile = defineJob({
  name: "count-file",
  payload: z.object({ path: z.string() }),
  queue: "files",
  retry: { attempts: 3, backoff: { min: "200ms", max: "1s" } },
});
