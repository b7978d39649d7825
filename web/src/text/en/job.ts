/** The page Job. */
export const job = {
  title: "Job",
};
