/** The environment as this process was started with, before the app could change it. */
export const startedWith: Readonly<Record<string, string | undefined>> = { ...process.env };
