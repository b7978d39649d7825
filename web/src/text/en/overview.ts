/** The page Overview. */
export const overview = {
  title: "Overview",
};
