/** The page Limits. */
export const limits = {
  title: "Limits",
};
