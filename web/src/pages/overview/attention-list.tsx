import { Suspense, useState } from "react";
import { Link } from "wouter";
import type { Attention } from "../../../../src/dashboard/wire/overview.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Icon } from "../../components/icon.tsx";
import type { IconName } from "../../components/icons.ts";
import { useFormats, useText } from "../../text/text-context.tsx";
import { useFindingTitle } from "../health/use-findings-in-words.ts";
import { attentionText } from "./attention-text.ts";

interface AttentionListProps {
  readonly entries: readonly Attention[];
}

const looks: Readonly<Record<Attention["severity"], { icon: IconName; color: string }>> = {
  problem: { icon: "discarded", color: "text-danger" },
  warning: { icon: "warning", color: "text-warning" },
  note: { icon: "info", color: "text-ink-soft" },
};

/** As many as are taken in at a glance; one or two more are not worth a button. */
const most = 8;
const slack = 2;

/** What somebody should look at, worst first: each entry leads to where it is seen. */
export function AttentionList({ entries }: AttentionListProps) {
  const { overview } = useText();
  const { number } = useFormats();
  const { attention } = overview;
  const [all, setAll] = useState(false);
  const isLong = entries.length > most + slack;
  if (entries.length === 0) {
    return (
      <p className="flex items-center gap-2 text-ink-soft">
        <Icon name="check" className="text-completed" />
        {attention.nothing}
      </p>
    );
  }
  return (
    <Card title={attention.title} aside={<span>{number(entries.length)}</span>} flush>
      <ul className="mt-2 grid pb-2 lg:grid-cols-2">
        {(isLong && !all ? entries.slice(0, most) : entries).map((entry) => (
          <Entry key={`${entry.kind} ${entry.subject}`} entry={entry} />
        ))}
      </ul>
      {isLong && (
        <Button tone="quiet" className="mx-1 mb-2" onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? attention.less : attention.all(number(entries.length))}
        </Button>
      )}
    </Card>
  );
}

function Entry({ entry }: { readonly entry: Attention }) {
  const { overview } = useText();
  const { severity, link } = entry;
  const { icon, color } = looks[severity];
  return (
    <li className="min-w-0">
      <Link
        href={`/${link}`}
        className="group flex items-start gap-2.5 px-4 py-1.5 hover:bg-raised focus-visible:-outline-offset-2"
      >
        <Icon name={icon} className={`mt-0.5 ${color}`} />
        <span className="min-w-0 flex-1 break-words">
          <span className="sr-only">{overview.attention.severities[severity]}: </span>
          <bdi>
            <EntryText entry={entry} />
          </bdi>
        </span>
        <Icon
          name="chevronRight"
          className="mt-0.5 text-ink-soft opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100"
        />
      </Link>
    </li>
  );
}

function EntryText({ entry }: { readonly entry: Attention }) {
  const { attention } = useText().overview;
  if (entry.kind !== "doctor") return attentionText(attention, entry);
  return (
    <Suspense fallback={null}>
      <FindingTitle entry={entry} />
    </Suspense>
  );
}

function FindingTitle({ entry: { subject, text } }: { readonly entry: Attention }) {
  // The others here are no sentences either.
  return useFindingTitle(subject, text.replace(/\.$/, ""));
}
