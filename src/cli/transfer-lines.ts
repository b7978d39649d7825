import { columnsOf, fits, type TransferRecord } from "../core/transfer-record.ts";
import type { DrawnNumbers } from "../storage/contract/transfer.ts";
import { wrongUsage } from "./exit-codes.ts";

/** The form of the lines; a reader refuses others. */
const format = 1;

/** What a line says: where the lines come from, one thing, or that this was all. */
export type TransferLine =
  | { readonly kind: "head" }
  | { readonly kind: "record"; readonly record: TransferRecord }
  | { readonly kind: "end"; readonly records: number; readonly drawn: DrawnNumbers };

/** The first line. */
export function headLine(from: string, at: number): string {
  return `${JSON.stringify({ type: "holdfast", format, from, at: new Date(at).toISOString() })}\n`;
}

/** The last line; without it the lines before are not all there were. */
export function endLine(records: number, { lastId, lastSeq }: DrawnNumbers): string {
  return `${JSON.stringify({ type: "end", records, last_id: lastId, last_seq: lastSeq })}\n`;
}

/** The line of one record, without the columns that have no value. JSON stands in it as JSON, unless JavaScript would not give the same text back. */
export function recordLine({ type, fields }: TransferRecord): string {
  const kinds = columnsOf(type, fields["state"]) ?? {};
  const told = Object.entries(fields).filter(([, value]) => value !== null);
  const parts = told.map(([name, value]) => {
    const holdsJson = kinds[name]?.startsWith("json") === true && typeof value === "string";
    return `${JSON.stringify(name)}:${holdsJson ? embed(value) : JSON.stringify(value)}`;
  });
  return `{"type":${JSON.stringify(type)},${parts.join(",")}}\n`;
}

/** The one member of an object that holds JSON as text. */
const textMember = "$json";

function embed(json: string): string {
  const value: unknown = JSON.parse(json);
  return JSON.stringify(value) === json && !isEmbedded(value)
    ? json
    : JSON.stringify({ [textMember]: json });
}

function isEmbedded(value: unknown): value is Readonly<Record<typeof textMember, unknown>> {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, textMember))
    return false;
  return Object.keys(value).length === 1;
}

/**
 * Reads one line.
 *
 * @throws {HoldfastError} `INVALID_OPTION` naming the line when it says nothing that is known.
 */
export function readLine(text: string, number: number): TransferLine {
  const line = parse(text, number);
  const refuse = (why: string) => wrongUsage(`Line ${number} cannot be imported: ${why}.`);
  if (line["type"] === "holdfast") {
    if (line["format"] === format) return { kind: "head" };
    throw refuse(`it is of format ${String(line["format"])}, and this version reads ${format}`);
  }
  if (line["type"] === "end") return readEnd(line, refuse);
  const columns = columnsOf(line["type"], line["state"]);
  if (columns === undefined) {
    throw refuse(
      `nothing is known of type ${JSON.stringify(line["type"])} in state ${JSON.stringify(line["state"])}`,
    );
  }
  const { type, state } = line;
  for (const name of Object.keys(line)) {
    const isKnown = name === "type" || name === "state" || Object.hasOwn(columns, name);
    if (!isKnown) throw refuse(`${JSON.stringify(name)} is not known here`);
  }
  const fields: Record<string, unknown> = type === "job" ? { state } : {};
  for (const [name, kind] of Object.entries(columns)) {
    const value = kind.startsWith("json") ? jsonText(line[name]) : (line[name] ?? null);
    if (!fits(kind, value)) throw refuse(`${JSON.stringify(name)} must be of kind ${kind}`);
    fields[name] = value;
  }
  return { kind: "record", record: { type, fields } as TransferRecord };
}

function parse(text: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below: what is wrong with it matters little.
  }
  throw wrongUsage(`Line ${number} cannot be imported: it is no JSON object.`);
}

function readEnd(
  { records, last_id: lastId, last_seq: lastSeq }: Readonly<Record<string, unknown>>,
  refuse: (why: string) => Error,
): TransferLine {
  if (fits("integer", records) && fits("id", lastId) && fits("id", lastSeq)) {
    return {
      kind: "end",
      records: Number(records),
      drawn: { lastId: String(lastId), lastSeq: String(lastSeq) },
    };
  }
  throw refuse("an end has records, last_id and last_seq");
}

function jsonText(value: unknown): unknown {
  if (value === undefined) return null;
  // A stored null is the text "null"; a column without a value is left out.
  if (!isEmbedded(value)) return JSON.stringify(value);
  return isJson(value[textMember]) ? value[textMember] : undefined;
}

function isJson(text: unknown): boolean {
  try {
    return typeof text === "string" && (JSON.parse(text), true);
  } catch {
    return false;
  }
}
