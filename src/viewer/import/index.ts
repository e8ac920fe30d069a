/** Telemetry in files, and in Tempo, as a run: read by the receiver's own code into a store that lasts as long as the report. */
export { findFiles, type Source } from './files.ts';
export { readRecords, type Records } from './records.ts';
