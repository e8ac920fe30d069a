/** The local view: what the commands use. */
export { ViewerError, type ViewerErrorCode } from './error.ts';
export { startReceiver, type Receiver } from './receive/receiver.ts';
export type { ConnectionEnds, Owner, OwnerOf, ProcessAt } from './receive/owners.ts';
export type { Intake } from './receive/read.ts';
export { createLeftReader, hasAnythingLeft } from './receive/left.ts';
export { createLive, type Live } from './receive/live.ts';
export { createMarks, type Marks } from './receive/marks.ts';
export * from './store/index.ts';
export { startForwarder, type Forwarder, type ForwarderOptions } from './receive/forward/index.ts';
export * from './import/index.ts';
export { createForwardSpool, type ForwardSpool } from './receive/forward/spool.ts';
export { startReader, type RunReader } from './view/reader.ts';
export { startViewServer, type ViewServer, type ViewSource } from './view/server.ts';
export { ADDRESS_FILE, StoredSource } from './view/stored-source.ts';
export { htmlOf } from './view/file.ts';
export { readPage } from './view/page.ts';
export { LiveRun } from './view/live-run.ts';
export { LiveSource } from './view/live-source.ts';
