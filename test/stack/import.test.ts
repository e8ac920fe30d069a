/** Telemetry that a real collector wrote into files and a real Tempo keeps, read by the real command. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { stackBinary } from '../../tools/stack-binaries.ts';
import { command, importing, keyValues, request, spanJson, twoTasks } from '../cli/import/records.ts';
import { freePorts } from '../harness/free-ports.ts';
import { closeAtEnd, ensureBuilt, freshFolder } from '../harness/index.ts';
import { describeWith, START_LIMIT_MS, startStack } from '../harness/stack/index.ts';

beforeAll(() => ensureBuilt());

/** The same run as elsewhere, of a minute ago: Tempo searches what is new. */
function recent(run: { id?: string; isOpen?: boolean; after?: number } = {}): { body: string; traceId: string } {
  const { id, isOpen = false, after = 0 } = run;
  const trace = Date.now() + after;
  // The span of a run comes with its end.
  const spans = twoTasks
    .slice(isOpen ? 1 : 0)
    .map((span) => spanJson({ ...span, trace, fromMs: span.fromMs + after, toMs: span.toMs + after }));
  const plain = JSON.stringify(request(spans));
  const [attribute] = id === undefined ? [] : keyValues({ 'swarmscope.run.id': id });
  const body = attribute === undefined ? plain : plain.replace('"attributes":[', `"attributes":[${JSON.stringify(attribute)},`);
  const past = String(Date.now() - 60_000).slice(0, 8);
  return { body: body.replaceAll('17000000', past), traceId: trace.toString(16).padStart(32, '0') };
}

async function post(endpoint: string, body: string): Promise<void> {
  const answer = await fetch(`${endpoint}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(answer.status).toBe(200);
}

const whole = { run: { name: 'demo', wallMs: 10_000 }, spanCount: 5, losses: {} };

describeWith('tempo', 'collector')('Tempo', () => {
  test(
    'a trace by its id, and by a query',
    async () => {
      const stack = await startStack({ parts: ['tempo', 'collector'] });
      const { body, traceId } = recent();
      await post(stack.endpoint, body);
      await stack.until('the trace is in Tempo', async () => ((await stack.trace(traceId))?.length === 5 ? true : undefined));
      const asked = async (...how: readonly string[]) => await importing(['/dev/null', '--tempo', stack.urls.tempo, ...how]);
      expect(await asked('--trace', traceId)).toMatchObject(whole);
      await stack.until('the trace is found', async () =>
        (await stack.search('{ name = "run_task implement" }')).length > 0 ? true : undefined,
      );
      expect(await asked('--query', '{ name = "run_task implement" }')).toMatchObject(whole);

      // Runs, newest first, and one of them by its id.
      for (const run of [
        { id: 'older', after: 10_000 },
        { id: 'newer', after: 20_000 },
        { id: 'open', isOpen: true },
      ])
        await post(stack.endpoint, recent(run).body);
      const runs = (...how: readonly string[]) => command(['runs', '--tempo', stack.urls.tempo, ...how]);
      const text = await stack.until('all runs are found', async () => {
        const { stdout } = await runs();
        if (stdout.trim().split('\n').length === 3) return stdout;
        throw new Error(`it lists ${stdout}`);
      });
      expect(
        text
          .trimEnd()
          .split('\n')
          .map((line) => line.trim().split(/ {2,}/)),
      ).toEqual([
        ['newer', 'swarm', '10.0 s'],
        ['older', 'swarm', '10.0 s'],
        ['open', 'swarm', 'not finished'],
      ]);
      const listed = JSON.parse((await runs('--json', '-')).stdout) as { runs: { id: string; run: { startMs: number; endMs?: number } }[] };
      expect(listed.runs.map(({ id, run: { startMs, endMs } }) => [id, endMs === undefined ? undefined : endMs - startMs])).toEqual([
        ['newer', 10_000],
        ['older', 10_000],
        ['open', undefined],
      ]);
      const read = await command(['report', 'older', '--tempo', stack.urls.tempo, '--json', '-']);
      expect(JSON.parse(read.stdout)).toMatchObject({ ...whole, imported: { traces: 1 } });
      expect(await command(['report', 'unknown', '--tempo', stack.urls.tempo])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/has no trace of run unknown of the last week\. Those it has: swarmscope runs --tempo http/),
      });
      await stack.stop();
    },
    START_LIMIT_MS,
  );
});

describeWith('collector')('the file exporter', () => {
  test(
    'files as JSON and as protobuf, packed and not',
    async () => {
      const folder = freshFolder('files');
      const [port = 0] = await freePorts(1);
      const files = {
        json: ['json', ''],
        proto: ['proto', ''],
        'packed-json': ['json', 'zstd'],
        'packed-proto': ['proto', 'zstd'],
      } as const;
      const exporters = Object.entries(files).map(
        ([name, [format, compression]]) =>
          `  file/${name}:\n    path: ${join(folder, name)}\n    format: ${format}\n    flush_interval: 100ms\n${compression === '' ? '' : `    compression: ${compression}\n`}`,
      );
      const names = Object.keys(files).map((name) => `file/${name}`);
      writeFileSync(
        join(folder, 'collector.yaml'),
        `receivers:\n  otlp:\n    protocols:\n      http: { endpoint: 127.0.0.1:${port} }\nexporters:\n${exporters.join('')}service:\n  telemetry: { metrics: { level: none } }\n  pipelines:\n    traces: { receivers: [otlp], exporters: [${names.join(', ')}] }\n`,
      );
      const collector = spawn(stackBinary('otelcol'), ['--config', join(folder, 'collector.yaml')], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      closeAtEnd(() => collector.kill('SIGKILL'));
      let log = '';
      await new Promise<void>((resolve, reject) => {
        collector.stderr.setEncoding('utf8').on('data', (text: string) => {
          log += text;
          if (log.includes('Everything is ready')) resolve();
        });
        collector.once('exit', () => reject(new Error(log)));
      });
      await post(`http://127.0.0.1:${port}`, recent().body);
      collector.removeAllListeners('exit');
      const ended = new Promise((resolve) => collector.once('exit', resolve));
      collector.kill('SIGTERM');
      await ended;
      for (const name of Object.keys(files)) expect({ name, ...(await importing([join(folder, name)])) }).toMatchObject({ name, ...whole });
    },
    START_LIMIT_MS,
  );
});
