import { useState } from "react";
import type { JsonNode } from "../../../src/dashboard/json/json-node.ts";
import { useText } from "../text/text-context.tsx";
import { Icon } from "./icon.tsx";
import { JsonLeaf } from "./json-leaf.tsx";
import { pageSize } from "./json-levels.ts";

type Branch = Extract<JsonNode, { readonly kind: "object" | "array" }>;

interface JsonBranchProps {
  readonly node: Branch;
  /** How many levels stand open. */
  readonly levels: number;
  readonly name?: string;
}

/** An object or an array, open or closed. */
export function JsonBranch({ node, levels, name }: JsonBranchProps) {
  const { json } = useText();
  const [open, setOpen] = useState(levels > 0);
  const [start, end] = node.kind === "object" ? ["{", "}"] : ["[", "]"];
  const size = node.kind === "object" ? node.members.length : node.items.length;
  const said = node.kind === "object" ? json.keys(size) : json.items(size);
  if (size === 0) {
    return (
      <span>
        <Name name={name} />
        {start}
        {end}
      </span>
    );
  }
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="-ms-4 inline-flex items-center rounded text-start hover:bg-raised"
      >
        <Icon
          name={open ? "chevronDown" : "chevronRight"}
          size={14}
          className="me-0.5 text-ink-soft"
        />
        <Name name={name} />
        {start}
        {!open && <span className="px-1 font-sans text-ink-soft">{said}</span>}
        {!open && end}
      </button>
      {open && <Parts node={node} levels={levels - 1} />}
      {open && <div>{end}</div>}
    </>
  );
}

function Parts({ node, levels }: Pick<JsonBranchProps, "node" | "levels">) {
  const { json } = useText();
  const [shown, setShown] = useState(pageSize);
  const parts = partsOf(node, shown);
  const size = node.kind === "object" ? node.members.length : node.items.length;
  return (
    <ul className="border-s border-line ps-5">
      {parts.map(({ name, value }, index) => (
        // Keys may come twice, and places do not change: the text is parsed anew when it does.
        <li key={index}>
          {value.kind === "object" || value.kind === "array" ? (
            <JsonBranch node={value} levels={index < pageSize ? levels : 0} name={name} />
          ) : (
            <>
              <Name name={name} />
              <JsonLeaf node={value} />
            </>
          )}
        </li>
      ))}
      {size > shown && (
        <li>
          <button
            type="button"
            onClick={() => setShown(shown + pageSize * 5)}
            className="rounded bg-raised px-1 font-sans text-accent hover:underline"
          >
            {json.showMore(size - shown)}
          </button>
        </li>
      )}
    </ul>
  );
}

interface Part {
  readonly name: string;
  readonly value: JsonNode;
}

function partsOf(node: Branch, most: number): readonly Part[] {
  if (node.kind === "array") {
    return node.items.slice(0, most).map((value, index) => ({ name: String(index), value }));
  }
  return node.members.slice(0, most).map(({ key, value }) => ({ name: key, value }));
}

function Name({ name }: { readonly name: string | undefined }) {
  if (name === undefined) return null;
  return (
    <>
      <bdi className="break-all text-ink">{name}</bdi>
      <span className="text-ink-soft">:&nbsp;</span>
    </>
  );
}
