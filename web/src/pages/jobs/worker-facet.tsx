import type { WorkersAnswer } from "../../../../src/dashboard/wire/workers.ts";
import { useFormats, useText } from "../../text/text-context.tsx";
import { FacetList } from "./facet-list.tsx";
import { FacetSection } from "./facet-section.tsx";
import { useFacetData } from "./use-facet-data.ts";

interface WorkerFacetProps {
  readonly text: string;
  readonly chosen: readonly string[];
}

/** The workers, each with how many jobs it runs and how many it could. */
export function WorkerFacet(props: WorkerFacetProps) {
  const { workers } = useText();
  return (
    <FacetSection id="workers" title={workers.title} numbers={[["running", workers.places]]}>
      <Lines {...props} />
    </FacetSection>
  );
}

function Lines({ text, chosen }: WorkerFacetProps) {
  const { workers } = useText();
  const { number } = useFormats();
  const { data } = useFacetData<WorkersAnswer>("workers");
  if (data === undefined) return null;
  const facets = data.workers.map(({ id, host, pid, report }) => ({
    value: id,
    label: host,
    title: `${host} (${workers.pid} ${pid})`,
    numbers:
      report === null
        ? []
        : [
            {
              label: workers.places,
              value: `${number(report.running)} / ${number(report.places)}`,
            },
          ],
  }));
  return (
    <FacetList text={text} field="worker" chosen={chosen} facets={facets} empty={workers.empty} />
  );
}
