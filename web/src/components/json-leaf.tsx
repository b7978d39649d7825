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
  const cut = !whole && value.length > cutAt;
  return (
    <>
      {/* Isolated: text of another direction turns nothing around it. */}
      <bdi className="break-words whitespace-pre-wrap text-completed-ink">
        {JSON.stringify(cut ? value.slice(0, cutAt) : value).slice(0, cut ? -1 : undefined)}
      </bdi>
      {cut && (
        <>
          {"… "}
          <button
            type="button"
            onClick={() => setWhole(true)}
            className="rounded bg-raised px-1 font-sans text-accent hover:underline"
          >
            {json.showText(value.length)}
          </button>
        </>
      )}
    </>
  );
}
