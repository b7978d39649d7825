/** The address of a schedule's page. */
export const scheduleLink = (name: string): string => `/schedules/${encodeURIComponent(name)}`;
