/** Requests on disk: kept while an endpoint cannot take them, sent by whoever reaches it next. */
export { createDestinationSpool, openDestination, type DestinationSpool } from './destination.ts';
export { readSpool, type SpoolSummary } from './spool.ts';
