import { type FormEvent, useState } from "react";
import type { ScheduleRow } from "../../../../src/dashboard/wire/schedules.ts";
import { useAction } from "../../api/use-action.ts";
import { Dialog } from "../../components/dialog.tsx";
import { Field } from "../../components/field.tsx";
import { Select, TextArea } from "../../components/input.tsx";
import { useText } from "../../text/text-context.tsx";
import { DraftButtons } from "../settings/draft-buttons.tsx";
import {
  type DraftFieldsProps,
  draftOf,
  type ScheduleDraft,
  scheduleChange,
  wrongFields,
} from "./schedule-draft.ts";
import { TimingFields } from "./timing-fields.tsx";

interface ScheduleFormProps {
  readonly schedule: ScheduleRow;
  readonly onClose: () => void;
}

/** Changes a schedule made by hand. It begins with what was stored when it was opened. */
export function ScheduleForm({ schedule, onClose }: ScheduleFormProps) {
  const { schedules } = useText();
  const { run, pending } = useAction();
  const [stored] = useState(() => draftOf(schedule));
  const [draft, setDraft] = useState(stored);
  const change = scheduleChange(stored, draft);
  const apply = async (event: FormEvent) => {
    event.preventDefault();
    if (change === undefined) return;
    const path = `schedules/${encodeURIComponent(schedule.name)}/update`;
    const done = schedules.changedDone(schedule.name);
    const answer = await run({ path, body: change, topics: ["schedules", "overview"], done });
    if (answer !== undefined) onClose();
  };
  const fields = {
    draft,
    wrong: wrongFields(draft),
    onChange: (changes: Partial<ScheduleDraft>) => setDraft({ ...draft, ...changes }),
  };
  return (
    <Dialog title={schedules.editTitle(schedule.name)} onClose={onClose} wide>
      <form className="grid gap-4" onSubmit={(event) => void apply(event)}>
        <TimingFields {...fields} />
        <MannerFields {...fields} />
        <DraftButtons
          permission="schedules:update"
          changed={draft !== stored}
          ready={change !== undefined}
          pending={pending}
          onReset={() => setDraft(stored)}
        />
      </form>
    </Dialog>
  );
}

function MannerFields({ draft, wrong, onChange }: DraftFieldsProps) {
  const { schedules: text } = useText();
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Choice
          label={text.missed}
          value={draft.missed}
          options={text.missedChoices}
          onChange={(missed) => onChange({ missed })}
        />
        <Choice
          label={text.overlap}
          value={draft.overlap}
          options={text.overlapKinds}
          onChange={(overlap) => onChange({ overlap })}
        />
      </div>
      <Field
        label={text.payload}
        hint={text.payloadHint}
        error={wrong.has("payload") ? text.payloadWrong : undefined}
      >
        {(props) => (
          <TextArea
            {...props}
            rows={5}
            spellCheck={false}
            className="font-mono text-xs"
            value={draft.payload}
            onChange={(event) => onChange({ payload: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: Readonly<Record<Value, string>>;
  readonly onChange: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const isOption = (text: string): text is Value => Object.hasOwn(options, text);
  return (
    <Field label={label}>
      {(props) => (
        <Select
          {...props}
          value={value}
          onChange={({ currentTarget }) => {
            if (isOption(currentTarget.value)) onChange(currentTarget.value);
          }}
        >
          {Object.entries<string>(options).map(([id, word]) => (
            <option key={id} value={id}>
              {word}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
