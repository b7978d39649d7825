import { stripVTControlCharacters } from "node:util";

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** A way to set text off. */
export type Colour = keyof typeof codes;

/** Colours text; leaves it as it is where nobody would see a colour. */
export type Paint = (colour: Colour | undefined, text: string) => string;

/** A paint for a stream: colours only on a terminal, and not where `NO_COLOR` or a dumb terminal asks for none. */
export function createPaint(
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const colourless = !isTerminal || Boolean(env["NO_COLOR"]) || env["TERM"] === "dumb";
  return (colour, text) =>
    colourless || colour === undefined ? text : `\u001B[${codes[colour]}m${text}\u001B[0m`;
}

/** How many places text takes. */
export function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Text from the database made safe for a terminal and one line: control characters are shown, not obeyed. */
export function plain(text: string): string {
  return text.replace(
    /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g,
    (char) => {
      if (char === "\n") return "\\n";
      if (char === "\t") return "\\t";
      return `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
    },
  );
}

/** Text of several lines made safe: those after the first stand to the right, so that none looks like a line of its own. */
export function plainLines(text: string): string {
  return text.split("\n").map(plain).join("\n  ");
}
