/** Refusals of LLM calls as the report prints them. */
import type { RefusalCount } from '../../analysis/index.ts';
import { count } from './numbers.ts';
import { clean } from './style.ts';

/** More reasons are not worth their place. */
const MAX_REASONS = 4;

/** `429 x 3, 503 x 1`. The words of an `error.type` come from the program. */
export function refusals(reasons: readonly RefusalCount[]): string {
  const shown = reasons.slice(0, MAX_REASONS).map(({ reason, count: times }) => `${clean(reason)} x ${count(times)}`);
  return `${shown.join(', ')}${reasons.length > MAX_REASONS ? ', ...' : ''}`;
}
