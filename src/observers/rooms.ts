/** What the armed observers load at their first event, in one file: the reading of settings, and a room per observer. */
import * as childProcess from './child-process/room.ts';
import * as git from './git/launches-room.ts';
import * as llmWire from './llm-wire/room.ts';
import * as otelApi from './otel-api/room.ts';
import * as pQueue from './p-queue/room.ts';

export { aloneSettings } from '../config/alone.ts';
export { readSettings } from '../config/settings.ts';

/** By the observer's name. */
export const rooms: Readonly<Record<string, unknown>> = {
  'child-process': childProcess,
  git,
  'llm-wire': llmWire,
  'otel-api': otelApi,
  'p-queue': pQueue,
};
