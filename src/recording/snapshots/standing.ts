/** How a process stands at one moment: what runs in it, what is open, what it has spent, and what is still planned. */
import type { BudgetBook } from '../budgets/index.ts';
import type { CallsUnderWay } from '../calls-under-way.ts';
import { cutText } from '../../semconv/cut-text.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';
import type { TaskTable } from '../task-table.ts';
import type { Trackers } from '../trackers.ts';
import type { Frame } from '../types.ts';
import { spentOf } from './spent.ts';

/** Tasks that are listed; more are counted. Protects the queue of records from a program with a hundred thousand. */
const MAX_TASKS = 2_000;
/** Phases, agents, types of planned tasks, queues and budgets that are listed, each. */
const MAX_LISTED = 200;
/** Activities that are looked at; protects the program's time. */
const MAX_LOOKED_AT = 20_000;
const MAX_NAME = 128;

/** What is looked at. */
export interface Standing {
  readonly tasks: TaskTable;
  readonly trackers: Trackers;
  readonly callsUnderWay: CallsUnderWay;
  readonly budgets: BudgetBook;
  /** What has begun and not ended. */
  readonly open: ReadonlySet<{ readonly frame: Frame }>;
  now(): EpochMs;
}

export interface Stand {
  /** Each as JSON. */
  readonly running: readonly string[];
  readonly runningCount: number;
  readonly queuedCount: number;
  readonly open: Readonly<Record<string, unknown>>;
  readonly spent: Readonly<Record<string, unknown>>;
  readonly planned: Readonly<Record<string, unknown>>;
}

export function standOf(process: Standing, phases: readonly string[]): Stand {
  const now = process.now();
  const { running: runningCount, queued: queuedCount } = process.tasks.sizes();
  const running: string[] = [];
  for (const { id, type, pool, agent, startedAt } of process.tasks.running()) {
    if (running.length >= MAX_TASKS) break;
    running.push(
      JSON.stringify({ id: short(id), type: short(type), pool: short(pool), agent: short(agent), seconds: secondsOf(now - startedAt) }),
    );
  }
  return {
    running,
    runningCount: Math.max(runningCount, running.length),
    queuedCount,
    open: openOf(process, phases),
    spent: { ...spentOf(process), budgets: budgetsOf(process.budgets) },
    planned: plannedOf(process, now),
  };
}

function openOf({ open, callsUnderWay }: Standing, phases: readonly string[]): Stand['open'] {
  const agents: { name: string | undefined; task: string | undefined }[] = [];
  let batches = 0;
  let looked = 0;
  for (const { frame } of open) {
    looked += 1;
    if (looked > MAX_LOOKED_AT) break;
    const { agent, batch, task, parent } = frame;
    if (batch !== undefined && batch !== parent?.batch) batches += 1;
    if (agent === undefined || agent === parent?.agent || agents.length >= MAX_LISTED) continue;
    agents.push({ name: short(agent.name), task: short(task?.id) });
  }
  return { phases: phases.slice(0, MAX_LISTED).map(short), agents, batches, llmCalls: callsUnderWay.size, spans: open.size };
}

function budgetsOf(budgets: BudgetBook): unknown[] {
  if (budgets.isEmpty) return [];
  budgets.refresh();
  return [...budgets.levels()].slice(0, MAX_LISTED).map(({ name, kind, limit, usage }) => ({ name: short(name), kind, limit, usage }));
}

function plannedOf({ tasks, trackers }: Standing, now: EpochMs): Stand['planned'] {
  const queued = new Map<string, { type: string | undefined; pool: string | undefined; count: number; longestWaitSeconds: number }>();
  for (const { type, pool, startedAt } of tasks.queued()) {
    const key = JSON.stringify([type, pool]);
    const waitSeconds = secondsOf(now - startedAt);
    const known = queued.get(key);
    if (known !== undefined) {
      known.count += 1;
      known.longestWaitSeconds = Math.max(known.longestWaitSeconds, waitSeconds);
    } else if (queued.size < MAX_LISTED)
      queued.set(key, { type: short(type), pool: short(pool), count: 1, longestWaitSeconds: waitSeconds });
  }
  const queues = [...trackers.queues].slice(0, MAX_LISTED).map((queue) => ({ name: short(queue.name), size: queue.size() }));
  return { tasks: [...queued.values()], queues };
}

const short = (name: string | undefined): string | undefined => (name === undefined ? undefined : cutText(name, MAX_NAME));
/** To the millisecond; a clock that was set back makes no negative time. */
const secondsOf = (ms: number): number => Math.max(0, Math.round(ms)) / 1_000;
