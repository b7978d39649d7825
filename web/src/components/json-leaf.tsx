import { useState } from "react";
import type { JsonNode } from "../../../src/dashboard/json/json-node.ts";
import { useText } from "../text/text-context.tsx";

export type JsonLeafNode = Exclude<JsonNode, { readonly kind: "object" | "array" }>;

/** Longer texts are shown in part until they are asked for. */
const cutAt = 400;

/** A value without parts. */
export function JsonLeaf({ node }: { readonly node: JsonLeafNode }) {
  if (node.kind === "string") return <JsonText value={node.value} />;
  if (node.kind === "number")
    return <span className="break-all text-available-ink">{node.text}</span>;
  return <span className="text-scheduled-ink">{String(node.value)}</span>;
}

function JsonText({ value }: { readonly value: string }) {
  const { json } = useText();
  const [whole, setWhole] = useState(false);
  if (value.length <= cutAt) return <Quoted text={JSON.stringify(value)} />;
  if (!whole) {
    return (
      <>
        <Quoted text={JSON.stringify(value.slice(0, cutAt)).slice(0, -1)} />
        {"… "}
        <button
          type="button"
          onClick={() => setWhole(true)}
          className="rounded bg-raised px-1 font-sans text-accent hover:underline"
        >
          {json.showText(value.length)}
        </button>
      </>
    );
  }
  return (
    <div role="region" tabIndex={0} aria-label={json.text} className="max-h-96 overflow-y-auto">
      <Quoted text={JSON.stringify(value)} />
    </div>
  );
}

/** Isolated: text of another direction turns nothing around it. */
function Quoted({ text }: { readonly text: string }) {
  return <bdi className="break-words whitespace-pre-wrap text-completed-ink">{text}</bdi>;
}
