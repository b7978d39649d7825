import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { Card } from "../../components/card.tsx";
import { useText } from "../../text/text-context.tsx";
import { StateMap } from "./state-map.tsx";
import { TimelineList } from "./timeline-list.tsx";

/** Where a job stands, and how it came there. */
export function StandingCard({ job }: { readonly job: JobAnswer }) {
  const text = useText().job;
  return (
    <Card title={text.map.title}>
      <StateMap job={job} />
      <TimelineList job={job} />
    </Card>
  );
}
