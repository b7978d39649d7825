import { useMemo } from "react";
import type { OverviewAnswer } from "../../../../src/dashboard/wire/overview.ts";
import { useResource } from "../../api/use-resource.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { Resource } from "../../components/resource.tsx";
import { useText } from "../../text/text-context.tsx";
import { ActivityCharts } from "../charts/activity-charts.tsx";
import { AttentionList } from "./attention-list.tsx";
import { QueueCards } from "./queue-cards.tsx";
import { Tiles } from "./tiles.tsx";

export function OverviewPage() {
  const { overview, charts } = useText();
  const query = useResource<OverviewAnswer>("overview", "overview");
  const deploys = query.data?.deploys;
  const marks = useMemo(
    () => (deploys ?? []).map(({ at, version }) => ({ at, label: charts.deploy(version) })),
    [deploys, charts],
  );
  return (
    <>
      <PageHeader title={overview.title} />
      <Resource query={query}>
        {({ attention, tiles, queues }) => (
          <div className="grid gap-4">
            <AttentionList entries={attention} />
            <Tiles tiles={tiles} />
            <ActivityCharts marks={marks} />
            <QueueCards queues={queues} />
          </div>
        )}
      </Resource>
    </>
  );
}
