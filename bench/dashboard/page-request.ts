/** A question that a page asks the dashboard's API. */
export interface PageRequest {
  readonly page: string;
  /** What is asked, with names in the place of ids and times, which are others in every run. */
  readonly request: string;
  /** Below the dashboard's path. */
  readonly path: string;
  /** Sent with POST. */
  readonly body?: object;
}

/** A question that is the same in every run. */
export function plain(page: string, path: string): PageRequest {
  return { page, request: path, path };
}
