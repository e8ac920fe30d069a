/** What `doctor` concludes about one thing, of this machine or of the stack, and how it is printed. */

export interface Finding {
  readonly level: 'ok' | 'note' | 'problem';
  readonly text: string;
  /** A command to try, or a setting to change. */
  readonly next?: string;
}

const MARKS = { ok: 'ok      ', note: 'note    ', problem: 'PROBLEM ' } as const;

export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ level, text, next }) => [
    `  ${MARKS[level]}${text}`,
    ...(next === undefined ? [] : [`          try: ${next}`]),
  ]);
}
