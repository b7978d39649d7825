import { describe, expect, test } from "vitest";
import { jobColumns, type TransferRecord } from "../core/transfer-record.ts";
import { endLine, headLine, readLine, recordLine } from "./transfer-lines.ts";

const fields = {
  state: "scheduled",
  id: "9007199254740993",
  name: "greet",
  version: 1,
  queue: "default",
  priority: 5,
  attempt: 0,
  crashes: 0,
  run: 0,
  backoff_ms: 0,
  created_at: 1,
  run_at: 2,
  unique_key: "k",
  unique_while: "unfinished",
  payload: '{"email":"ada@example.com"}',
  checkpoint: null,
  progress: null,
  result: null,
  policy: null,
  attempts: null,
  tags: '["a"]',
  gates: null,
  trace: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
};
const record: TransferRecord = { type: "job", fields };
const withPayload = (payload: string): TransferRecord => ({
  type: "job",
  fields: { ...fields, payload },
});

describe("a line", () => {
  test("has JSON as JSON, and reads back as it was", () => {
    const line = recordLine(record);
    expect(line).toContain('"payload":{"email":"ada@example.com"}');
    expect(readLine(line, 2)).toEqual({ kind: "record", record });
  });

  test.each([
    ["null"],
    ['"text"'],
    ["12345678901234567890"],
    ['{"b":1,  "a":1}'],
    ['{"a":1,"a":2}'],
    ['{"2":1,"1":2}'],
    ["1e400"],
    ['"\\u0000"'],
    ['{"$json":"1"}'],
    ['{"$json":"1","more":2}'],
    ['{"__proto__":{"a":1}}'],
  ])("keeps the payload %s to the letter", (payload) => {
    const line = recordLine(withPayload(payload));
    expect(line.trimEnd()).not.toContain("\n");
    expect(readLine(line, 2)).toEqual({ kind: "record", record: withPayload(payload) });
  });

  test("tells a stored null from nothing stored", () => {
    const stored: TransferRecord = { type: "job", fields: { ...fields, checkpoint: "null" } };
    expect(readLine(recordLine(stored), 2)).toEqual({ kind: "record", record: stored });
  });

  test("may be the first or the last", () => {
    expect(readLine(headLine("sqlite", 0), 1)).toEqual({ kind: "head" });
    const drawn = { lastId: "7", lastSeq: "9" };
    expect(readLine(endLine(3, drawn), 5)).toEqual({ kind: "end", records: 3, drawn });
  });

  test.each([
    ["", "it is no JSON object"],
    ["[", "it is no JSON object"],
    ["7", "it is no JSON object"],
    ['{"type":"holdfast","format":2}', "it is of format 2, and this version reads 1"],
    ['{"type":"end"}', "an end has records, last_id and last_seq"],
    ['{"type":"joke"}', 'nothing is known of type "joke"'],
    ['{"type":"job","state":"lost"}', 'of type "job" in state "lost"'],
    ['{"type":"queue","name":"a","colour":1}', '"colour" is not known here'],
    ['{"type":"queue","name":7}', '"name" must be of kind text'],
    [
      '{"type":"generation","name":"a","key":"k","job":"1","checkpoint":{"$json":"{"}}',
      '"checkpoint" must be of kind json',
    ],
  ])("%s is refused by its number", (line, says) => {
    expect(() => readLine(line, 12)).toThrow(`Line 12 cannot be imported: `);
    expect(() => readLine(line, 12)).toThrow(says);
  });

  test("of a job without a trace, as earlier versions wrote them, is read; what is no trace is refused", () => {
    const { trace, ...rest } = fields;
    const untraced = recordLine({ type: "job", fields: rest });
    const read = { type: "job", fields: { ...fields, trace: null } };
    expect(readLine(untraced, 2)).toEqual({ kind: "record", record: read });
    const line = recordLine(record).replace(trace, "00-1");
    expect(() => readLine(line, 2)).toThrow('"trace" must be of kind trace?');
  });

  test("is refused when a column that every job has is missing", () => {
    const { payload: _, ...rest } = JSON.parse(recordLine(record)) as Record<string, unknown>;
    expect(() => readLine(JSON.stringify(rest), 3)).toThrow('"payload" must be of kind json');
    expect(Object.keys(jobColumns.scheduled)).toContain("payload");
  });
});
