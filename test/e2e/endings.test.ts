/** Every ending of a program under the real preload delivers what was just recorded, with the exit a bare run has. */
import { expect, test } from '@jest/globals';
import { runProgram, startSink, type ProgramResult, type Sink } from '../harness/index.ts';
import { metricPointsOf, spansOf } from '../harness/received.ts';
import { api, endpointOf, patient } from './programs.ts';

const TASKS = 1_000;

/**
 * Records 1,000 tasks and an LLM-less agent that never ends, then ends as argv says, in the same turn of the event
 * loop.
 */
const program = `
const { withTask, withAgent } = require(${api});
for (let i = 0; i < ${TASKS}; i++) withTask({ type: 'unit', id: String(i) }, () => i);
withAgent('open', () => new Promise(() => {}));
const endings = {
  return() {},
  exit: () => process.exit(3),
  exitCode: () => { process.exitCode = 4; },
  sigterm: () => { process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 20_000); },
  sigint: () => { process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 20_000); },
  sighup: () => { process.kill(process.pid, 'SIGHUP'); setTimeout(() => {}, 20_000); },
  handled: () => {
    process.once('SIGTERM', () => process.exit(9));
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => {}, 20_000);
  },
  throw: () => { throw new TypeError('on purpose'); },
  reject: () => { Promise.reject(new TypeError('on purpose')); },
  quit() { process.on('exit', (code) => { process.exitCode = code + 5; }); },
};
endings[process.argv[2]]();
`;

const everyEnding = ['return', 'exit', 'exitCode', 'sigterm', 'sigint', 'sighup', 'handled', 'throw', 'reject', 'quit'];
const onTheWire: Record<string, string>[] = [
  {},
  { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
  { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
  { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
];
const rows: { ending: string; wire: Record<string, string> }[] = [
  ...everyEnding.map((ending) => ({ ending, wire: {} })),
  ...['exit', 'sigterm'].flatMap((ending) => onTheWire.slice(1).map((wire) => ({ ending, wire }))),
];

interface Outcome {
  readonly bare: ProgramResult;
  readonly seen: ProgramResult;
  readonly sink: Sink;
}

async function outcomeOf(ending: string, wire: Record<string, string>): Promise<Outcome> {
  const sink = await startSink();
  const files = { 'app.cjs': program };
  const [bare, seen] = await Promise.all([
    runProgram({ files, preload: 'none', args: [ending] }),
    runProgram({ files, args: [ending], env: { ...endpointOf(sink), ...patient, SWARMSCOPE_SPAN_STARTS: 'true', ...wire } }),
  ]);
  await sink.close();
  return { bare, seen, sink };
}

test.concurrent.each(rows)(
  '1,000 tasks just recorded, then $ending ($wire): all are delivered, and the exit is that of a bare run',
  async ({ ending, wire }) => {
    const { bare, seen, sink } = await outcomeOf(ending, wire);
    expect({ code: seen.code, signal: seen.signal, stdout: seen.stdout }).toEqual({
      code: bare.code,
      signal: bare.signal,
      stdout: bare.stdout,
    });
    expect(seen.stderr.replaceAll(/\/tmp\/\S+/g, 'FILE')).toBe(bare.stderr.replaceAll(/\/tmp\/\S+/g, 'FILE'));
    const spans = spansOf(sink);
    // A batch that was under way when the program ended is sent again: the same spans by their ids.
    const ids = spans.filter(({ name }) => name === 'run_task unit').map(({ attributes }) => attributes['swarmscope.task.id']);
    expect(new Set(ids).size).toBe(TASKS);
    expect(spans.filter(({ name }) => name === 'invoke_agent open')).toHaveLength(1);
    const ended = metricPointsOf(sink).filter(({ name }) => name === 'swarmscope.task.duration');
    expect(ended.at(-1)).toMatchObject({ value: TASKS });
    expect(sink.accepted('logs').length).toBeGreaterThan(0);
    const { 'content-type': type, 'content-encoding': encoding } = sink.requests.find(({ path }) => path === '/v1/traces')?.headers ?? {};
    expect(type).toBe(wire['OTEL_EXPORTER_OTLP_PROTOCOL'] === 'http/json' ? 'application/json' : 'application/x-protobuf');
    expect(encoding).toBe(wire['OTEL_EXPORTER_OTLP_COMPRESSION']);
  },
);

test('a program that records nothing sends nothing, and one that is switched off by the standard variable neither', async () => {
  const sink = await startSink();
  const files = { 'app.cjs': 'console.log("done")' };
  const results = await Promise.all([
    runProgram({ files, env: endpointOf(sink) }),
    runProgram({ files: { 'app.cjs': program }, args: ['return'], env: { ...endpointOf(sink), OTEL_SDK_DISABLED: 'true' } }),
    runProgram({ files: { 'app.cjs': program }, args: ['return'], env: { ...endpointOf(sink), SWARMSCOPE_DISABLED: '1' } }),
  ]);
  await sink.close();
  expect(results.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
    [0, ''],
  ]);
  expect(sink.requests).toEqual([]);
});
