/** What holds between the sections of every report: one thing is counted once, and the same everywhere. */
import { expect } from '@jest/globals';
import type { Category, NamedDistribution, RunData, RunReport } from '../../src/analysis/index.ts';
import { classify } from '../../src/analysis/span-tree.ts';

/** Rounding of sums of milliseconds. */
const EPSILON_MS = 1e-3;

/** Collects what does not hold: hundreds of reports are checked, and one `expect` costs more than a report. */
class Claims {
  readonly broken: string[] = [];

  equal(what: string, given: unknown, expected: unknown): void {
    if (given !== expected) this.broken.push(`${what}: ${String(given)} is not ${String(expected)}`);
  }

  within(what: string, value: number, most: number): void {
    if (!(value >= -EPSILON_MS && value <= most + EPSILON_MS)) this.broken.push(`${what}: ${value} is not between 0 and ${most}`);
  }

  hold(): void {
    expect(this.broken).toEqual([]);
  }
}

export function expectAgreement(report: RunReport): void {
  const claims = new Claims();
  claimConserved(report, claims);
  claimCounts(report, claims);
  claimBounds(report, claims);
  claims.hold();
}

function sum<T>(of: Iterable<T>, number: (each: T) => number | undefined): number {
  let total = 0;
  for (const each of of) total += number(each) ?? 0;
  return total;
}

/** Lane time adds up to lanes x wall time, and the wall path to the wall time, within a thousandth. */
function claimConserved({ laneTime, wallPath, run }: RunReport, claims: Claims): void {
  claims.within('lane time', Math.abs(laneTime.totalMs - laneTime.expectedMs), laneTime.expectedMs * 0.001);
  claims.within('wall path', Math.abs(sum(wallPath.byCategory, ({ ms }) => ms) - run.wallMs), run.wallMs * 0.001);
}

function rowOf(categories: readonly NamedDistribution[], name: string): Pick<NamedDistribution, 'count' | 'failed'> {
  return categories.find((each) => each.name === name) ?? { count: 0, failed: 0 };
}

function claimCounts(report: RunReport, claims: Claims): void {
  const { usage, children, git, categories, taskTypes, lanes, trouble, parallelism } = report;
  const row = (name: string) => rowOf(categories, name);
  claims.equal('calls in durations', row('llm').count, usage.calls);
  claims.equal(
    'calls by model',
    sum(usage.models, ({ calls }) => calls),
    usage.calls,
  );
  for (const kind of ['input', 'output'] as const) {
    const byModel = sum(usage.models, ({ tokens }) => tokens[kind]);
    claims.equal(`${kind} tokens by model`, byModel, usage.tokens[kind] ?? 0);
  }
  claims.within('cost by model', Math.abs(sum(usage.models, ({ cost }) => cost.amount) - (usage.cost.amount ?? 0)), 1e-6);
  claims.within('priced and unpriced calls', usage.cost.pricedCalls + usage.cost.unpricedCalls, usage.calls);
  claims.equal('tools in durations', row('tool').count, usage.tools.executions);
  claims.equal(
    'tools by name',
    sum(usage.tools.byName, ({ executions }) => executions),
    usage.tools.executions,
  );
  claims.equal('child processes in durations', row('process').count, children.count);
  claims.equal('failed child processes in durations', row('process').failed, children.failed);
  claims.equal('git in durations', row('git').count, git.count);
  claims.equal(
    'git by operation',
    sum(git.operations, ({ count }) => count),
    git.count,
  );
  claims.equal(
    'failed git by operation',
    sum(git.operations, ({ failed }) => failed),
    row('git').failed,
  );
  const tasks = sum(taskTypes, ({ count }) => count);
  claims.equal('tasks by type', tasks, lanes.kind === 'task' ? lanes.occupants + parallelism.innerTasks : 0);
  claims.equal(
    'occupants by kind',
    sum(parallelism.occupants, ({ count }) => count),
    lanes.occupants,
  );
  for (const { name, count, open, durationMs } of [...categories, ...taskTypes, ...git.operations])
    claims.within(`timed ${name}`, durationMs?.count ?? 0, count - open);
  claims.equal(
    'refusals by reason',
    sum(trouble.rateLimited.reasons, ({ count }) => count),
    trouble.rateLimited.count,
  );
  if (lanes.occupants > report.slowest.length || lanes.kind !== 'task') return;
  claims.within(
    'calls in tasks',
    sum(report.slowest, ({ llmCalls }) => llmCalls),
    usage.calls,
  );
  claims.within(
    'refusals in tasks',
    sum(report.slowest, ({ rateLimited }) => rateLimited.count),
    trouble.rateLimited.count,
  );
  claims.within(
    'failed commands in tasks',
    sum(report.slowest, ({ failedCommands }) => failedCommands),
    children.failed + row('git').failed,
  );
}

/** Nothing is negative, and nothing is longer than what it is a part of. */
function claimBounds(
  { run, lanes, laneTime, wallPath, slowest, batches, parallelism, usage, categories }: RunReport,
  claims: Claims,
): void {
  for (const { category, ms } of laneTime.byCategory) claims.within(`lane time ${category}`, ms, lanes.count * run.wallMs);
  for (const { category, ms } of wallPath.byCategory) claims.within(`path ${category}`, ms, run.wallMs);
  for (const { name, durationMs, breakdown, rateLimited } of slowest) {
    claims.within(`duration of ${name}`, durationMs, run.wallMs);
    claims.within(`parts of ${name}`, Math.abs(durationMs - sum(breakdown, ({ ms }) => ms)), 0);
    claims.within(`waits of ${name}`, rateLimited.waitedMs, Infinity);
  }
  for (const { durationMs, barrierWaitMs, straggler } of batches) {
    claims.within('duration of a batch', durationMs, run.wallMs);
    claims.within('barrier wait', barrierWaitMs, Infinity);
    claims.within('delay of a straggler', straggler?.delayMs ?? 0, run.wallMs);
  }
  claims.within('average parallelism', parallelism.average ?? 0, parallelism.peak);
  claims.within('peak parallelism', parallelism.peak, lanes.count);
  for (const { name, executions, untimed = 0, durationMs } of usage.tools.byName) {
    claims.within(`untimed ${name}`, untimed, executions);
    claims.within(`time of ${name}`, durationMs, Infinity);
  }
  for (const { name, durationMs } of categories)
    for (const [what, ms] of Object.entries(durationMs ?? {})) claims.within(`${what} of ${name}`, ms as number, Infinity);
}

/** Time in these is something that was recorded, and so is never longer on the path than in the lanes. */
const ACTS: readonly Category[] = ['llm', 'git', 'tool', 'agent', 'wait:rate_limit', 'wait:lock', 'wait:human', 'wait:gpu'];
/** Time of lanes in which nothing recorded is under way. */
const EMPTY: readonly Category[] = ['wait:orchestrator', 'wait:barrier', 'wait:dependency', 'unobserved', 'idle', 'startup', 'shutdown'];

/** Where every act is in a lane: time on the path is time in the lanes, and while something is done a lane is occupied. */
export function expectActsInLanes({ wallPath, laneTime, run, agents }: RunReport, data: RunData): void {
  const claims = new Claims();
  // The git commands around agents have no lane.
  const acts = agents.length > 0 ? ACTS.filter((category) => category !== 'git') : ACTS;
  const lanes = new Map(laneTime.byCategory.map(({ category, ms }) => [category, ms]));
  for (const { category, ms } of wallPath.byCategory)
    if (acts.includes(category)) claims.within(`path ${category} in lanes`, ms, lanes.get(category) ?? 0);
  const busyMs = sum(laneTime.byCategory, ({ category, ms }) => (EMPTY.includes(category) ? 0 : ms));
  claims.within('time in which something is done', unionMs(run, data), busyMs);
  claims.hold();
}

/** Wall time in which a call, a tool or a child process is under way that was waited for. */
function unionMs({ startMs, endMs }: RunReport['run'], { spans }: RunData): number {
  const acts = spans.filter(({ name, attributes, endMs: to }) => {
    const kind = classify(attributes);
    return (kind === 'llm' || kind === 'tool' || (kind === 'process' && name === 'npm')) && to !== undefined;
  });
  let total = 0;
  let reached = startMs;
  for (const act of acts.sort((a, b) => a.startMs - b.startMs)) {
    const to = Math.min(act.endMs ?? 0, endMs);
    total += Math.max(0, to - Math.max(act.startMs, reached));
    reached = Math.max(reached, to);
  }
  return total;
}

/** The text says what the JSON says, wherever it prints a count. */
export function expectPrinted(report: RunReport, text: string): void {
  const claims = new Claims();
  const { categories, children, git, usage, trouble } = report;
  const table = text.slice(Math.max(0, text.indexOf('How long things take'))).split('\n');
  const cells = (of: readonly string[], label: string): string[] | undefined =>
    of
      .find((line) => line.startsWith(`  ${label}  `))
      ?.trim()
      .split(/ {2,}/);
  for (const [name, label] of Object.entries({ llm: 'LLM', git: 'git', tool: 'tool', process: 'child process' })) {
    const row = categories.find((each) => each.name === name);
    const expected = row === undefined ? undefined : [label, row.count, row.failed === 0 ? '-' : row.failed].join(' ');
    claims.equal(`row ${label}`, row === undefined ? undefined : cells(table, label)?.slice(0, 3).join(' '), expected);
  }
  const flat = text.replace(/\s+/g, ' ');
  const says = (words: string, isTrue: boolean): void => claims.equal(`says "${words}"`, flat.includes(words), isTrue);
  if (usage.models.length > 1) claims.equal('calls of all models', cells(text.split('\n'), 'all')?.[1], String(usage.calls));
  if (git.count > 0) says(`${git.count} git command`, true);
  if (children.count > 0) says(`${children.count} other child process`, true);
  if (children.failed > 0) says(`, ${children.failed} failed`, true);
  says('never ended, oldest first', trouble.openCount > 0);
  says('NaN', false);
  says('undefined', false);
  says('Infinity', false);
  claims.hold();
}
