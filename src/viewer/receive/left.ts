/** Reads into the store of a run what its processes left in its folder: requests that were not taken, and ledgers. */
import { lifeOf } from '../../config/process-mark.ts';
import { countLedgers, readLedgers, removeLedger, type ProcessLedger } from '../../otlp/process-ledger.ts';
import { OtlpError } from '../../otlp/read/index.ts';
import { hasLeft, takeRunSpool } from '../../otlp/spool/index.ts';
import type { Store } from '../store/index.ts';
import { takers, type Intake, type ReadOptions } from './read.ts';

export interface LeftReader {
  /** While the run goes on: some of what is there, or as many requests as is said. */
  look(maxFiles?: number): void;
  /** All that is there, before the folder goes. */
  finish(): void;
}

export interface LeftOptions extends Intake, ReadOptions {
  /** Of the run. */
  readonly folder: string;
  readonly store: Pick<Store, 'addLedgers' | 'flush'>;
}

/** Requests read at one look, of 2 MiB at most: programs wait for our answers meanwhile. */
const FILES_A_LOOK = 4;
/** So many ledgers are left where they are; more are those of killed processes, and are taken over. */
const MANY_LEDGERS = 1_000;

/** Whether there is something to read in the folder of a run. */
export const hasAnythingLeft = (folder: string): boolean => hasLeft(folder) || countLedgers(folder) > 0;

export function createLeftReader({ folder, store, ...options }: LeftOptions): LeftReader {
  const take = takers(options);

  function takeRequests(maxFiles?: number): void {
    takeRunSpool({
      folder,
      maxFiles,
      take(request) {
        try {
          take(request, 'protobuf');
        } catch (error) {
          if (!(error instanceof OtlpError)) throw error;
          // Not of ours: what is missing is told by the ledger of its process.
          return;
        }
        // Its file goes next.
        store.flush();
      },
    });
  }

  function takeLedgers(isLast: boolean): void {
    const areMany = !isLast && countLedgers(folder) > MANY_LEDGERS;
    const ledgers = readLedgers(folder, isLast || areMany ? 'all' : 'ended').filter(
      ({ mark, isEnded }) => isEnded || lifeOf(mark) !== 'alive',
    );
    if (ledgers.length === 0) return;
    store.addLedgers(ledgers.map((ledger) => ({ ...ledger, process: nameOf(ledger) })));
    store.flush();
    for (const { sender } of ledgers) removeLedger(folder, sender);
  }

  return {
    look(maxFiles = FILES_A_LOOK) {
      if (hasLeft(folder)) takeRequests(maxFiles);
      takeLedgers(false);
    },
    finish() {
      takeRequests();
      takeLedgers(true);
    },
  };
}

/** The same for all threads of one process; a pid means something in its namespace alone, and is given out again. */
const nameOf = ({ mark: { pid, ticks = '', space = '' } }: ProcessLedger): string => `${pid} ${ticks} ${space}`;
