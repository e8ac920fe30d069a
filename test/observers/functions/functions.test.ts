/** Functions that `swarmscope.config.json` names, in CommonJS and in ES modules: seen in every form, and the app is as it was. */
import { describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { commandFile, freshFolder, runProgram, startSink } from '../../harness/index.ts';
import { metricPointsOf, spansOf } from '../../harness/received.ts';
import { api } from '../../e2e/programs.ts';

const config = JSON.stringify({
  functions: [
    { module: 'work.EXT', export: 'implement', id: 'arguments[0].id', type: 'arguments[0].kind', agent: 'arguments[0].by' },
    { module: 'work.EXT', export: 'review', as: 'agent', agent: 'reviewer' },
    { module: 'work.EXT', export: 'search', as: 'tool' },
    { module: 'work.EXT', export: 'round', as: 'batch', type: 'rounds' },
    { module: 'work.EXT', export: 'steps', type: 'this.kind' },
    { module: 'work.EXT', export: 'stream', as: 'agent' },
    { module: 'work.EXT', export: 'Planner.plan', as: 'task' },
    { module: 'work.EXT', export: 'default', as: 'run', type: 'nightly' },
  ],
});

const parts = `
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const inside = () => withTask('inner', () => undefined);
`;

const BODIES = {
  implement:
    'async function implement(ticket) { await sleep(1); inside(); if (ticket.fails) throw new RangeError("mine"); return ticket.id + arguments.length; }',
  review: '(text) => { inside(); return text + "!"; }',
  search: 'async (query) => { inside(); return [query]; }',
  round: 'async function round(tickets) { return Promise.all(tickets.map((ticket) => implement(ticket).catch((error) => error.name))); }',
  steps: 'function* steps() { inside(); yield 1; yield 2; return 3; }',
  stream: 'async function* stream(n) { for (let i = 0; i < n; i++) { inside(); yield i; } }',
  Planner: 'class Planner { constructor(n) { this.n = n; } plan(more) { inside(); return this.n + more; } }',
};

const asCommonJs = `
const { withTask } = require(${api});
${parts}
${BODIES.implement}
const review = ${BODIES.review};
${BODIES.round}
${BODIES.steps}
exports.stream = ${BODIES.stream};
${BODIES.Planner}
module.exports = { ...exports, default: async function main(fn) { return fn(); }, implement, review, search: ${BODIES.search}, round, steps, Planner };
`;

const asModule = `
import { createRequire } from 'node:module';
const { withTask } = createRequire(import.meta.url)(${api});
${parts}
export ${BODIES.implement}
export const review = ${BODIES.review};
const find = ${BODIES.search};
export { find as search };
export ${BODIES.round}
export ${BODIES.steps}
export ${BODIES.stream}
export ${BODIES.Planner}
export default async function main(fn) { return fn(); }
`;

const main = `
async function run(work) {
  const say = (...what) => console.log(JSON.stringify(what));
  await work.default(async () => {
    say(await work.round([{ id: 'a', kind: 'build', by: 'coder' }, { id: 'b', kind: 'build', fails: true }]));
    say(work.review('good'), await work.search('where'), new work.Planner(1).plan(2));
    say([...work.steps.call({ kind: 'step' })]);
    const seen = [];
    for await (const value of work.stream(5)) { seen.push(value); if (value === 1) break; }
    say(seen, work.implement.name, work.implement.length, typeof work.Planner.prototype.plan, work.stream.constructor.name, String(work.round.call.name));
  });
}
`;

const SYSTEMS = {
  CommonJS: {
    extension: 'cjs',
    files: { 'app.cjs': `const work = require('./work.cjs'); ${main} run(work);`, 'work.cjs': asCommonJs },
  },
  'ES module': {
    extension: 'mjs',
    files: { 'app.mjs': `import * as work from './work.mjs'; ${main} await run(work);`, 'work.mjs': asModule },
  },
} as const;

/** Each span once, below the names of what it hangs below. */
function treeOf(spans: readonly SpanRow[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const pathOf = (span: SpanRow): string => {
    const above = byId.get(span.parentSpanId ?? '');
    return above === undefined ? span.name : `${pathOf(above)} > ${span.name}`;
  };
  return spans.map(pathOf).sort();
}

describe.each(Object.entries(SYSTEMS))('in %s', (_system, { extension, files }) => {
  test('every form of function is what was declared, with what it does below it, and gives what it gave', async () => {
    const sink = await startSink();
    const all = { ...files, 'swarmscope.config.json': config.replaceAll('EXT', extension) };
    const bare = await runProgram({ files, preload: 'none' });
    const seen = await runProgram({ files: all, env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' } });
    await sink.close();
    expect(bare.stdout).toMatch(
      /^\[\["a1","RangeError"\]\]\n\["good!",\["where"\],3\]\n\[\[1,2\]\]\n\[\[0,1\],"implement",1,"function","AsyncGeneratorFunction"/,
    );
    expect([seen.code, seen.stdout, seen.stderr]).toEqual([0, bare.stdout, '']);
    const spans = spansOf(sink);
    const round = 'invoke_workflow nightly > run_batch rounds';
    expect(treeOf(spans)).toEqual(
      [
        'invoke_workflow nightly',
        round,
        `${round} > run_task build`,
        `${round} > run_task build`,
        `${round} > run_task build > invoke_agent coder`,
        `${round} > run_task build > invoke_agent coder > run_task inner`,
        `${round} > run_task build > run_task inner`,
        'invoke_workflow nightly > execute_tool search',
        'invoke_workflow nightly > execute_tool search > run_task inner',
        'invoke_workflow nightly > invoke_agent reviewer',
        'invoke_workflow nightly > invoke_agent reviewer > run_task inner',
        'invoke_workflow nightly > invoke_agent stream',
        'invoke_workflow nightly > invoke_agent stream > run_task inner',
        'invoke_workflow nightly > invoke_agent stream > run_task inner',
        'invoke_workflow nightly > run_task plan',
        'invoke_workflow nightly > run_task plan > run_task inner',
        'invoke_workflow nightly > run_task step',
        'invoke_workflow nightly > run_task step > run_task inner',
      ].sort(),
    );
    const builds = spans.filter(({ name }) => name === 'run_task build').map(({ attributes }) => attributes);
    expect(builds.map((attributes) => [attributes['swarmscope.task.id'], attributes['swarmscope.task.result']]).sort()).toEqual([
      ['a', 'success'],
      ['b', 'error'],
    ]);
    expect(spans.find(({ name }) => name === 'run_batch rounds')?.attributes).toMatchObject({ 'swarmscope.batch.size': 2 });
  });
});

test('what matches nothing is said once, with its reason, and the app runs as it does', async () => {
  const wrong = {
    functions: [
      { module: 'gone.cjs', export: 'plan' },
      { module: 'work.cjs', export: 'missing' },
      { module: 'work.cjs', export: 'text' },
      { module: 'work.cjs', export: 'plan', as: 'job' },
      { module: 'work.cjs', export: 'plan', id: 7 },
    ],
  };
  const files = {
    'app.cjs': `console.log(require('./work.cjs').text); require(${api}).withTask('one', () => undefined);`,
    'work.cjs': "exports.text = 'no function'; exports.plan = () => 1;",
    'swarmscope.config.json': JSON.stringify(wrong),
  };
  const sink = await startSink();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000', XDG_STATE_HOME: freshFolder('state') };
  const { code, stdout, stderr } = await runProgram({ files, env });
  const doctor = await runProgram({ command: process.execPath, args: [commandFile, 'doctor'], preload: 'none', env });
  await sink.close();
  expect([code, stdout]).toEqual([0, 'no function\n']);
  for (const name of ['plan of gone.cjs', 'missing of work.cjs', 'text of work.cjs', 'functions[3].as', 'functions[4].id'])
    expect(doctor.stdout).toContain(`function ${name} matches nothing`);
  const told = metricPointsOf(sink).filter(({ name }) => name === 'swarmscope.observer.faults');
  expect(new Set(told.map(({ attributes }) => attributes['swarmscope.observer.name']))).toEqual(new Set(['functions']));
  expect(stderr.trim().split('\n').sort()).toEqual([
    'swarmscope: swarmscope.config.json: functions[3].as: expected one of task, batch, agent, tool, run',
    'swarmscope: swarmscope.config.json: functions[4].id: expected a text, or a path such as arguments[0].id',
    'swarmscope: swarmscope.config.json: missing of work.cjs: the file does not hold that name',
    'swarmscope: swarmscope.config.json: plan of gone.cjs: there is no such file',
    'swarmscope: swarmscope.config.json: text of work.cjs: the module has no such function, or one that cannot be replaced',
  ]);
});
