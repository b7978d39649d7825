/** What is known of who sent a request, beside what the request says itself. */
export interface Caller {
  /** The address of the other end of the connection: a client's, or that of the proxy before it. */
  readonly remoteAddress?: string | undefined;
}
