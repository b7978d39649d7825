import { useMemo, useState } from "react";
import type { JsonNode as Node } from "../../../src/dashboard/json/json-node.ts";
import { parseJson } from "../../../src/dashboard/json/parse-json.ts";
import { printJson } from "../../../src/dashboard/json/print-json.ts";
import { useText } from "../text/text-context.tsx";
import { CopyButton } from "./copy-button.tsx";
import { IconButton } from "./icon-button.tsx";
import { JsonBranch } from "./json-branch.tsx";
import { JsonLeaf } from "./json-leaf.tsx";

interface JsonTreeProps {
  /** JSON as text, so that integers of any size stay exact. */
  readonly text: string;
  /** What it is, for screen readers. */
  readonly label: string;
}

/** Levels that stand open at first, and that "open all" opens: deeper ones are opened by hand. */
const openAtFirst = 2;
const openAll = 8;

/** JSON as a tree to open and close. Only what is open is drawn, and long lists and texts come in parts. */
export function JsonTree({ text, label }: JsonTreeProps) {
  const parsed = useMemo(() => parseJson(text), [text]);
  const { json } = useText();
  const [depth, setDepth] = useState({ levels: openAtFirst, change: 0 });
  if (!("node" in parsed)) {
    return (
      <>
        <p className="text-ink-soft">{json.invalid}</p>
        <pre className="overflow-x-auto font-mono text-xs whitespace-pre-wrap">{text}</pre>
      </>
    );
  }
  const open = (levels: number) => setDepth({ levels, change: depth.change + 1 });
  return (
    <section aria-label={label} className="relative ps-4 font-mono text-xs leading-5">
      <div className="absolute end-0 top-0 flex bg-surface">
        {isBranch(parsed.node) && (
          <>
            <IconButton icon="plus" label={json.expandAll} onClick={() => open(openAll)} />
            <IconButton icon="minus" label={json.collapseAll} onClick={() => open(1)} />
          </>
        )}
        <CopyButton text={() => printJson(parsed.node, 2)} />
      </div>
      <JsonPart key={depth.change} node={parsed.node} levels={depth.levels} />
    </section>
  );
}

const isBranch = ({ kind }: Node): boolean => kind === "object" || kind === "array";

interface JsonPartProps {
  readonly node: Node;
  readonly levels: number;
}

function JsonPart({ node, levels }: JsonPartProps) {
  if (node.kind === "object" || node.kind === "array")
    return <JsonBranch node={node} levels={levels} />;
  return <JsonLeaf node={node} />;
}
