/** The door for our own commands: the same assembly without exit hooks, and the reading side of status files. */
export { copyStates, type CopyStates } from '../observers/child-process/preload-copy.ts';
export { createSupervisorAssembly } from './assembly.ts';
export type { AssemblyOptions, ProcessAssembly } from './assembly-types.ts';
export { readStatusFiles, type ObserverStatus, type ProcessStatus } from './status-file.ts';
export { isRootAlive } from '../root/index.ts';
export type { GitCallers } from '../root/git/callers.ts';
export { LEFT_COUNTER, REFUSED_COUNTER, UNKNOWN_COUNTER, startSupervisor, type Supervisor, type SupervisorOptions } from './supervise.ts';
export { bookSpool, type DiskTally, type Hop } from './ledger.ts';
export { OVERFLOW_COUNTER } from './metrics/meter.ts';
export { MAX_POINTS as MAX_ATTRIBUTE_SETS } from './metrics/storage.ts';
