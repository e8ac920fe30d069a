/** The door for our own commands: the same assembly without exit hooks, and the reading side of status files. */
import { assemble, type AssemblyOptions, type ProcessAssembly } from './assembly.ts';

/** For `swarmscope run`: nothing is armed; call `flush` before the end, then `close`. */
export function createSupervisorAssembly(options: AssemblyOptions): ProcessAssembly {
  return assemble(options, false);
}

export type { AssemblyOptions, MetricsSink, ProcessAssembly } from './assembly.ts';
export { readStatusFiles, type ObserverStatus, type ProcessStatus } from './status-file.ts';
export { startSupervisor, type Supervisor, type SupervisorOptions } from './supervise.ts';
