import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { useText } from "../../text/text-context.tsx";
import { type FieldName, fieldKinds, readField, type Settings } from "./settings-draft.ts";

interface SettingsGroupProps {
  readonly title: string;
  readonly fields: readonly FieldName[];
  readonly settings: Settings;
  readonly disabled: boolean;
  readonly onChange: (field: FieldName, value: string) => void;
}

/** Settings that belong together. */
export function SettingsGroup({ title, fields, ...rest }: SettingsGroupProps) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-xs font-semibold text-ink-soft">{title}</legend>
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        {fields.map((field) => (
          <SettingField key={field} field={field} {...rest} />
        ))}
      </div>
    </fieldset>
  );
}

interface SettingFieldProps extends Omit<SettingsGroupProps, "title" | "fields"> {
  readonly field: FieldName;
}

function SettingField({ field, settings, disabled, onChange }: SettingFieldProps) {
  const { settings: text } = useText().queues;
  const { label, hint, empty } = text.fields[field];
  const kind = fieldKinds[field];
  const wrong = readField(field, settings) === undefined;
  return (
    <Field label={label} hint={hint} error={wrong ? text.wrong[kind] : undefined}>
      {(props) => (
        <Input
          {...props}
          inputMode={kind === "count" ? "numeric" : "text"}
          autoComplete="off"
          placeholder={empty}
          value={settings[field]}
          disabled={disabled}
          onChange={(event) => onChange(field, event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
