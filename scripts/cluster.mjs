import { main } from "./main.mjs";
import { ready } from "./ready.mjs";
import { exitCode, runNode } from "./run.mjs";
import { throwawayPostgres } from "./throwaway-postgres.mjs";

main(async () => {
  await ready({ build: true });
  const postgres = await throwawayPostgres();
  try {
    return exitCode(await runNode(["examples/cluster/main.mjs", "sqlite", postgres.url]));
  } finally {
    await postgres.stop();
  }
});
