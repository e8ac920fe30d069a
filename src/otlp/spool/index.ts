/** Requests on disk: kept while an endpoint cannot take them, sent by whoever reaches it next. */
export { createDestinationSpool, openDestination, type DestinationSpool } from './destination.ts';
export { createRunSpool, hasLeft, takeRunSpool, type LeaveRequest, type LeftRequest } from './run-spool.ts';
export { readSpool, type SpoolSummary } from './spool.ts';
