import type { TransferRecord } from "../core/transfer-record.ts";
import type { DrawnNumbers } from "../storage/contract/transfer.ts";
import { wrongUsage } from "./exit-codes.ts";

/** Ids on one page: so few that ids far apart cost little, and so many that pages are few. */
const pageIds = 1_024n;

/** The jobs of an import, as they are read: no two may have the same id, and new ones must come after all of them. */
export class FoundJobs {
  count = 0;
  running = 0;
  readonly queues = new Set<string>();
  #largestId = 0n;
  #largestSeq = 0n;
  /** A bit for each id: there may be more than a Set can hold. */
  readonly #pages = new Map<bigint, Uint8Array>();

  /** @throws {HoldfastError} `INVALID_OPTION` when a job before it has its id. */
  add(fields: TransferRecord["fields"], lineNumber: number): void {
    this.count += 1;
    if (fields["state"] === "running") this.running += 1;
    this.queues.add(String(fields["queue"]));
    const id = BigInt(String(fields["id"]));
    const seq = BigInt(String(fields["seq"] ?? 0));
    if (id > this.#largestId) this.#largestId = id;
    if (seq > this.#largestSeq) this.#largestSeq = seq;
    if (!this.#isNew(id)) {
      throw wrongUsage(
        `Line ${lineNumber} cannot be imported: a line before it is of job ${id} too. Export again.`,
      );
    }
  }

  /** @throws {HoldfastError} `INVALID_OPTION` when a job to come would get a number that one of these has. */
  checkDrawn({ lastId, lastSeq }: DrawnNumbers): void {
    for (const [name, last, largest] of [
      ["last_id", lastId, this.#largestId],
      ["last_seq", lastSeq, this.#largestSeq],
    ] as const) {
      if (BigInt(last) >= largest) continue;
      throw wrongUsage(
        `The last line says that ${name} is ${last}, and a job before it has ${largest}: new jobs would be taken for it. Export again.`,
      );
    }
  }

  #isNew(id: bigint): boolean {
    const number = id / pageIds;
    const page = this.#pages.get(number) ?? new Uint8Array(Number(pageIds / 8n));
    this.#pages.set(number, page);
    const bit = Number(id % pageIds);
    const [byte, mask] = [bit >> 3, 1 << (bit & 7)];
    const before = page[byte] ?? 0;
    page[byte] = before | mask;
    return (before & mask) === 0;
  }
}
