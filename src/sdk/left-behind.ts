/** What a process under `swarmscope run` leaves in the run's folder: requests that were not taken, and its ledger. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_SPOOL } from '../config/run-folder-files.ts';
import { ownMark, type ProcessMark } from '../config/process-mark.ts';
import { cancel, clock, later, type Timer } from '../config/originals.ts';
import type { Settings } from '../config/settings/index.ts';
import { removeLedger, senderOf, writeLedger, type ProcessLedger, type SignalLedger } from '../otlp/process-ledger.ts';
import { createRunSpool, type LeaveRequest } from '../otlp/spool/index.ts';
import { SWARMSCOPE_DROP_REASON_VALUE_REFUSED, SWARMSCOPE_DROP_REASON_VALUE_REJECTED } from '../semconv/index.ts';
import { dropReason } from './ledger.ts';
import type { SignalTally } from './tally.ts';

/** How old the ledger of a killed process is at most, while it records. One write takes about 30 microseconds. */
const WRITE_MS = 100;
/** A folder that is gone does not come back; one that was emptied does, within moments. */
const MAX_FAILURES = 20;

export interface LeftBehind {
  /** Undefined: nothing may be kept on disk. */
  readonly leave: LeaveRequest | undefined;
  /** It was there at the start. */
  readonly mayLeave: boolean;
  /** Something was recorded, or something became of it. */
  touch(): void;
  /** The last ledger; may be called again for what came later. */
  close(): void;
}

export interface LeftBehindOptions {
  readonly settings: Pick<Settings, 'ownEndpoint' | 'runFolder' | 'spoolMaxBytes'>;
  readonly instanceId: string;
  readonly tallies: () => Readonly<Record<'traces' | 'logs', SignalTally>>;
}

/** Undefined where the run is nobody's who reads its folder: only `swarmscope run` does. */
export function createLeftBehind({ settings, instanceId, tallies }: LeftBehindOptions): LeftBehind | undefined {
  const { ownEndpoint, runFolder: folder, spoolMaxBytes } = settings;
  const sender = senderOf(instanceId);
  if (ownEndpoint === '' || folder === '' || sender === undefined) return undefined;
  let mark: ProcessMark | undefined;
  let timer: Timer | undefined;
  let writtenMs = -Infinity;
  let failures = 0;

  function write(isEnded: boolean): void {
    cancel(timer);
    timer = undefined;
    writtenMs = clock.monotonic();
    const { traces, logs } = tallies();
    const ledger: ProcessLedger = {
      sender: sender as string,
      mark: (mark ??= ownMark()),
      isEnded,
      traces: ledgerOf(traces),
      logs: ledgerOf(logs),
    };
    try {
      if (isEnded && isComplete(ledger.traces) && isComplete(ledger.logs)) removeLedger(folder, ledger.sender);
      else writeLedger(folder, ledger);
      failures = 0;
    } catch {
      // The run is over, its folder cannot be reached from here, or its disk is full.
      failures++;
    }
  }

  return {
    leave: spoolMaxBytes === 0 ? undefined : createRunSpool({ folder, sender, maxBytes: spoolMaxBytes }),
    mayLeave: spoolMaxBytes > 0 && existsSync(join(folder, RUN_SPOOL)),
    touch() {
      if (failures >= MAX_FAILURES) return;
      if (clock.monotonic() - writtenMs >= WRITE_MS) write(false);
      else timer ??= later(WRITE_MS, () => write(false));
    },
    close: () => write(true),
  };
}

function ledgerOf({ recorded, sent, spooled = 0, takenOver = 0, dropped }: SignalTally): SignalLedger {
  const byReason: Record<string, number> = {};
  for (const [word, count] of Object.entries(dropped)) byReason[reasonOf(word)] = (byReason[reasonOf(word)] ?? 0) + count;
  return { recorded, sent, left: spooled, takenOver, dropped: byReason };
}

/** The receiver tells which items it rejected of a request that it took; of one that it refused it has seen none. */
function reasonOf(word: string): string {
  const reason = dropReason(word);
  return reason === SWARMSCOPE_DROP_REASON_VALUE_REJECTED && word !== 'rejected' ? SWARMSCOPE_DROP_REASON_VALUE_REFUSED : reason;
}

/** Nobody asks for what was all taken. */
const isComplete = ({ recorded, sent, left, takenOver }: SignalLedger): boolean => left === 0 && takenOver === 0 && recorded === sent;
