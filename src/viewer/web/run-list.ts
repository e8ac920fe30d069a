/** The rows of the list of runs: which a search means, and in which order they stand. */
import type { RunItem } from '../wire.ts';
import { parseFilter } from './filter.ts';
import { dayOf } from './words.ts';

export interface Order {
  readonly key: string;
  readonly isUp: boolean;
}

/** Words match name, command, outcome, day, repository and findings; `>5m`, `<30s`, `cost>0.50`, `state:killed` narrow further. */
export function runsFound(runs: readonly RunItem[], search: string): readonly RunItem[] {
  const { words, states, overMs, underMs, overCost } = parseFilter(search);
  return runs.filter((run) => {
    const text = textOf(run).toLowerCase();
    const ms = lengthOf(run);
    return (
      words.every((word) => text.includes(word)) &&
      (states.length === 0 || states.some((state) => outcome(run).toLowerCase().includes(state) || run.state === state)) &&
      (overMs === undefined || (ms !== undefined && ms > overMs)) &&
      (underMs === undefined || (ms !== undefined && ms < underMs)) &&
      (overCost === undefined || (run.summary?.cost ?? 0) > overCost)
    );
  });
}

function textOf(run: RunItem): string {
  const { id, name, command, startMs, changedMs, summary } = run;
  const findings = (summary?.findings ?? []).map(({ kind }) => kind.replaceAll('_', ' '));
  return [id, name, command, outcome(run), dayOf(startMs ?? changedMs), ...(summary?.repositories ?? []), ...findings].join(' ');
}

const VALUES: Readonly<Record<string, (run: RunItem) => string | number>> = {
  name: ({ name, id }) => name || id,
  ok: ({ summary }) => (summary === undefined ? 3 : ['no', 'look', 'yes'].indexOf(summary.verdict.word)),
  outcome,
  when: ({ startMs, changedMs }) => startMs ?? changedMs,
  length: (run) => lengthOf(run) ?? -1,
  tasks: ({ summary }) => summary?.tasks ?? -1,
  cost: ({ summary }) => summary?.cost ?? -1,
  findings: ({ summary }) => summary?.findings?.[0]?.seconds ?? -1,
  repository: ({ summary }) => summary?.repositories[0] ?? '',
};

export function inOrder(runs: readonly RunItem[], { key, isUp }: Order): readonly RunItem[] {
  const valueOf = VALUES[key];
  if (valueOf === undefined) return runs;
  const sign = isUp ? 1 : -1;
  return [...runs].sort((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    return sign * (typeof x === 'string' && typeof y === 'string' ? x.localeCompare(y) : Number(x) - Number(y));
  });
}

export function outcome({ state, exitCode, signal, problem }: RunItem): string {
  if (state === 'live') return 'running';
  if (state === 'cut') return 'killed';
  if (state === 'unreadable') return problem?.message ?? 'cannot be read';
  if (signal !== undefined) return signal;
  return exitCode === undefined ? 'ended' : `exit code ${exitCode}`;
}

export function lengthOf({ summary, startMs, endMs }: RunItem): number | undefined {
  if (summary !== undefined) return summary.wallMs;
  return startMs === undefined || endMs === undefined ? undefined : endMs - startMs;
}
