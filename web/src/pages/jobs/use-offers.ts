import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo } from "react";
import { complete, type Completion } from "../../../../src/dashboard/filter/complete.ts";
import type { JobValuesAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { read, withQuery } from "../../api/request.ts";
import { type Offer, offersFor } from "./filter-offers.ts";

export interface Offers {
  readonly completion: Completion | undefined;
  readonly offers: readonly Offer[];
}

/** What can be written at the caret of a filter's text. The server is asked for what only it knows. */
export function useOffers(text: string, caret: number, wanted: boolean): Offers {
  const completion = useMemo(
    () => (wanted ? complete(text, caret) : undefined),
    [text, caret, wanted],
  );
  const path = useDeferredValue(valuesPath(completion));
  const { data } = useQuery({
    queryKey: ["values", path],
    queryFn: ({ signal }) => read<JobValuesAnswer>(path ?? "", signal),
    enabled: path !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    // Without offers one can still write.
    retry: false,
  });
  const known = path === undefined ? undefined : data?.values;
  const offers = useMemo(() => offersFor(completion, known ?? []), [completion, known]);
  return { completion, offers };
}

/** Where the server is asked; undefined where it knows nothing more. */
function valuesPath(completion: Completion | undefined): string | undefined {
  if (completion === undefined || completion.kind === "field") return undefined;
  const { prefix, path } = completion;
  if (completion.kind === "path") {
    return withQuery("jobs/values", { field: "payload", path: joined(path), prefix });
  }
  if (!completion.ask) return undefined;
  return withQuery("jobs/values", { field: completion.field.name, path: joined(path), prefix });
}

const joined = (path: readonly string[]): string =>
  path.map((key) => key.replaceAll(".", "\\.")).join(".");
