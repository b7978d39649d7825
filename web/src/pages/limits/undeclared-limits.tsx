import type { OverviewAnswer } from "../../../../src/dashboard/wire/overview.ts";
import { useResource } from "../../api/use-resource.ts";
import { Callout } from "../../components/callout.tsx";
import { useText } from "../../text/text-context.tsx";

/** Limits that jobs wait for and nobody has declared: those jobs cannot be let in. */
export function UndeclaredLimits() {
  const { limits } = useText();
  const { data } = useResource<OverviewAnswer>("overview", "overview");
  const undeclared = (data?.attention ?? []).filter(({ kind }) => kind === "limit-undeclared");
  if (undeclared.length === 0) return null;
  return (
    <Callout tone="danger" title={limits.undeclaredTitle}>
      <p>{limits.undeclaredText}</p>
      <ul className="mt-1 list-inside list-disc">
        {undeclared.map(({ subject }) => (
          <li key={subject} className="font-mono text-xs break-all">
            <bdi>{subject}</bdi>
          </li>
        ))}
      </ul>
    </Callout>
  );
}
