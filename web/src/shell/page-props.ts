/** What pages with a parameter in their address get of it, decoded. */
export interface PageProps {
  readonly params: Readonly<Record<string, string | undefined>>;
}
