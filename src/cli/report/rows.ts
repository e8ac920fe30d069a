/** Long lists: how much of them is shown, and the line that counts the rest. */
import { count } from './numbers.ts';

/** Rows of a list before the rest is only counted. */
export const MAX_ROWS = 10;

export function more(length: number, what: string): string[] {
  return length > MAX_ROWS ? [`  and ${count(length - MAX_ROWS)} more ${what}`] : [];
}
