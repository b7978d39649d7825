/** The page Queues. */
export const queues = {
  title: "Queues",
};
