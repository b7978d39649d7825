/** A line of a stack. */
export interface StackFrame {
  readonly text: string;
  /** True for the program's own code: neither a library's nor Node's. */
  readonly isOwn: boolean;
}

const foreign = /node_modules[\\/]|\bnode:|\(internal\/|<anonymous>\)?$|\(native\)/;

/** The frames of a stack, without the message that comes before them. */
export function stackFrames(stack: string, message: string): readonly StackFrame[] {
  // A message may have lines that look like frames.
  const at = message === "" ? -1 : stack.indexOf(message);
  const rest = at < 0 ? stack : stack.slice(at + message.length);
  return rest
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at ") || /^\S*@\S+:\d+/.test(line))
    .map((text) => ({ text, isOwn: !foreign.test(text) }));
}
