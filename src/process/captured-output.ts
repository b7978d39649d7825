/** A bounded part of what a process wrote. */
export interface CapturedOutput {
  push(chunk: Uint8Array): void;
  /** How many bytes were left out. */
  dropped(): number;
  /** What was kept, as UTF-8, with a mark where something was left out. */
  text(): string;
}

/** Keeps the first `maxBytes`. */
export function keepHead(maxBytes: number): CapturedOutput {
  const kept: Uint8Array[] = [];
  let size = 0;
  let dropped = 0;
  return {
    push(chunk) {
      const part = chunk.subarray(0, maxBytes - size);
      if (part.length > 0) kept.push(part);
      size += part.length;
      dropped += chunk.length - part.length;
    },
    dropped: () => dropped,
    // A stream's decoder waits for the rest of a letter that was cut in two.
    text: () =>
      dropped === 0 ? decode(kept) : `${decode(kept, true)}\n[${dropped} more bytes were dropped]`,
  };
}

/** Keeps the last `maxBytes`. */
export function keepTail(maxBytes: number): CapturedOutput {
  const kept: Uint8Array[] = [];
  let size = 0;
  let dropped = 0;
  return {
    push(chunk) {
      kept.push(chunk);
      size += chunk.length;
      while (size > maxBytes) {
        const first = kept[0] ?? chunk;
        const excess = Math.min(size - maxBytes, first.length);
        if (excess === first.length) kept.shift();
        else kept[0] = first.subarray(excess);
        size -= excess;
        dropped += excess;
      }
    },
    dropped: () => dropped,
    text: () =>
      dropped === 0
        ? decode(kept)
        : `[${dropped} bytes before this were dropped]\n${decode(fromLetter(kept))}`,
  };
}

function decode(chunks: readonly Uint8Array[], cut = false): string {
  const decoder = new TextDecoder();
  const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("");
  return cut ? text : text + decoder.decode();
}

/** Leaves out what is left of a letter that was cut in two. */
function fromLetter(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  const [first, ...others] = chunks;
  if (first === undefined) return [];
  const start = first.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return [start === -1 ? first : first.subarray(start), ...others];
}
