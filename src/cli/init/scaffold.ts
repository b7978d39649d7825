import type { Script } from "./package-file.ts";
import type { NeededPackage } from "./needed-packages.ts";

/** A file to be written, and what it is. */
export interface ScaffoldFile {
  readonly name: string;
  readonly text: string;
  readonly is: string;
}

/** A command to go on with. */
export interface NextStep {
  readonly command: string;
  readonly does: string;
}

/** What is to be added to a project; nothing of it replaces what is there. */
export interface Scaffold {
  readonly files: readonly ScaffoldFile[];
  readonly scripts: readonly Script[];
  /** Lines of `.gitignore`. */
  readonly ignores: readonly string[];
  readonly needs: readonly NeededPackage[];
  readonly next: readonly NextStep[];
  /** What to know about what was found. */
  readonly advice: readonly string[];
}
