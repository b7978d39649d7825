import type { QueueRow, QueuesAnswer } from "../../../../src/dashboard/wire/queues.ts";
import { Count } from "../../components/count.tsx";
import { Icon } from "../../components/icon.tsx";
import { useText } from "../../text/text-context.tsx";
import { FacetList } from "./facet-list.tsx";
import { FacetSection } from "./facet-section.tsx";
import { useFacetData } from "./use-facet-data.ts";

interface QueueFacetProps {
  readonly text: string;
  readonly chosen: readonly string[];
}

/** The queues, each with how many of its jobs run and how many are due. */
export function QueueFacet(props: QueueFacetProps) {
  const { queues, states } = useText();
  return (
    <FacetSection
      id="queues"
      title={queues.title}
      numbers={[
        ["running", states.running],
        ["available", states.available],
      ]}
    >
      <Lines {...props} />
    </FacetSection>
  );
}

function Lines({ text, chosen }: QueueFacetProps) {
  const { queues, states } = useText();
  const { data } = useFacetData<QueuesAnswer>("queues");
  if (data === undefined) return null;
  const facets = data.queues.map((queue) => ({
    value: queue.name,
    label: queue.name,
    mark: <QueueMark queue={queue} />,
    numbers: [
      { label: states.running, value: <Count value={queue.running} compact /> },
      { label: states.available, value: <Count value={queue.available} compact /> },
    ],
  }));
  return (
    <FacetList text={text} field="queue" chosen={chosen} facets={facets} empty={queues.empty} />
  );
}

/** What keeps its jobs from running, as a mark. */
function QueueMark({ queue }: { readonly queue: QueueRow }) {
  const { queues } = useText();
  const [icon, word] = queue.unserved
    ? (["warning", queues.unserved] as const)
    : (["pause", queues.paused] as const);
  if (!queue.unserved && !queue.paused) return null;
  return (
    <span title={word} className={`flex ${queue.unserved ? "text-danger" : "text-warning"}`}>
      <Icon name={icon} size={14} />
      <span className="sr-only">{word}</span>
    </span>
  );
}
