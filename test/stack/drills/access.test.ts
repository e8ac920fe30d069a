// A collector behind TLS and a bearer token, with the repository's own overlay: who has both gets in by every door, who has not is told so and counts it.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandFile, freshFolder, repository, runProgram } from '../../harness/index.ts';
import { describeWith, START_LIMIT_MS, type Stack } from '../../harness/stack/index.ts';
import { makeLoad } from '../../harness/stack/load.ts';
import { sendLoad } from '../../harness/stack/send-load.ts';
import { expectTasks, expectTotal, swarm, TASKS } from './program.ts';
import { BACKENDS, countedBy, DRILL_MS, isValue, only, startDrill, untilFiring } from './support.ts';

const TOKEN = 'a-token-of-the-drill';

/** A certificate for 127.0.0.1 that nobody but its owner vouches for. */
function selfSigned(): { certificate: string; key: string } {
  const folder = freshFolder('certificate');
  const [certificate, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const what = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-subj',
    '/CN=drill',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  ];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '1', ...what, '-out', certificate, '-keyout', key], { stdio: 'ignore' });
  return { certificate, key };
}

const underRun = (options: ReturnType<typeof swarm>): ReturnType<typeof swarm> => ({
  ...options,
  preload: 'none',
  command: process.execPath,
  args: [commandFile, 'run', '--quiet', '--', process.execPath, 'swarm.cjs'],
});

describeWith(...BACKENDS)('TLS and a bearer token', () => {
  let stack: Stack;
  let url: string;
  let known: Record<string, string>;
  beforeAll(async () => {
    const { certificate, key } = selfSigned();
    const token = join(freshFolder('token'), 'token');
    writeFileSync(token, TOKEN, { mode: 0o600 });
    stack = await startDrill({
      env: { TLS_CERT: certificate, TLS_KEY: key, TOKEN_FILE: token },
      args: [`--config=${join(repository, 'otel-collector.tls.yaml')}`],
    });
    url = stack.endpoint.replace('http:', 'https:');
    known = { OTEL_EXPORTER_OTLP_CERTIFICATE: certificate, OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${TOKEN}` };
  }, START_LIMIT_MS);
  afterAll(() => stack.stop(), DRILL_MS);

  test.each(['return', 'exit'] as const)(
    'a process with both that ends by %s delivers everything',
    async (ending) => {
      const result = await runProgram(swarm(ending, ending, { OTEL_EXPORTER_OTLP_ENDPOINT: url, ...known }));
      expect(result).toMatchObject({ code: 0, stdout: 'worked\n', stderr: '' });
      await expectTasks(stack, ending);
      await expectTotal(stack, ending);
    },
    DRILL_MS,
  );

  test(
    'swarmscope run with both delivers everything',
    async () => {
      const result = await runProgram(underRun(swarm('run', 'return', { SWARMSCOPE_EXPORT: url, ...known })));
      expect(result).toMatchObject({ code: 0, stdout: 'worked\n' });
      await expectTasks(stack, 'run');
      await expectTotal(stack, 'run');
    },
    DRILL_MS,
  );

  const strangers: readonly { who: string; env: Readonly<Record<string, string>>; answer: RegExp }[] = [
    { who: 'a wrong token', env: { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20another' }, answer: /401/ },
    { who: 'no token', env: { OTEL_EXPORTER_OTLP_HEADERS: '' }, answer: /401/ },
    { who: 'no certificate', env: { OTEL_EXPORTER_OTLP_CERTIFICATE: '' }, answer: /DEPTH_ZERO_SELF_SIGNED_CERT|self.signed/i },
  ];
  test.each(strangers)(
    '$who: nothing gets in, the program ends as ever, and doctor says what came back',
    async ({ who, env, answer }) => {
      const service = who.replaceAll(' ', '-');
      const accepted = await countedBy(stack, 'receiver_accepted_spans_total');
      const state = { XDG_STATE_HOME: freshFolder('state') };
      const result = await runProgram(swarm(service, 'exit', { OTEL_EXPORTER_OTLP_ENDPOINT: url, ...known, ...env, ...state }));
      expect(result).toMatchObject({ code: 0, stdout: 'worked\n', stderr: '' });
      expect(await countedBy(stack, 'receiver_accepted_spans_total')).toBe(accepted);
      const { stdout } = await runProgram({ preload: 'none', command: process.execPath, args: [commandFile, 'doctor'], env: state });
      expect(stdout).toMatch(answer);
      // The tasks, which begin side by side and so are a batch, and the root of the run.
      expect(stdout).toContain(`${TASKS + 2} spans recorded, 0 sent, ${TASKS + 2} `);
    },
    DRILL_MS,
  );
});

/** A backend that knows nobody. */
async function startDoor(): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(401).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describeWith('prometheus', 'collector')('credentials that a backend refuses', () => {
  test(
    'a refusal is final: the points are lost, and the ledger and an alert say so',
    async () => {
      const door = await startDoor();
      const stack = await startDrill({ parts: ['prometheus', 'collector'], env: { PROMETHEUS_OTLP: `${door.url}/api/v1/otlp` } });
      try {
        const load = makeLoad({ service: 'refused', swarms: 1, tasks: 8 });
        expect((await sendLoad(only(load, 'metrics'), { endpoint: stack.endpoint })).refused).toEqual([]);
        await stack.until('the loss is counted', async () =>
          (await countedBy(stack, 'exporter_send_failed_metric_points_total')) >= load.items.metrics ? true : undefined,
        );
        await untilFiring(stack, 'CollectorLosingData');
        expect(await isValue(stack, 'count(otelcol_exporter_send_failed_metric_points_total) > 0', 1)).toBe(true);
      } finally {
        await stack.stop();
        door.server.closeAllConnections();
        door.server.close();
      }
    },
    DRILL_MS,
  );
});
