/** A short message over the page. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly detail?: string;
  /** What the server says in its own language, below what is said in the reader's. */
  readonly foreign?: string;
  readonly tone: "done" | "failed";
  readonly undo?: () => void;
}
