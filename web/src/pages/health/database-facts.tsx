import type { HealthAnswer } from "../../../../src/dashboard/wire/health.ts";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Facts } from "../../components/facts.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { factText } from "./fact-text.ts";

interface DatabaseFactsProps {
  readonly facts: HealthAnswer["facts"];
  readonly database: HealthAnswer["database"];
}

/** What is known of the database. */
export function DatabaseFacts({ facts, database }: DatabaseFactsProps) {
  const { health } = useText();
  const formats = useFormats();
  const kind = <span className="text-ink-soft">{health.databases[database]}</span>;
  const known: Readonly<Record<string, string>> = health.facts;
  return (
    <Card title={health.database} aside={kind}>
      {facts.length === 0 ? (
        <EmptyState title={health.noFacts} />
      ) : (
        <Facts
          facts={facts.map(({ name, value }) => ({
            name: known[name] ?? name,
            value: factText(name, value, { formats, words: health.values }),
          }))}
        />
      )}
    </Card>
  );
}
