/** The local view: what the commands use. */
export { ViewerError, type ViewerErrorCode } from './error.ts';
// OTLP comes in.
export { startReceiver, type Receiver } from './receive/receiver.ts';
export { createLive, type Live } from './receive/live.ts';
export { createMarks, type Marks } from './receive/marks.ts';
// It is kept.
export * from './store/index.ts';
// It is passed on.
export { startForwarder, type Forwarder, type ForwarderOptions } from './receive/forward/index.ts';
export { createForwardSpool, type ForwardSpool } from './receive/forward/spool.ts';
