/** While a run goes on and at its end: reads what its processes left in its folder. */
import { createLeftReader } from '../../viewer/index.ts';
import { warn } from '../streams.ts';
import type { Parts } from './parts.ts';

export interface Left {
  /** Reads all that is there. */
  readAll(): void;
  /** The same for the last time: who has not ended in order by now is killed. */
  finish(): void;
}

/** Looking at an empty folder takes some microseconds. */
const LOOK_MS = 1_000;

/** Undefined without a folder of the run. */
export function watchLeft({ store, take }: Pick<Parts, 'store' | 'take'>, folder: string | undefined): Left | undefined {
  if (folder === undefined) return undefined;
  const reader = createLeftReader({ folder, store, ...take });
  const timer = setInterval(() => quietly(() => reader.look()), LOOK_MS);
  return {
    readAll: () => quietly(() => reader.look(Infinity)),
    finish() {
      clearInterval(timer);
      quietly(() => reader.finish());
    },
  };
}

/** A fault in our reading must not end the run. */
function quietly(look: () => void): void {
  try {
    look();
  } catch (error) {
    warn(`What processes left in the folder of the run could not be read: ${String(error)}`);
  }
}
