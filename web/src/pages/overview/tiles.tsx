import type { OverviewAnswer } from "../../../../src/dashboard/wire/overview.ts";
import { Count } from "../../components/count.tsx";
import { StatTile } from "../../components/stat-tile.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";
import { jobsLink } from "../jobs/jobs-link.ts";

interface TilesProps {
  readonly tiles: OverviewAnswer["tiles"];
}

/** The six numbers one looks at first, each a way to the jobs behind it. */
export function Tiles({ tiles }: TilesProps) {
  const text = useText().overview.tiles;
  const { duration } = useFormats();
  return (
    <section
      aria-label={text.title}
      className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6"
    >
      <LastMinute tiles={tiles} />
      <StatTile
        label={text.waiting}
        value={<Count value={tiles.waiting} />}
        note={text.waitingNote}
        to={jobsLink({ state: ["available", "blocked"] })}
      />
      <StatTile
        label={text.oldest}
        value={tiles.oldestWaitingMs === null ? "–" : duration(tiles.oldestWaitingMs)}
        note={text.oldestNote}
        to={jobsLink({ state: ["available"] })}
      />
      <Busy tiles={tiles} />
    </section>
  );
}

function LastMinute({ tiles: { completed, failed, retried } }: TilesProps) {
  const text = useText().overview.tiles;
  return (
    <>
      <StatTile
        label={text.completed}
        value={<Count value={completed} />}
        note={text.perMinute}
        to={jobsLink({ state: ["completed"] })}
      />
      <StatTile
        label={text.failed}
        value={<Count value={failed} />}
        note={text.perMinute}
        tone={failed > 0 ? "danger" : "plain"}
        to={jobsLink({ state: ["retryable", "discarded"] })}
      />
      <StatTile
        label={text.retried}
        value={<Count value={retried} />}
        note={text.perMinute}
        to={jobsLink({ state: ["retryable"] })}
      />
    </>
  );
}

function Busy({ tiles: { busy, places } }: TilesProps) {
  const text = useText().overview.tiles;
  const { number, percent } = useFormats();
  return (
    <StatTile
      label={text.busy}
      value={`${number(busy)} / ${number(places)}`}
      note={places === 0 ? text.noPlaces : text.used(percent(busy / places))}
      to="/workers"
    />
  );
}
