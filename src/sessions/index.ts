/** The session files that agents write themselves: read as they grow, never written; names and numbers only. */
export type { Budget } from './file-reader.ts';
export { openLibrary, type Library, type Place } from './library.ts';
export { GROUPINGS, localReport, type Grouping, type LocalGroup, type LocalReport } from './local-report.ts';
export { addUp, createCosts, type CostOf, type Sums } from './sums.ts';
export type { Session, SessionCall } from './types.ts';
