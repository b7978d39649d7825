/** The address of a queue's page. */
export const queueLink = (name: string): string => `/queues/${encodeURIComponent(name)}`;
