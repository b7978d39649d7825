/** The page Audit. */
export const audit = {
  title: "Audit",
};
