/** The status of a running run as one line of text. Pure: the caller prints it and keeps the time. */
import { clean } from '../printable.ts';
import { count, duration, money, plural } from '../report/index.ts';

export interface StatusSnapshot {
  readonly elapsedMs: number;
  readonly agentsRunning: number;
  readonly tasksRunning: number;
  readonly tasksDone: number;
  readonly tasksFailed: number;
  /** Processes of the run that live; undefined where they cannot be seen. */
  readonly processes: number | undefined;
  readonly llmInFlight: number;
  readonly llmDone: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number | undefined;
  /** Refused LLM calls so far (429, 503, 529). */
  readonly rateLimited: number;
  /** The agent that has given no sign for longest. */
  readonly silent?:
    { readonly agentName: string; readonly silentMs: number; readonly reason: string; readonly child: string | undefined } | undefined;
  /** What is wrong now, the most urgent first. */
  readonly findings?: readonly { readonly id: string; readonly text: string }[] | undefined;
  /** How many more there are. */
  readonly moreFindings?: number | undefined;
  readonly oldestTask?: { readonly name: string; readonly ageMs: number } | undefined;
}

/** Shortest time between two plain lines. */
export const PLAIN_INTERVAL_MS = 5_000;

/** Only a task that has run for longer is named as the oldest. */
const OLD_TASK_MS = 10_000;

/** From this character on a terminal may give two columns to one. */
const FIRST_WIDE = 0x1100;

/** One line of at most `width` characters for a terminal. What matters least is left out first. */
export function renderStatusLine(snapshot: StatusSnapshot, width: number): string {
  const parts = partsOf(snapshot);
  for (let kept = parts.length; kept > 1; kept--) {
    const line = parts.slice(0, kept).join('  ');
    if (columnsOf(line) <= width) return line;
  }
  return (parts[0] ?? '').slice(0, Math.max(0, width));
}

/** The same without a limit, for logs and pipes. */
export function renderPlainStatus(snapshot: StatusSnapshot): string {
  return `swarmscope: ${partsOf(snapshot).join(', ')}`;
}

export interface PlainStatus {
  readonly atMs: number;
  readonly snapshot: StatusSnapshot;
}

/** Whether a plain line is due at `nowMs`: when something new is wrong, else at most every 5 s and only when more than the clock has moved. */
export function isPlainStatusDue(last: PlainStatus | undefined, snapshot: StatusSnapshot, nowMs: number): boolean {
  if (last === undefined) return true;
  const known = new Set(last.snapshot.findings?.map(({ id }) => id));
  if (snapshot.findings?.some(({ id }) => !known.has(id)) === true) return true;
  return nowMs - last.atMs >= PLAIN_INTERVAL_MS && fingerprint(last.snapshot) !== fingerprint(snapshot);
}

function fingerprint(snapshot: StatusSnapshot): string {
  return partsOf({
    ...snapshot,
    elapsedMs: 0,
    // Commands come and go all the time.
    processes: undefined,
    oldestTask: undefined,
    silent: snapshot.silent && { ...snapshot.silent, silentMs: 0 },
    findings: snapshot.findings?.map(({ id }) => ({ id, text: id })),
  }).join();
}

/** The parts of the line, the most important one first. */
function partsOf(snapshot: StatusSnapshot): string[] {
  const {
    agentsRunning,
    tasksRunning,
    tasksDone,
    tasksFailed,
    processes,
    llmInFlight,
    llmDone,
    tokensIn,
    tokensOut,
    costUsd,
    rateLimited,
    oldestTask,
    silent,
    findings = [],
    moreFindings = 0,
  } = snapshot;
  const parts = [duration(snapshot.elapsedMs)];
  if (findings.length > 0) parts.push(findingText(findings, moreFindings));
  if (agentsRunning > 0) parts.push(plural(agentsRunning, 'agent', 'agents'));
  if (silent !== undefined) parts.push(silentText(silent));
  // Only a program that tells of itself has tasks.
  if (tasksRunning + tasksDone > 0) parts.push(`${plural(tasksRunning, 'task', 'tasks')} running`, `${count(tasksDone)} done`);
  if (tasksFailed > 0) parts.push(`${count(tasksFailed)} failed`);
  if (llmInFlight + llmDone > 0) parts.push(`LLM calls ${count(llmInFlight)} running ${count(llmDone)} done`);
  else if (agentsRunning + tasksRunning + tasksDone === 0) parts.push('no LLM call seen');
  if (tokensIn + tokensOut > 0) parts.push(`${count(tokensIn)} in ${count(tokensOut)} out`);
  if (costUsd !== undefined) parts.push(money(costUsd, 'USD'));
  if (processes !== undefined) parts.push(plural(processes, 'process', 'processes'));
  if (rateLimited > 0) parts.push(`${count(rateLimited)} refused`);
  if (oldestTask !== undefined && oldestTask.ageMs >= OLD_TASK_MS)
    parts.push(`oldest ${clean(oldestTask.name, 60)} ${duration(oldestTask.ageMs)}`);
  return parts;
}

/** `! openai refused 12 of 40 calls in the last minute (+1 more)`. */
function findingText(findings: NonNullable<StatusSnapshot['findings']>, beyond: number): string {
  const more = findings.length - 1 + beyond;
  return `! ${clean(findings[0]?.text ?? '', 110)}${more > 0 ? ` (+${count(more)} more)` : ''}`;
}

/** No more than is known: a silent agent may be hung, or wait for an answer that takes long. */
function silentText({ agentName, silentMs, reason, child }: NonNullable<StatusSnapshot['silent']>): string {
  const waitsFor = reason === 'waits_for_child' && child !== undefined ? `, child ${clean(child, 30)}` : '';
  const why = reason === 'stopped' || reason === 'connected' ? `, ${reason}` : waitsFor;
  return `${clean(agentName, 30)} silent for ${duration(silentMs)}${why}`;
}

/** At most so many columns: characters of East Asian scripts and pictures take two. A line that wraps would be two. */
const columnsOf = (line: string): number =>
  [...line].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) < FIRST_WIDE ? 1 : 2), 0);
