import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input, Select } from "../../components/input.tsx";
import { useText } from "../../text/text-context.tsx";
import type { AuditFilterValues } from "./use-audit-filter.ts";

interface AuditFilterProps {
  readonly filter: AuditFilterValues;
  readonly onChange: (filter: AuditFilterValues) => void;
}

const nothing: AuditFilterValues = { by: "", action: "", target: "" };

/** Narrows the audit down to who, what and on what. */
export function AuditFilter({ filter, onChange }: AuditFilterProps) {
  const { audit, words } = useText();
  const [typed, setTyped] = useState(filter);
  const put = (change: Partial<AuditFilterValues>) => setTyped({ ...typed, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange({ by: typed.by.trim(), action: typed.action, target: typed.target.trim() });
  };
  const reset = () => {
    setTyped(nothing);
    onChange(nothing);
  };
  const filtered = Object.values(filter).some((value) => value !== "");
  return (
    <form
      role="search"
      onSubmit={submit}
      className="grid items-end gap-3 border-b border-line p-4 sm:grid-cols-[1fr_1fr_1fr_auto]"
    >
      <TextField label={audit.by} value={typed.by} onChange={(by) => put({ by })} />
      <ActionField value={typed.action} onChange={(action) => put({ action })} />
      <TextField
        label={audit.target}
        placeholder="queue:emails"
        value={typed.target}
        onChange={(target) => put({ target })}
      />
      <div className="flex gap-2">
        <Button type="submit" icon="filter">
          {audit.filter}
        </Button>
        {filtered && <Button onClick={reset}>{words.reset}</Button>}
      </div>
    </form>
  );
}

interface ValueFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

interface TextFieldProps extends ValueFieldProps {
  readonly label: string;
  readonly placeholder?: string;
}

function TextField({ label, value, onChange, placeholder }: TextFieldProps) {
  return (
    <Field label={label}>
      {(props) => (
        <Input
          {...props}
          type="search"
          placeholder={placeholder}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function ActionField({ value, onChange }: ValueFieldProps) {
  const { audit, words } = useText();
  return (
    <Field label={audit.action}>
      {(props) => (
        <Select {...props} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{words.all}</option>
          {Object.entries(audit.actions).map(([action, label]) => (
            <option key={action} value={action}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
