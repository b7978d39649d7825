import { Suspense } from "react";
import type { HealthFinding } from "../../../../src/dashboard/wire/health.ts";
import { Card } from "../../components/card.tsx";
import { Chip } from "../../components/chip.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { useText } from "../../text/text-context.tsx";
import { useFindingsInWords } from "./use-findings-in-words.ts";

interface FindingsProps {
  readonly findings: readonly HealthFinding[];
}

/** What the doctor found, and what to do about each. */
export function Findings({ findings }: FindingsProps) {
  const { health } = useText();
  if (findings.length === 0) {
    return (
      <Card title={health.findings} flush>
        <EmptyState icon="check" title={health.healthy}>
          {health.healthyText}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Suspense fallback={<Skeleton />}>
      <FindingList findings={findings} />
    </Suspense>
  );
}

function FindingList(props: FindingsProps) {
  const { health } = useText();
  const findings = useFindingsInWords(props.findings);
  return (
    <Card
      title={health.findings}
      aside={<CopyButton text={() => findings.map(asText).join("\n\n")} label={health.copyAll} />}
      flush
    >
      <ul className="mt-2 divide-y divide-line border-t border-line">
        {findings.map((finding) => (
          <li key={`${finding.code} ${finding.detail}`}>
            <FindingEntry finding={finding} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function FindingEntry({ finding }: { readonly finding: HealthFinding }) {
  const { health } = useText();
  const { code, level, title, detail, fix } = finding;
  const isError = level === "error";
  return (
    <article className="grid grid-cols-1 gap-2 px-4 py-3">
      <header className="flex flex-wrap items-center gap-2">
        <Chip icon={isError ? "discarded" : "warning"} tone={isError ? "danger" : "warning"}>
          {health.levels[level]}
        </Chip>
        <h3 className="font-medium">{title}</h3>
        <code className="font-mono text-xs text-ink-soft">{code}</code>
      </header>
      <p className="wrap-anywhere whitespace-pre-line">
        <bdi>{detail}</bdi>
      </p>
      <div className="flex items-start gap-2 rounded-md bg-raised py-1 ps-3 pe-1">
        <p className="min-w-0 flex-1 py-1 wrap-anywhere whitespace-pre-line">
          <span className="font-medium">{health.fix} </span>
          <bdi>{fix}</bdi>
        </p>
        <CopyButton text={fix} label={health.copyFix} />
      </div>
    </article>
  );
}

const asText = ({ level, code, title, detail, fix }: HealthFinding): string =>
  `${level} ${code}: ${title}\n${detail}\n${fix}`;
