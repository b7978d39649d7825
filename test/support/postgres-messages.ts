/** One message of a PostgreSQL connection: its letter, and all its bytes. */
export type OnMessage = (letter: string, bytes: Buffer) => void;

const headerBytes = 5;

/** Cuts the bytes of a connection into messages; feed it what arrives, in order. */
export function cutMessages(onMessage: OnMessage): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let from = 0;
    while (rest.length - from >= headerBytes) {
      const end = from + 1 + rest.readInt32BE(from + 1);
      if (end > rest.length) break;
      onMessage(String.fromCharCode(rest[from] ?? 0), rest.subarray(from, end));
      from = end;
    }
    rest = rest.subarray(from);
  };
}

/** A message of the server's. */
export function message(letter: string, ...parts: readonly (string | number)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(`${part}\0`) : int32(part))),
  );
  return Buffer.concat([Buffer.from(letter), int32(body.length + 4), body]);
}

/** The server's word that it waits for a command, outside a transaction. */
export const ready = Buffer.concat([Buffer.from("Z"), int32(5), Buffer.from("I")]);

/** A refusal that ends the connection. */
export function refusal(code: string, text: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
  return Buffer.concat([Buffer.from("E"), int32(fields.length + 4), fields]);
}

const requests = { 80877102: "cancel", 80877103: "encrypt", 80877104: "encrypt" } as const;

/** What a client's first message asks for; it has no letter. */
export type Opening =
  | { readonly ask: "cancel" }
  | { readonly ask: "encrypt" }
  | { readonly ask: "start"; readonly parameters: ReadonlyMap<string, string> };

/** Reads a client's first message, given whole. */
export function readOpening(bytes: Buffer): Opening {
  const request = requests[bytes.readInt32BE(4) as keyof typeof requests];
  if (request !== undefined) return { ask: request };
  const words = bytes.toString("utf8", 8).split("\0");
  const parameters = new Map<string, string>();
  for (let at = 0; words[at] !== undefined && words[at] !== ""; at += 2) {
    parameters.set(words[at] ?? "", words[at + 1] ?? "");
  }
  return { ask: "start", parameters };
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
