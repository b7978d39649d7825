import { defineJob } from "holdfast";
import type { Redact } from "holdfast/dashboard";
import { expect, test } from "vitest";
import type { JobCountsAnswer, JobsAnswer } from "../../src/dashboard/wire/jobs.ts";
import type { OperationPreviewAnswer, OperationRow } from "../../src/dashboard/wire/operations.ts";
import { askDashboard } from "../support/ask-dashboard.ts";
import { describeSharedDatabases } from "./client-databases.ts";

const redact: Redact = [{ path: "payload.card", visibleTo: ["admin"] }];
const right = "4111-1111-1111-1111";
const wrong = "4222-2222-2222-2222";
/** More than are looked at for a page. */
const concealed = 1_001;

const pay = defineJob<{ card: string }>({ name: "pay" });

const untimed = (text: string) => text.replace(/"now":[\d.]+/, "");

describeSharedDatabases((databases) => {
  test("tags, keys and lanes are searched as they are shown: a right guess is answered like a wrong one", async () => {
    const client = await databases.client();
    const ask = askDashboard(client, { redact });
    const hidden = { card: right };
    const tags = [`card:${right}`];
    const payloads = Array.from({ length: concealed }, () => hidden);
    await client.enqueueMany(pay, payloads, { tags, delay: "1h" });
    await client.enqueue("pay", hidden, { unique: { key: right }, lane: right });
    const { id: seen } = await client.enqueue("pay", {}, { unique: { key: "open" }, lane: "open" });
    // Whoever guesses may put jobs of their own beside those they look for.
    await client.enqueue("pay", {}, { tags: [...tags, `card:${wrong}`] });
    await client.enqueue("pay", hidden, { tags: [...tags, "vip"] });

    const filters = ["tag:card:?", "tag:vip,card:?", "unique:?", "lane:?", "gate:lane:?"];
    for (const filter of filters) {
      const asked = (guess: string) => encodeURIComponent(filter.replace("?", guess));
      for (const path of ["jobs?limit=1&q=", "jobs?limit=200&q=", "jobs/counts?q="]) {
        const [hit, miss] = [
          await ask(path + asked(right), undefined, "operator"),
          await ask(path + asked(wrong), undefined, "operator"),
        ];
        expect(untimed(hit.text), path + filter).toBe(untimed(miss.text));
      }
      const preview = (guess: string) => ({ action: "cancel", q: filter.replace("?", guess) });
      const [hit, miss] = [
        await ask("operations/preview", preview(right), "operator"),
        await ask("operations/preview", preview(wrong), "operator"),
      ];
      expect(hit.text, filter).toBe(miss.text);
      const all = await ask<JobCountsAnswer>(`jobs/counts?q=${asked(right)}`);
      const found = filter.startsWith("tag") ? concealed + 2 : 1;
      expect(all.body.matching.count, filter).toBe(found);
    }

    for (const filter of ["unique:open", "lane:open", "gate:lane:open"]) {
      const { body } = await ask<JobsAnswer>(`jobs?q=${filter}`, undefined, "operator");
      expect(body.jobs.map(({ id }) => id)).toEqual([seen]);
      const counts = await ask<JobCountsAnswer>(`jobs/counts?q=${filter}`, undefined, "operator");
      expect(counts.body.states.blocked).toEqual({ count: 1, atLeast: false });
      const asked = { action: "cancel", q: filter };
      const preview = await ask<OperationPreviewAnswer>("operations/preview", asked, "operator");
      expect(preview.body.matched).toBe(1);
    }

    for (const q of [`tag:card:${right}`, `unique:${right}`, `lane:${right}`]) {
      const { body } = await ask<OperationRow>("operations", { action: "cancel", q });
      expect(body.q).toBe(q);
      const { text } = await ask(`operations/${body.id}`, undefined, "operator");
      expect(text).toContain("[redacted]");
      expect(text).not.toContain(right);
    }
    expect((await ask("audit", undefined, "operator")).text).not.toContain(right);
  });
});
