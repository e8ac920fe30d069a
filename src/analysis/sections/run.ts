/** The run itself: its name, its length, how it ended, and how many spans are known of it. */
import type { RunFacts } from '../facts.ts';

export interface RunHeadline {
  readonly id: string;
  readonly name: string;
  readonly command: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly wallMs: number;
  readonly isFinished: boolean;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

export function run({ data, tree: { startMs, endMs }, wallMs }: RunFacts): RunHeadline {
  const { id, name, command, exitCode, signal } = data.run;
  return { id, name, command, startMs, endMs, wallMs, isFinished: data.run.endMs !== undefined, exitCode, signal };
}

export function spanCount({ tree }: RunFacts): number {
  return tree.topDown.length;
}
