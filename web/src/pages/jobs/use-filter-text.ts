import { useLocation, useSearch } from "wouter";
import { jobsLink } from "./jobs-link.ts";

/** The filter in the page's address, and how to go to another. */
export function useFilterText(): {
  readonly text: string;
  readonly show: (filter: string) => void;
} {
  const search = useSearch();
  const [, navigate] = useLocation();
  const text = new URLSearchParams(search).get("q") ?? "";
  return { text, show: (filter) => navigate(jobsLink(filter)) };
}
