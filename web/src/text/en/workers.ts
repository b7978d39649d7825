/** The page Workers. */
export const workers = {
  title: "Workers",
};
