import { useSyncExternalStore } from "react";

const query = "(width >= 64rem)";

/** True where there is room for a sidebar beside the jobs. */
export const useIsWide = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
  );
