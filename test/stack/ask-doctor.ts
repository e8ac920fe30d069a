// `swarmscope doctor --stack` as a program, and what it said as data.
import { commandFile, runProgram, type ProgramResult } from '../harness/index.ts';
import type { Stack } from '../harness/stack/index.ts';

export interface Found {
  readonly subject: string;
  readonly level: 'ok' | 'note' | 'problem';
  readonly text: string;
  readonly next?: string;
}

export interface Said {
  readonly code: number | null;
  readonly marks: { readonly traceId: string; readonly value: number };
  readonly stack: Readonly<Record<string, string>>;
  readonly findings: readonly Found[];
  /** The findings of one subject. */
  of(subject: string): readonly Found[];
}

export interface Asking {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Flags that name every part of `stack`; `more` comes last and wins. */
export function flagsOf({ urls }: Stack, more: readonly string[] = []): string[] {
  const { collectorHealth, collectorTelemetry, prometheus, tempo, alertmanager } = urls;
  const named = { prometheus, tempo, alertmanager, 'collector-health': collectorHealth, 'collector-telemetry': collectorTelemetry };
  return [...Object.entries(named).flatMap(([name, url]) => [`--${name}`, url]), ...more];
}

export const runDoctor = (args: readonly string[], asking: Asking = {}): Promise<ProgramResult> =>
  runProgram({ file: commandFile, args: ['doctor', '--stack', ...args], ...asking, preload: 'none' });

export async function askDoctor(args: readonly string[], asking?: Asking): Promise<Said> {
  const { code, stdout, stderr } = await runDoctor([...args, '--json', '-'], asking);
  let said: Omit<Said, 'code' | 'of'>;
  try {
    said = JSON.parse(stdout) as Omit<Said, 'code' | 'of'>;
  } catch (cause) {
    throw new Error(`no JSON (${String(code)}): ${stdout}\n${stderr}`, { cause });
  }
  return { ...said, code, of: (subject) => said.findings.filter((finding) => finding.subject === subject) };
}

/** Programs that a flag names are reached without a login, which is a problem of its own: doors.test.ts holds it. */
export const problemsOf = ({ findings }: Said): string[] =>
  findings.filter(({ level, subject }) => level === 'problem' && subject !== 'doors').map(({ subject }) => subject);
