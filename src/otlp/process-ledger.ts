/** What a process says it recorded and what became of it: a small file of fixed size in the run's folder, written anew. */
import { constants, closeSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readMark, type ProcessMark } from '../config/process-mark.ts';
import { RUN_LEDGERS } from '../config/run-folder-files.ts';
import { readPrivate } from '../config/small-file.ts';
import { isPrivateFolder } from './spool/folder.ts';

/** Of one signal, in items. */
export interface SignalLedger {
  readonly recorded: number;
  readonly sent: number;
  /** Left in the run's folder, for the run to read. */
  readonly left: number;
  /** Of `recorded`: a thread that was ended without notice has recorded these, and counts them as well. */
  readonly takenOver: number;
  readonly dropped: Readonly<Record<string, number>>;
}

export interface ProcessLedger {
  /** See `senderOf`. */
  readonly sender: string;
  /** The process in which it runs: all threads of one have the same. */
  readonly mark: ProcessMark;
  /** It has written this as its last word. */
  readonly isEnded: boolean;
  readonly traces: SignalLedger;
  readonly logs: SignalLedger;
}

/** One write of this length replaces the whole: a reader never sees half of it, and a full disk changes nothing. */
const FILE_BYTES = 1_024;
/** Read per look; protects from a folder with more processes than any run has. */
const MAX_LEDGERS = 50_000;
const ENDED = '.ended';

/** By `service.instance.id`: what stands beside each stored span, so that it is known whose are missing. */
export function senderOf(instanceId: string): string | undefined {
  const sender = instanceId.replaceAll('-', '').slice(0, 12).toLowerCase();
  return /^[0-9a-f]{12}$/.test(sender) ? sender : undefined;
}

const pathOf = (folder: string, { sender, isEnded }: Pick<ProcessLedger, 'sender' | 'isEnded'>): string =>
  join(folder, RUN_LEDGERS, `${sender}${isEnded ? ENDED : ''}`);

/** Throws what the file system throws. `folder` is the run's; without its own folder for ledgers nothing is written. */
export function writeLedger(folder: string, ledger: ProcessLedger): void {
  if (!isPrivateFolder(join(folder, RUN_LEDGERS))) throw new Error('not private');
  const bytes = Buffer.alloc(FILE_BYTES, ' ');
  if (bytes.write(JSON.stringify(ledger)) === FILE_BYTES) throw new Error('too long');
  const path = pathOf(folder, ledger);
  if (ledger.isEnded) renameQuietly(pathOf(folder, { ...ledger, isEnded: false }), path);
  const { O_WRONLY, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    writeSync(file, bytes, 0, FILE_BYTES, 0);
  } finally {
    closeSync(file);
  }
}

/** Nothing is missing: nobody needs to read it. */
export function removeLedger(folder: string, sender: string): void {
  for (const isEnded of [false, true]) rmSync(pathOf(folder, { sender, isEnded }), { force: true });
}

/** Of `ended` processes alone, or of all; what is no ledger is left out. Never throws. */
export function readLedgers(folder: string, which: 'ended' | 'all'): ProcessLedger[] {
  const ledgers = join(folder, RUN_LEDGERS);
  if (!isPrivateFolder(ledgers)) return [];
  const names = namesIn(ledgers).filter((name) => which === 'all' || name.endsWith(ENDED));
  return names.slice(0, MAX_LEDGERS).flatMap((name) => parse(readPrivate(join(ledgers, name), FILE_BYTES)) ?? []);
}

export const countLedgers = (folder: string): number => namesIn(join(folder, RUN_LEDGERS)).length;

function parse(bytes: Buffer | undefined): ProcessLedger | undefined {
  try {
    const value: unknown = JSON.parse(bytes?.toString('utf8') ?? '');
    return isLedger(value) ? { ...value, mark: markIn(value.mark) as ProcessMark } : undefined;
  } catch {
    // Made, and not yet written: its process ended in between.
    return undefined;
  }
}

function isLedger(value: unknown): value is ProcessLedger {
  if (!isRecord(value)) return false;
  const { sender, mark, isEnded, traces, logs } = value;
  return (
    typeof sender === 'string' &&
    markIn(mark) !== undefined &&
    typeof isEnded === 'boolean' &&
    [traces, logs].every(
      (signal) =>
        isRecord(signal) &&
        ['recorded', 'sent', 'left', 'takenOver'].every((name) => isCount(signal[name])) &&
        isRecord(signal['dropped']) &&
        Object.values(signal['dropped']).every(isCount),
    )
  );
}

/** As far as it is one. */
const markIn = (mark: unknown): ProcessMark | undefined => readMark(JSON.stringify(mark));

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // The run is over.
    return [];
  }
}

function renameQuietly(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // It was never written, or is ended already.
  }
}
