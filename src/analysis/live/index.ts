/** What is wrong with a run while it goes on: pure, incremental, of bounded memory. */
export { watchFindings, type LiveFindings } from './watch.ts';
export { findingRecord } from './record.ts';
export { readThresholds } from './thresholds.ts';
export {
  type LeftProcess,
  type LiveChange,
  type LiveEvidence,
  type LiveFinding,
  type LiveKind,
  type SilentProcess,
  type Surroundings,
} from './types.ts';
