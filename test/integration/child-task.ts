/** What `protocol-child.mjs` is to do for a job. */
export interface ChildTask {
  /** Lines to say: objects as JSON, text as it is. */
  readonly say?: readonly (string | object)[];
  /** Replies with the child's process and the request it got. */
  readonly tell?: boolean;
  /** Does not hear that it is to stop. */
  readonly deaf?: boolean;
  /** Starts a process of its own and says both numbers as progress. */
  readonly grandchild?: boolean;
  readonly stderr?: string;
  /** Ends the child. */
  readonly exit?: number;
}

/** What a child replies that was to tell. */
export interface Told {
  readonly pid: number;
  readonly request: Readonly<Record<string, unknown>>;
}

/** A line a child gets, as this one reads it. */
export interface ParentLine {
  readonly type: string;
  readonly id: string;
  readonly reason: string;
  readonly payload: ChildTask;
}
