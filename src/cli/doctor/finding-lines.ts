/** Findings as doctor prints them, of this machine and of the stack alike. */
import type { Finding } from './finding.ts';

const MARKS = { ok: 'ok      ', note: 'note    ', problem: 'PROBLEM ' } as const;

export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ level, text, next }) => [
    `  ${MARKS[level]}${text}`,
    ...(next === undefined ? [] : [`          try: ${next}`]),
  ]);
}
