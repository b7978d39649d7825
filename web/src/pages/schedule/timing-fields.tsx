import { lazy, Suspense } from "react";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { Pills } from "../../components/pills.tsx";
import { useText } from "../../text/text-context.tsx";
import type { DraftFieldsProps } from "./schedule-draft.ts";

const CronWords = lazy(async () => ({
  default: (await import("../schedules/cron-words.tsx")).CronWords,
}));

/** When a schedule is to tick: by a cron expression and its zone, or at a distance. */
export function TimingFields(props: DraftFieldsProps) {
  const { schedules: text } = useText();
  const { draft, onChange } = props;
  return (
    <>
      <div>
        <Pills
          label={text.kind}
          options={[
            { id: "cron", label: text.kinds.cron },
            { id: "every", label: text.kinds.every },
          ]}
          chosen={draft.kind}
          onChoose={(kind) => onChange({ kind })}
        />
      </div>
      {draft.kind === "cron" ? <CronFields {...props} /> : <EveryField {...props} />}
    </>
  );
}

function CronFields({ draft, wrong, onChange }: DraftFieldsProps) {
  const { schedules: text } = useText();
  const words = (
    <Suspense fallback={null}>
      <CronWords expression={draft.cron.trim()} />
    </Suspense>
  );
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={text.cron} hint={words} error={wrong.has("cron") ? text.cronWrong : undefined}>
        {(props) => (
          <Input
            {...props}
            className="font-mono"
            spellCheck={false}
            value={draft.cron}
            onChange={(event) => onChange({ cron: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field
        label={text.timeZone}
        hint={text.timeZoneHint}
        error={wrong.has("timeZone") ? text.timeZoneWrong : undefined}
      >
        {(props) => (
          <Input
            {...props}
            spellCheck={false}
            value={draft.timeZone}
            onChange={(event) => onChange({ timeZone: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  );
}

function EveryField({ draft, wrong, onChange }: DraftFieldsProps) {
  const { schedules: text } = useText();
  return (
    <Field
      label={text.everyLabel}
      hint={text.everyHint}
      error={wrong.has("every") ? text.everyWrong : undefined}
    >
      {(props) => (
        <Input
          {...props}
          value={draft.every}
          onChange={(event) => onChange({ every: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}
