import { QueryCache, QueryClient } from "@tanstack/react-query";
import { reach } from "../live/reach.ts";
import { ApiProblem, NoAnswer } from "./api-problem.ts";

const retries = 2;

/** What was read, kept while the page is open. Changes are told by the live connection. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onSuccess: () => reach.set(true),
    onError: (error) => reach.set(!(error instanceof NoAnswer)),
  }),
  defaultOptions: {
    queries: {
      staleTime: 1_000,
      // The live connection reads everything again when the page is seen again.
      refetchOnWindowFocus: false,
      networkMode: "always",
      retry: (failures, error) => failures < retries && !isRefusal(error),
      retryDelay: (attempt) => 500 * 2 ** attempt,
    },
    mutations: { networkMode: "always" },
  },
});

/** A refusal stays one however often one asks; an overloaded server may answer the next time. */
const isRefusal = (error: Error): boolean => error instanceof ApiProblem && error.status < 500;
