/**
 * Lane seconds of the demo by its own log: every millisecond looked at, lane by lane, by rules that share nothing with
 * the analysis.
 */
import { readFileSync } from 'node:fs';

/** A line of SWARM_LOG; times in ms since the Unix epoch. */
export interface LogLine {
  readonly kind: 'run' | 'superstep' | 'task' | 'worker' | 'llm' | 'tool' | 'git' | 'backoff';
  readonly name: string;
  readonly pid: number;
  readonly worker?: string;
  readonly task?: string;
  /** Pid of the process of a `worker` line. */
  readonly child?: number;
  readonly start: number;
  readonly end: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly error?: string;
}

export function readLog(file: string): LogLine[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);
}

export interface Window {
  readonly startMs: number;
  readonly endMs: number;
  readonly lanes: number;
}

/** What a lane did at a moment: the first of these lines that covers it. */
const ORDER = ['llm', 'git', 'tool', 'startup', 'shutdown', 'backoff'] as const;
/** What the log calls it, and what the report calls it. */
const CATEGORY: Readonly<Record<string, string>> = { backoff: 'wait:rate_limit' };

interface Stretch {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Seconds by category. */
export function laneSeconds(log: readonly LogLine[], window: Window): Map<string, number> {
  const tasks = log
    .filter(({ kind }) => kind === 'task')
    .map((task) => ({ start: task.start, end: task.end, stretches: stretchesOf(log, task) }));
  const supersteps = log.filter(({ kind }) => kind === 'superstep');
  const lastStart = Math.max(...tasks.map(({ start }) => start));
  const acts = log.filter(({ kind }) => kind === 'task' || kind === 'llm' || kind === 'tool' || kind === 'git');
  const [firstAct, lastAct] = [Math.min(...acts.map(({ start }) => start)), Math.max(...acts.map(({ end }) => end))];
  const whileNothingRuns = (ms: number): string => (ms < firstAct ? 'startup' : ms < lastAct ? 'wait:orchestrator' : 'shutdown');
  const seconds = new Map<string, number>();
  const add = (category: string, lanes: number): void => {
    seconds.set(category, (seconds.get(category) ?? 0) + lanes / 1000);
  };
  for (let ms = window.startMs + 0.5; ms < window.endMs; ms++) {
    const running = tasks.filter(({ start, end }) => start <= ms && ms < end);
    for (const { stretches } of running) {
      const now = new Set(stretches.filter(({ start, end }) => start <= ms && ms < end).map(({ kind }) => kind));
      const kind = ORDER.find((each) => now.has(each)) ?? 'other';
      add(CATEGORY[kind] ?? kind, 1);
    }
    const isInSuperstep = supersteps.some(({ start, end }) => start <= ms && ms < end);
    const why = running.length === 0 ? whileNothingRuns(ms) : isInSuperstep ? 'wait:barrier' : ms < lastStart ? 'wait:dependency' : 'idle';
    add(why, window.lanes - running.length);
  }
  return new Map([...seconds].filter(([, value]) => value > 0));
}

/** The lines of a task, and its process before its first line and after its last one. */
function stretchesOf(log: readonly LogLine[], { task, start, end }: LogLine): Stretch[] {
  const own = log.filter((line) => line.task === task && line.kind !== 'task' && line.start >= start && line.end <= end);
  const stretches: Stretch[] = own.filter(({ kind }) => kind !== 'worker');
  for (const life of own.filter(({ kind }) => kind === 'worker')) {
    const acts = own.filter(({ pid, kind }) => pid === life.child && kind !== 'worker');
    const first = Math.min(...acts.map((line) => line.start));
    const last = Math.max(...acts.map((line) => line.end));
    stretches.push({ kind: 'startup', start: life.start, end: first }, { kind: 'shutdown', start: last, end: life.end });
  }
  return stretches;
}
