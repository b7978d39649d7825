import type { OperationRow } from "../../../../src/dashboard/wire/operations.ts";
import { useResource } from "../../api/use-resource.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { Resource } from "../../components/resource.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { useText } from "../../text/text-context.tsx";
import { BackCard } from "./back-card.tsx";
import { OperationFacts } from "./operation-facts.tsx";
import { OperationProgress } from "./operation-progress.tsx";
import { OperationState } from "./operation-state.tsx";
import { StopButton } from "./stop-button.tsx";

export function OperationPage({ params }: PageProps) {
  const { operations } = useText();
  const id = params["id"] ?? "";
  const path = `operations/${encodeURIComponent(id)}`;
  const query = useResource<OperationRow>(`operation:${id}`, path, { keepPrevious: false });
  const { data } = query;
  return (
    <>
      <PageHeader
        title={
          data === undefined
            ? `${operations.one} ${id}`
            : operations.titles[data.action](data.matched, data.atLeast)
        }
        parent={{ to: "/operations", title: operations.title }}
        marks={data !== undefined && <OperationState state={data.state} />}
      >
        {data !== undefined && <StopButton operation={data} />}
      </PageHeader>
      <Resource query={query}>
        {(operation) => (
          <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
            <div className="grid min-w-0 content-start gap-4">
              <OperationProgress operation={operation} />
              {operation.state !== "running" && <BackCard operation={operation} />}
            </div>
            <OperationFacts operation={operation} />
          </div>
        )}
      </Resource>
    </>
  );
}
