/** The local view: what the commands use. */
export { ViewerError, type ViewerErrorCode } from './error.ts';
export { startForwarder, type Forwarder, type ForwarderOptions, type ForwardSpool } from './forward.ts';
export { createMarks, type Marks } from './marks.ts';
export { createLive, type Live, type LiveSnapshot } from './live.ts';
export type { LogRows, MetricPointRow, MetricRows, TraceRows } from './receive/rows/index.ts';
export { startReceiver, type Receiver, type ReceiverOptions } from './receiver.ts';
export * from './store/index.ts';
