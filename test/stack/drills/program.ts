// A small swarm of 40 tasks for the drills, and what of it must be in the stack.
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { dist, type ProgramOptions } from '../../harness/index.ts';
import type { Stack } from '../../harness/stack/index.ts';
import { isValue } from './support.ts';

const api = JSON.stringify(join(dist, 'index.cjs'));
export const TASKS = 40;

/** Through a queue of its own; then it ends as its argument says: by returning, in the middle of everything, or when `go` is there. */
const source = `
const { existsSync } = require('node:fs');
const { withTask } = require(${api});
const work = Array.from({ length: ${TASKS} }, (_, i) => withTask({ type: 'unit', id: String(i), pool: 'drill' }, async () => i));
Promise.all(work).then(() => {
  console.log('worked');
  if (process.argv[2] === 'exit') process.exit(0);
  if (process.argv[2] === 'wait') { const timer = setInterval(() => { if (existsSync('go')) clearInterval(timer); }, 20); }
});
`;

/** A machine that does much else may need more than the default second to send what is left. */
const patient = { SWARMSCOPE_EXIT_TIMEOUT: '30000' };

export function swarm(service: string, ending: 'return' | 'exit' | 'wait', env: Readonly<Record<string, string>>): ProgramOptions {
  return {
    files: { 'swarm.cjs': source },
    args: [ending],
    env: { OTEL_SERVICE_NAME: service, OTEL_METRIC_EXPORT_INTERVAL: '500', ...patient, ...env },
  };
}

/** Waits until every task of the swarm is in Tempo, and holds that each is there once. */
export async function expectTasks(stack: Stack, service: string): Promise<void> {
  const query = `{ resource.service.name = "${service}" && name = "run_task unit" }`;
  const ids = await stack.until(`${TASKS} tasks of ${service} in Tempo`, async () => {
    const found = await stack.search(query);
    const traces = await Promise.all(found.map(({ traceId }) => stack.trace(traceId)));
    const tasks = traces.flatMap((rows) => (rows ?? []).filter(({ name }) => name === 'run_task unit'));
    return tasks.length >= TASKS ? tasks.map(({ attributes }) => Number(attributes['swarmscope.task.id'])) : undefined;
  });
  expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: TASKS }, (_, index) => index));
}

/** Waits until Prometheus counts every task of the swarm, over all its processes. */
export async function expectTotal(stack: Stack, service: string): Promise<void> {
  const total = `sum(last_over_time(swarmscope_task_duration_seconds_count{service_name="${service}"}[1h]))`;
  await stack.until(`${TASKS} tasks of ${service} in Prometheus`, () => isValue(stack, total, TASKS));
}
