import { useState } from "react";
import type { JobAnswer } from "../../../../src/dashboard/wire/jobs.ts";
import { Card } from "../../components/card.tsx";
import { JsonTree } from "../../components/json-tree.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { useFormats, useText } from "../../text/text-context.tsx";

type Part = "payload" | "result" | "checkpoint";

/** What a job was given, what it gave, and what it kept on the way. */
export function DataCard({ job }: { readonly job: JobAnswer }) {
  const { data } = useText().job;
  const [part, setPart] = useState<Part>("payload");
  const parts: readonly Part[] = ["payload", "result", "checkpoint"];
  return (
    <Card flush>
      <Tabs
        label={data.title}
        tabs={parts.map((id) => ({ id, label: data[id] }))}
        chosen={part}
        onChoose={setPart}
      >
        <div className="p-4">
          <DataPart text={job[part]} part={part} />
          {job.redacted.length > 0 && part === "payload" && (
            <p className="mt-3 text-xs text-ink-soft">{data.redacted(job.redacted.join(", "))}</p>
          )}
        </div>
      </Tabs>
    </Card>
  );
}

function DataPart({ text, part }: { readonly text: string | null; readonly part: Part }) {
  const { data } = useText().job;
  const { bytes } = useFormats();
  if (text === null) {
    return <p className="text-ink-soft">{part === "result" ? data.noResult : data.noCheckpoint}</p>;
  }
  return (
    <>
      <JsonTree key={part} text={text} label={data[part]} />
      <p className="mt-2 text-xs text-ink-soft">{data.size(bytes(new Blob([text]).size))}</p>
    </>
  );
}
