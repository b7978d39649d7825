import { useLocation, useSearch } from "wouter";
import { withQuery } from "../../api/request.ts";

/** Where the jobs that a filter means are listed. */
export const jobsAddress = (filter: string): string => withQuery("/jobs", { q: filter.trim() });

/** The filter in the page's address, and how to go to another. */
export function useFilterText(): {
  readonly text: string;
  readonly show: (filter: string) => void;
} {
  const search = useSearch();
  const [, navigate] = useLocation();
  const text = new URLSearchParams(search).get("q") ?? "";
  return { text, show: (filter) => navigate(jobsAddress(filter)) };
}
