interface Bounds {
  readonly least: number;
  readonly most: number;
  /** Words for the values, from the least on. */
  readonly names?: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const bounds: Readonly<Record<string, Bounds>> = {
  minute: { least: 0, most: 59 },
  hour: { least: 0, most: 23 },
  day: { least: 1, most: 31 },
  month: { least: 1, most: 12, names: months },
  // Kubernetes knows no 7 for Sunday.
  weekday: { least: 0, most: 6, names: weekdays },
};

/**
 * What is wrong with the times of a CronJob, for whoever wrote them; undefined when Kubernetes takes them. It has no seconds, and
 * none of L, W and #.
 */
export function problemWithTimes(fields: readonly string[]): string | undefined {
  const all = Object.entries(bounds);
  if (fields.length !== all.length) return `there are ${fields.length} fields`;
  const at = all.findIndex(([, each], i) => !isField(fields[i] ?? "", each));
  const [name, { least, most }] = all[at] ?? ["", { least: 0, most: 0 }];
  return at === -1
    ? undefined
    : `${JSON.stringify(fields[at])} is no ${name} (${least}-${most}${name === "weekday" ? ", 0 is Sunday" : ""})`;
}

function isField(field: string, each: Bounds): boolean {
  return field.split(",").every((part) => {
    const [range = "", step, ...rest] = part.split("/");
    const isStep = step === undefined || (/^\d{1,4}$/.test(step) && Number(step) > 0);
    return rest.length === 0 && isStep && isRange(range, each);
  });
}

function isRange(range: string, each: Bounds): boolean {
  if (range === "*") return true;
  const values = range.split("-").map((text) => valueOf(text, each));
  const [first, last = first, ...rest] = values;
  return rest.length === 0 && first !== undefined && last !== undefined && first <= last;
}

/** The number a word or number stands for; NaN, which is never in order, for none. */
function valueOf(text: string, { least, most, names = [] }: Bounds): number {
  const named = names.indexOf(text.toLowerCase());
  if (named !== -1) return named + least;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : Number.NaN;
}
