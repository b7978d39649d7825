import { jobStates } from "../../core/job.ts";

/** How the values of a field are read. */
export type FieldKind =
  | "state"
  | "texts"
  | "text"
  | "lane"
  | "id"
  | "moment"
  | "duration"
  | "contains"
  | "boolean"
  | "payload";

/** A value that is offered without looking into the database. */
export interface OfferedValue {
  /** As it is to stand after the colon. */
  readonly text: string;
  /** What it means, in English. */
  readonly hint: string;
}

/** A field of the filter language. */
export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  /** What it is about, in English. */
  readonly hint: string;
  /** One way to write it. */
  readonly example: string;
  readonly offers: readonly OfferedValue[];
  /** True when `api/jobs/values` knows values of it. */
  readonly lookedUp: boolean;
}

const states: readonly OfferedValue[] = jobStates.map((text) => ({ text, hint: "" }));

const ages: readonly OfferedValue[] = [
  { text: "<15m", hint: "in the last 15 minutes" },
  { text: "<1h", hint: "in the last hour" },
  { text: "<1d", hint: "in the last day" },
  { text: ">1h", hint: "more than an hour ago" },
  { text: ">1d", hint: "more than a day ago" },
  { text: ">7d", hint: "more than a week ago" },
];

const answers: readonly OfferedValue[] = [
  { text: "true", hint: "" },
  { text: "false", hint: "" },
];

const lengths: readonly OfferedValue[] = [
  { text: ">30s", hint: "for longer than 30 seconds" },
  { text: ">5m", hint: "for longer than 5 minutes" },
  { text: ">1h", hint: "for longer than an hour" },
];

/** Every field, in the order in which they are offered. */
export const fields: readonly Field[] = [
  field("state", "state", "where the job stands", "state:discarded,cancelled", states),
  field("queue", "texts", "the queue; * stands for any text", "queue:emails", "looked-up"),
  field(
    "name",
    "texts",
    "the name of its definition; * stands for any text",
    "name:send-*",
    "looked-up",
  ),
  field("tag", "texts", "a tag it has", "tag:vip", "looked-up"),
  field("payload", "payload", "a value inside the payload", "payload.user.id:42", "looked-up"),
  field("error", "contains", "text in the newest error", "error:~timeout"),
  field("created", "moment", "when it was enqueued", "created:<2h", ages),
  field("finished", "moment", "when it finished", "finished:<2h", ages),
  field("wait", "duration", "due for so long and still waiting", "wait:>30s", lengths),
  field("running", "duration", "running for so long", "running:>5m", lengths),
  field("duration", "duration", "its newest ended attempt took so long", "duration:>30s", lengths),
  field("rescued", "boolean", "whether a worker died or lost it", "rescued:true", answers),
  field("worker", "text", "the id of the worker that runs or last ran it", "worker:7"),
  field("lane", "lane", "the lane it waits for", "lane:customer-7"),
  field("gate", "text", "the lane or limit it waits for", "gate:limit:api"),
  field("unique", "text", "its unique key", "unique:order-7"),
  field("id", "id", "its id", "id:12,13"),
];

/** The field of a name, if there is one. */
export function fieldOf(name: string): Field | undefined {
  return fields.find((each) => each.name === name);
}

function field(
  name: string,
  kind: FieldKind,
  hint: string,
  example: string,
  offers: readonly OfferedValue[] | "looked-up" = [],
): Field {
  return offers === "looked-up"
    ? { name, kind, hint, example, offers: [], lookedUp: true }
    : { name, kind, hint, example, offers, lookedUp: false };
}
