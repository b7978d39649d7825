import type { HealthAnswer } from "../../../../src/dashboard/wire/health.ts";
import { useResource } from "../../api/use-resource.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { Resource } from "../../components/resource.tsx";
import { useText } from "../../text/text-context.tsx";
import { DatabaseFacts } from "./database-facts.tsx";
import { Findings } from "./findings.tsx";
import { MaintenancePasses } from "./maintenance-passes.tsx";

export function HealthPage() {
  const { health } = useText();
  const query = useResource<HealthAnswer>("health", "health");
  return (
    <>
      <PageHeader title={health.title} />
      <Resource query={query}>
        {({ findings, passes, facts, database }) => (
          <div className="grid gap-4">
            <Findings findings={findings} />
            <DatabaseFacts facts={facts} database={database} />
            <MaintenancePasses passes={passes} />
          </div>
        )}
      </Resource>
    </>
  );
}
