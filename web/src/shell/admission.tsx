import type { ReactNode } from "react";
import type { SessionAnswer } from "../../../src/dashboard/wire/session.ts";
import { ApiProblem } from "../api/api-problem.ts";
import { useResource } from "../api/use-resource.ts";
import { ErrorState } from "../components/error-state.tsx";

/** Shows the page to whom the server lets in, and to all others why it does not: also when that changes meanwhile. */
export function Admission({ children }: { readonly children: ReactNode }) {
  const { error, refetch } = useResource<SessionAnswer>("session", "session");
  const refused = error instanceof ApiProblem && (error.status === 401 || error.status === 403);
  return refused ? <ErrorState error={error} onRetry={() => void refetch()} /> : children;
}
