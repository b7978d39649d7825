/** A short message over the page. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly detail?: string;
  readonly tone: "done" | "failed";
  readonly undo?: () => void;
}
