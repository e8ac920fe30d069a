/** Telemetry that a real collector wrote into files and a real Tempo keeps, read by the real command. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { stackBinary } from '../../tools/stack-binaries.ts';
import { importing, request, spanJson, twoTasks } from '../cli/import/records.ts';
import { freePorts } from '../harness/free-ports.ts';
import { closeAtEnd, ensureBuilt, freshFolder } from '../harness/index.ts';
import { describeWith, START_LIMIT_MS, startStack } from '../harness/stack/index.ts';

beforeAll(() => ensureBuilt());

/** The same run as elsewhere, of a minute ago: Tempo searches what is new. */
function recent(): { body: string; traceId: string } {
  const trace = Date.now();
  const body = JSON.stringify(request(twoTasks.map((span) => spanJson({ ...span, trace }))));
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
