/** The page Operations. */
export const operations = {
  title: "Operations",
};
