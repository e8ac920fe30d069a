/** Words that more than one part of the page says. */
import { plural } from '../../analysis/numbers.ts';
import type { LaneKind } from '../wire.ts';

/** `2026-11-02`, where the reader is. */
export function dayOf(ms: number): string {
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** `3 tasks`, `1 process`: what is in the lanes of a run. */
export function pluralOf(number: number, kind: LaneKind = 'task'): string {
  return plural(number, kind, kind === 'process' ? 'processes' : undefined);
}
