/** The page Schedules. */
export const schedules = {
  title: "Schedules",
};
