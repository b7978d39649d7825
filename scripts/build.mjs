import { main } from "./main.mjs";
import { ready } from "./ready.mjs";

main(async () => {
  await ready({ build: true });
  console.log("dist is up to date");
  return 0;
});
