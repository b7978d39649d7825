/** What a chunk of bytes completed. */
export interface SplitLines {
  /** Complete lines without their ends; blank ones are left out. */
  readonly lines: readonly string[];
  /** True when a line grew longer than allowed: what follows cannot be trusted. */
  readonly overflow: boolean;
}

/** Cuts a stream of bytes into lines of UTF-8. */
export interface LineSplitter {
  push(chunk: Uint8Array): SplitLines;
}

const newline = 10;

/** A splitter that holds no line longer than `maxBytes`. */
export function createLineSplitter(maxBytes: number): LineSplitter {
  const decoder = new TextDecoder();
  let text = "";
  let held = 0;

  function add(bytes: Uint8Array, complete: boolean): boolean {
    held += bytes.length;
    if (held > maxBytes) return false;
    text += decoder.decode(bytes, { stream: !complete });
    return true;
  }

  return {
    push(chunk) {
      const lines: string[] = [];
      let rest = chunk;
      for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline)) {
        if (!add(rest.subarray(0, end), true)) return { lines, overflow: true };
        if (text.trim() !== "") lines.push(text);
        text = "";
        held = 0;
        rest = rest.subarray(end + 1);
      }
      return { lines, overflow: !add(rest, false) };
    },
  };
}
