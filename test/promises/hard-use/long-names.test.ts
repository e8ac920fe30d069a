// Names of fifty thousand characters: what is held of them in the program is their beginning.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dist, runProgram, startSink } from '../../harness/index.ts';

const COUNT = 4_000;
/** All names together have 200 MB; held are spans that wait, two thousand series and the program itself. */
const MOST_HELD_MB = 40;

const program = `
require('node:v8').setFlagsFromString('--expose-gc');
const gc = require('node:vm').runInNewContext('gc');
const api = require(${JSON.stringify(join(dist, 'index.cjs'))});
const heldMb = () => (gc(), process.memoryUsage().heapUsed / 1e6);
const verbs = {
  task: (name) => api.withTask(name, () => 1),
  batch: (name) => api.withBatch(name, () => 1),
  agent: (name) => api.withAgent(name, () => 1),
  tool: (name) => api.withTask('t', () => api.withTool(name, () => 1)),
  toolId: (callId) => api.withTool({ name: 'n', callId }, () => 1),
};
(async () => {
  const verb = verbs[process.env.VERB];
  const before = heldMb();
  for (let at = 0; at < ${COUNT}; at++) {
    verb((at + '-').padEnd(50_000, String.fromCharCode(97 + (at % 26))));
    if (at % 50 === 0) await new Promise(setImmediate);
  }
  console.log(heldMb() - before);
})();`;

test.each(['task', 'batch', 'agent', 'tool', 'toolId'])('of 200 MB of names of a %s little is held', async (verb) => {
  const sink = await startSink();
  const { code, stdout, stderr } = await runProgram({
    files: { 'app.cjs': program },
    env: { VERB: verb, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' },
  });
  await sink.close();
  expect([code, stderr]).toEqual([0, '']);
  expect(Number(stdout)).toBeLessThan(MOST_HELD_MB);
});
