/** The process tree of a run: what the supervisor sees of every process below it. Linux; elsewhere there is none. */
export { startProcessTree, type ProcessTree, type ProcessTreeOptions } from './start.ts';
export { leftBehind } from './left-behind.ts';
export type { SeenProcess, SpanPlace } from './tree.ts';
export type { ProcessSpan, ProcessSpanStart, SpanRecorder } from './spans.ts';
export { cpuMs, Pace } from './pace.ts';
export type { Candidate } from './connection-holder.ts';
export { createConnections, type ConnectionEnds, type Connections } from './connections.ts';
