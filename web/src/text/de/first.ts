import type { FirstTexts } from "../catalogue.ts";
import { charts } from "./charts.ts";
import { overview } from "./overview.ts";
import { problems } from "./problems.ts";
import { queues } from "./queues.ts";
import { keys, palette, shell } from "./shell.ts";
import { chart, json, states, words } from "./words.ts";

/** What the shell and the first page say. */
export const first: FirstTexts = {
  shell,
  palette,
  keys,
  states,
  words,
  json,
  chart,
  charts,
  overview,
  queues,
  problems,
};
