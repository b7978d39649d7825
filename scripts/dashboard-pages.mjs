/**
 * The pages of the dashboard, by the names of their pictures, for what there is in the shop of examples/dashboard.
 * @param {import("holdfast").Client} client
 * @returns {Promise<readonly (readonly [name: string, path: string])[]>}
 */
export async function dashboardPages(client) {
  const [failed] = (await client.jobs.list({ state: "discarded", name: "charge-card", limit: 1 }))
    .jobs;
  const [operation] = (await client.operations.list({ limit: 1 })).operations;
  return [
    ["overview", ""],
    ["jobs", "jobs"],
    ["jobs-filtered", "jobs?q=state:discarded"],
    ["job", `jobs/${failed?.id}`],
    ["queues", "queues"],
    ["queue", "queues/payments"],
    ["schedules", "schedules"],
    ["schedule", "schedules/weekday-digest"],
    ["workers", "workers"],
    ["limits", "limits"],
    ["operations", "operations"],
    ["operation", `operations/${operation?.id}`],
    ["health", "health"],
    ["audit", "audit"],
  ];
}
