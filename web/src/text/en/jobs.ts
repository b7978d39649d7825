/** The page Jobs. */
export const jobs = {
  title: "Jobs",
};
