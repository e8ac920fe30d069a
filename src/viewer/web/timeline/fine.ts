/** Of a run with more segments than are sent at once: the part in view, one category a pixel, as the server has it from all of them. */
import { effect, signal } from '@preact/signals';
import { model, runId, source, version } from '../state.ts';
import { NOTHING, type Pixels } from './pixels.ts';

/** What is in view, in device pixels. */
export interface Wanted {
  readonly from: number;
  readonly to: number;
  readonly px: number;
  readonly firstLane: number;
  readonly lastLane: number;
}

interface Fine extends Wanted {
  readonly run: string;
  /** By lane, the first is `firstLane`. */
  readonly rows: readonly string[];
}

const found = signal<Fine | undefined>(undefined);
/** While one zooms or scrolls nothing is asked. */
const STILL_MS = 120;

/** Whether all segments of what is in view are drawn. */
export const isFine = (): boolean => found.value !== undefined && found.value.run === runId.value;

/** Puts the true categories into the pixels of a lane, where they have come for just this view. */
export function refine(lane: number, { from, to }: { readonly from: number; readonly to: number }, { category }: Pixels): void {
  const own = found.peek();
  if (own === undefined || own.run !== runId.peek() || own.from !== from || own.to !== to || own.px !== category.length) return;
  const row = own.rows[lane - own.firstLane];
  if (row === undefined) return;
  for (let at = 0; at < row.length; at++) {
    const letter = row.charCodeAt(at);
    category[at] = letter === '.'.charCodeAt(0) ? NOTHING : letter - 'A'.charCodeAt(0);
  }
}

/** Asks for what is in view whenever that has stood still for a moment, until the returned function is called. */
export function followFine(wanted: () => Wanted | undefined): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const run = runId.value;
    const from = source.value;
    const view = model.value?.mergedMs === undefined ? undefined : wanted();
    clearTimeout(timer);
    if (run === undefined || from === undefined || from.isFile || view === undefined) return;
    timer = setTimeout(() => {
      const { firstLane, lastLane, ...of } = view;
      from.tiles(run, { ...of, first: firstLane, last: lastLane }).then(
        ({ rows }) => {
          found.value = { ...view, run, rows };
          version.value++;
        },
        () => {
          // The server is gone or busy: what is merged stays as it is, and is said to be.
        },
      );
    }, STILL_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
