import type { QueueAnswer } from "../../../../src/dashboard/wire/queues.ts";
import { Card } from "../../components/card.tsx";
import { Count } from "../../components/count.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { limitParts } from "./limit-parts.ts";

interface EffectiveLimitProps {
  readonly answer: QueueAnswer;
}

/** How many jobs of a queue run at once, and what sets that number. */
export function EffectiveLimit({ answer }: EffectiveLimitProps) {
  const { limit: text } = useText().queues;
  const { number } = useFormats();
  const { running } = answer.queue;
  const { effective } = answer.limit;
  return (
    <Card title={text.title}>
      <div className="grid gap-2">
        <p className="text-2xl font-semibold">
          <Count value={running} />
          <span className="text-ink-soft"> / {number(effective)}</span>
        </p>
        <ProgressBar label={text.running} done={running.count} of={effective} />
        <Explanation answer={answer} />
      </div>
    </Card>
  );
}

function Explanation({ answer }: EffectiveLimitProps) {
  const { limit: text } = useText().queues;
  const { number } = useFormats();
  const { workers, each, bound } = limitParts(answer);
  const { places, maxRunning, effective } = answer.limit;
  if (bound === "nobody") return <p className="text-ink-soft">{text.none}</p>;
  const supply =
    each === undefined ? text.sum(workers, number(places)) : text.times(workers, number(each));
  const said =
    maxRunning === null
      ? text.equal(number(effective), supply)
      : text.least(number(effective), supply, number(maxRunning));
  return (
    <>
      <p className="font-mono text-xs break-words">{said}</p>
      <p className="text-ink-soft">
        {answer.queue.running.count >= effective && `${text.full} `}
        {bound === "workers" ? text.byWorkers : text.byMaxRunning}
      </p>
    </>
  );
}
