/** The status of a run as one line. */
import { expect, it } from '@jest/globals';
import { isPlainStatusDue, renderPlainStatus, renderStatusLine, type StatusSnapshot } from '../../../src/cli/run/status-line.ts';

const busy: StatusSnapshot = {
  elapsedMs: 72_000,
  agentsRunning: 2,
  tasksRunning: 4,
  tasksDone: 7,
  tasksFailed: 1,
  processes: 9,
  llmInFlight: 2,
  llmDone: 5,
  tokensIn: 12_300,
  tokensOut: 900,
  costUsd: 0.0123,
  rateLimited: 2,
  oldestTask: { name: 'implement\u001b[31m 3', ageMs: 30_000 },
};

it('says everything where there is space', () => {
  expect(renderStatusLine(busy, 200)).toBe(
    '1m 12s  2 agents  4 tasks running  7 done  1 failed  LLM calls 2 running 5 done  12.3k in 900 out  $0.0123  9 processes  2 refused  oldest implement [31m 3 30.0 s',
  );
});

it.each([200, 80, 40, 20, 5, 0])('never exceeds %i columns', (width) => {
  expect(renderStatusLine(busy, width).length).toBeLessThanOrEqual(width);
});

it('counts two columns for a character that may take two, so that the line does not wrap', () => {
  const wide = { ...busy, oldestTask: { name: '実装', ageMs: 30_000 } };
  const line = renderStatusLine(wide, 200);
  expect(line).toMatch(/oldest 実装 30\.0 s$/);
  expect(renderStatusLine(wide, line.length + 2)).toBe(line);
  expect(renderStatusLine(wide, line.length + 1)).not.toContain('oldest');
});

it('leaves out what is absent', () => {
  const quiet = {
    ...busy,
    agentsRunning: 0,
    tasksFailed: 0,
    processes: undefined,
    tokensIn: 0,
    tokensOut: 0,
    costUsd: undefined,
    rateLimited: 0,
    oldestTask: undefined,
  };
  expect(renderPlainStatus(quiet)).toBe('swarmscope: 1m 12s, 4 tasks running, 7 done, LLM calls 2 running 5 done');
});

it('has no tasks where only agents run', () => {
  const agents = { ...busy, agentsRunning: 1, tasksRunning: 0, tasksDone: 0, tasksFailed: 0, oldestTask: undefined };
  expect(renderPlainStatus(agents)).toBe(
    'swarmscope: 1m 12s, 1 agent, LLM calls 2 running 5 done, 12.3k in 900 out, $0.0123, 9 processes, 2 refused',
  );
});

it('says that no LLM call was seen, and how many processes there are, where nothing else is known', () => {
  const idle = { tasksRunning: 0, tasksDone: 0, tasksFailed: 0, llmInFlight: 0, llmDone: 0, tokensIn: 0, tokensOut: 0, rateLimited: 0 };
  const unknown = { ...busy, ...idle, agentsRunning: 0, processes: 1, costUsd: undefined, oldestTask: undefined };
  expect(renderPlainStatus(unknown)).toBe('swarmscope: 1m 12s, no LLM call seen, 1 process');
  expect(isPlainStatusDue({ atMs: 0, snapshot: unknown }, { ...unknown, processes: 7 }, 60_000)).toBe(false);
});

it('prints a plain line at most every 5 s, and only on change', () => {
  const changed = { ...busy, tasksDone: 8 };
  expect(isPlainStatusDue(undefined, busy, 0)).toBe(true);
  expect(isPlainStatusDue({ atMs: 0, snapshot: busy }, changed, 4_999)).toBe(false);
  expect(isPlainStatusDue({ atMs: 0, snapshot: busy }, changed, 5_000)).toBe(true);
  expect(isPlainStatusDue({ atMs: 0, snapshot: busy }, { ...busy, elapsedMs: 99_000 }, 60_000)).toBe(false);
});
