import { Client } from "pg";

/** Holds what keeps vacuum from removing anything: a reader with its snapshot taken, and a writer that has gone idle. */
export async function pinSnapshot(url: string): Promise<() => Promise<void>> {
  const [reader, writer] = [new Client(url), new Client(url)];
  for (const client of [reader, writer]) {
    client.on("error", () => {});
    await client.connect();
  }
  await writer.query("CREATE TABLE bench_bystander (id int)");
  await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  await reader.query("SELECT count(*) FROM bench_bystander");
  await writer.query("BEGIN");
  await writer.query("INSERT INTO bench_bystander VALUES (1)");
  return async () => {
    await Promise.all([reader.end(), writer.end()]);
  };
}
