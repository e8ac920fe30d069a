/** The session files that agents write themselves: read as they grow, never written; names and numbers only. */
export { namedByArguments, namedByChild, namedByPidFile, SESSION_VARIABLES } from './evidence.ts';
export type { Budget } from './file-reader.ts';
export { openLibrary, type Library, type Place } from './library.ts';
export { GROUPINGS, localReport, type Grouping, type LocalGroup, type LocalReport } from './local-report.ts';
export { matchSessions, type Evidence, type Match, type RunningAgent } from './match.ts';
export type { SessionStore } from './store.ts';
export { addUp, createCosts, createSessionSums, joinSums, type CostOf, type Sums } from './sums.ts';
export type { ReadingCounts, Session, SessionCall } from './types.ts';
export { witness, type Witness, type WitnessedCall, type WitnessedProcess } from './witness.ts';
