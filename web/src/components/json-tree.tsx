import { useMemo, useState } from "react";
import type { JsonNode as Node } from "../../../src/dashboard/json/json-node.ts";
import { parseJson } from "../../../src/dashboard/json/parse-json.ts";
import { printJson } from "../../../src/dashboard/json/print-json.ts";
import { useText } from "../text/text-context.tsx";
import { CopyButton } from "./copy-button.tsx";
import { IconButton } from "./icon-button.tsx";
import { JsonBranch } from "./json-branch.tsx";
import { JsonLeaf } from "./json-leaf.tsx";
import { levelsWithin } from "./json-levels.ts";

interface JsonTreeProps {
  /** JSON as text, so that integers of any size stay exact. */
  readonly text: string;
  /** What it is, for screen readers. */
  readonly label: string;
}

/** Levels open at first and when all is to be opened, and how many values are drawn at most for that. */
const atFirst = { deepest: 2, most: 60 };
const all = { deepest: 10, most: 2_000 };

/** JSON as a tree to open and close. Only what is open is drawn, and long lists and texts come in parts. */
export function JsonTree({ text, label }: JsonTreeProps) {
  const parsed = useMemo(() => parseJson(text), [text]);
  const { json } = useText();
  const [depth, setDepth] = useState({ limit: atFirst, change: 0 });
  if (!("node" in parsed)) {
    return (
      <>
        <p className="text-ink-soft">{json.invalid}</p>
        <pre className="overflow-x-auto font-mono text-xs whitespace-pre-wrap">{text}</pre>
      </>
    );
  }
  const open = (limit: typeof all) => setDepth({ limit, change: depth.change + 1 });
  return (
    <section aria-label={label} className="ps-4 font-mono text-xs leading-5">
      <div className="float-end ms-2 flex">
        {isBranch(parsed.node) && (
          <>
            <IconButton icon="plus" label={json.expandAll} onClick={() => open(all)} />
            <IconButton
              icon="minus"
              label={json.collapseAll}
              onClick={() => open({ deepest: 1, most: 0 })}
            />
          </>
        )}
        <CopyButton text={() => printJson(parsed.node, 2)} />
      </div>
      <JsonPart
        key={depth.change}
        node={parsed.node}
        levels={levelsWithin(parsed.node, depth.limit.most, depth.limit.deepest)}
      />
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
