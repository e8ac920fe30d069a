/** Requests that processes of a run leave in its folder where they cannot reach its receiver, until the run reads them. */
import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { clock } from '../../config/originals.ts';
import { RUN_SPOOL } from '../../config/run-folder-files.ts';
import { readPrivate } from '../../config/small-file.ts';
import { writeWhole } from '../../config/write-whole.ts';
import { CONTENT_TYPE, type OtlpRequest } from '../request.ts';
import { isPrivateFolder, remove } from './folder.ts';

/** Requests are 2 MiB and the item that did not fit; what is larger was not made by us. */
const MAX_FILE_BYTES = 8_388_608;
/** A name costs a little too; two thousand processes with spans and span starts fit. */
const MAX_FILES = 8_192;
/** As many processes may leave all that one may: one that runs away must leave the others some room. */
const FULL_PROCESSES = 4;

const NAME = /^(\d{13})-([0-9a-f]{12})-(\d{1,9})-(\d{1,9})-(\d{1,9})\.(traces|logs)\.otlp$/;

interface LeftFile {
  readonly name: string;
  readonly sender: string;
  readonly items: number;
  readonly bytes: number;
  readonly signal: 'traces' | 'logs';
}

export interface RunSpoolOptions {
  /** Of the run. */
  readonly folder: string;
  /** Twelve hexadecimal digits that no other process of the run has. */
  readonly sender: string;
  /** Bytes of this process that may wait there; of all processes of the run four times as many. */
  readonly maxBytes: number;
}

/** Writes one request down; false: there is no room or no such folder, and nothing is left behind. Never throws. */
export type LeaveRequest = (signal: 'traces' | 'logs', request: { readonly body: Buffer; readonly items: number }) => boolean;

export function createRunSpool({ folder, sender, maxBytes }: RunSpoolOptions): LeaveRequest {
  const spool = join(folder, RUN_SPOOL);
  let written = 0;
  return (signal, { body, items }) => {
    try {
      if (body.length > MAX_FILE_BYTES || !isPrivateFolder(spool) || !hasRoom(spool, body.length)) return false;
      const time = String(Math.floor(clock.now())).padStart(13, '0');
      writeWhole(join(spool, `${time}-${sender}-${++written}-${items}-${body.length}.${signal}.otlp`), body);
      return true;
    } catch {
      // A full or read-only disk, or the run is over and its folder gone.
      return false;
    }
  };

  function hasRoom(path: string, bytes: number): boolean {
    let all = bytes;
    let own = bytes;
    const files = listLeft(path);
    for (const file of files) {
      all += file.bytes;
      if (file.sender === sender) own += file.bytes;
    }
    return files.length < MAX_FILES && own <= maxBytes && all <= maxBytes * FULL_PROCESSES;
  }
}

export interface LeftRequest extends OtlpRequest {
  readonly signal: 'traces' | 'logs';
  readonly items: number;
}

export interface TakeOptions {
  /** Of a run. */
  readonly folder: string;
  /** Files to read at most; the rest waits for the next look. */
  readonly maxFiles?: number | undefined;
  /** The request is stored, or cannot be read, when this returns: its file goes. */
  readonly take: (request: LeftRequest) => void;
}

/** Hands over what waits, the oldest first, each file once. What is damaged goes, too. */
export function takeRunSpool({ folder, maxFiles = MAX_FILES, take }: TakeOptions): void {
  const spool = join(folder, RUN_SPOOL);
  if (!isPrivateFolder(spool)) return;
  for (const { name, signal, items, bytes } of listLeft(spool).slice(0, maxFiles)) {
    const path = join(spool, name);
    const body = readPrivate(path, MAX_FILE_BYTES);
    if (body?.length === bytes) take({ signal, body, items, contentType: CONTENT_TYPE.protobuf, contentEncoding: undefined });
    remove(path);
  }
}

/** Whether something waits there, or could not be listed. */
export const hasLeft = (folder: string): boolean => listLeft(join(folder, RUN_SPOOL)).length > 0;

/** The oldest first. */
function listLeft(spool: string): LeftFile[] {
  let names: string[];
  try {
    names = readdirSync(spool);
  } catch {
    // The run is over, or somebody emptied its folder.
    return [];
  }
  return names.sort().flatMap((name) => {
    const [, , sender = '', , items, bytes, signal] = NAME.exec(name) ?? [];
    return sender === ''
      ? []
      : [{ name, sender, items: Number(items), bytes: Number(bytes), signal: signal === 'logs' ? 'logs' : 'traces' }];
  });
}
