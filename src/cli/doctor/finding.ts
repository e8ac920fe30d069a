/** What `doctor` concludes about one thing, of this machine or of the stack, and how it is printed. */
import { clean } from '../printable.ts';

export interface Finding {
  readonly level: 'ok' | 'note' | 'problem';
  readonly text: string;
  /** A command to try, or a setting to change. */
  readonly next?: string;
}

/** Status files, settings and other programs wrote parts of it. */
const MAX_TEXT = 1_000;
const MARKS = { ok: 'ok      ', note: 'note    ', problem: 'PROBLEM ' } as const;

export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ level, text, next }) => [
    `  ${MARKS[level]}${clean(text, MAX_TEXT)}`,
    ...(next === undefined ? [] : [`          try: ${clean(next, MAX_TEXT)}`]),
  ]);
}
