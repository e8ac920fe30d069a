/** Words that more than one part of the page says. */
import { plural } from '../../analysis/numbers.ts';
import type { LaneKind } from '../wire.ts';

/** `3 tasks`, `1 process`: what is in the lanes of a run. */
export function pluralOf(number: number, kind: LaneKind = 'task'): string {
  return plural(number, kind, kind === 'process' ? 'processes' : undefined);
}
