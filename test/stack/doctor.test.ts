// `swarmscope doctor --stack` against the real programs: all well, and each part away or wrong in turn.
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ensureBuilt } from '../harness/index.ts';
import { describeWith, START_LIMIT_MS, startStack, type Stack } from '../harness/stack/index.ts';
import { PARTS, PORT_NAMES, type Ports } from '../harness/stack/parts.ts';
import { Log, startProgram } from '../harness/stack/program.ts';
import { stackBinary } from '../../tools/stack-binaries.ts';
import { askDoctor as ask, flagsOf, problemsOf, runDoctor as doctor } from './ask-doctor.ts';

// Parts are killed and started again within a test.
jest.setTimeout(600_000);

beforeAll(ensureBuilt);

describeWith(
  'tempo',
  'prometheus',
  'alertmanager',
  'collector',
)('doctor --stack', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  }, START_LIMIT_MS);

  test('all well: the span, the point and the log record are found, and the rules are at work', async () => {
    const said = await ask([stack.endpoint, ...flagsOf(stack)]);
    expect(problemsOf(said)).toEqual([]);
    const wells = ['collector', 'tempo', 'prometheus', 'alertmanager', 'span', 'point', 'log', 'targets', 'rules', 'alerting'];
    for (const subject of wells) expect([subject, said.of(subject)[0]?.level]).toEqual([subject, 'ok']);
    expect(said.of('grafana')[0]?.level).toBe('note');
    // Not by its own word alone.
    const rows = await stack.trace(said.marks.traceId);
    expect(rows?.map(({ name }) => name)).toEqual(['check_stack']);
    expect(await stack.query('swarmscope_doctor_last_check_seconds')).toEqual([
      { labels: expect.objectContaining({ service_name: 'swarmscope-doctor' }), value: said.marks.value },
    ]);
  });

  test('the collector comes from SWARMSCOPE_EXPORT, and no password of a URL is shown', async () => {
    const withPassword = (url: string): string => url.replace('//', '//me:pa55word@');
    const more = ['--tempo', withPassword(stack.urls.tempo), '--grafana', withPassword(stack.urls.tempo)];
    const { stdout, code } = await doctor(flagsOf(stack, more), { env: { SWARMSCOPE_EXPORT: `${withPassword(stack.endpoint)}/` } });
    expect(stdout).toMatch(/ok +Marked span: trace [0-9a-f]{32} was found in Tempo/);
    // Named by the user, and not Grafana.
    expect(stdout).toMatch(/PROBLEM +Grafana: .*something else answers there/);
    expect(stdout).not.toContain('pa55word');
    expect(code).toBe(1);
  });

  describe('with a wrong port', () => {
    test('the gRPC port of the collector is told from its HTTP port', async () => {
      const said = await ask([`http://${stack.urls.collectorGrpc}`, ...flagsOf(stack)]);
      expect(said.code).toBe(1);
      expect(problemsOf(said)).toEqual(['collector']);
      expect(said.of('collector')[0]?.text).toMatch(/gRPC port/);
    });

    test('a program that is another one is not taken for Prometheus', async () => {
      const said = await ask([stack.endpoint, ...flagsOf(stack, ['--prometheus', stack.urls.alertmanager])]);
      expect(problemsOf(said)).toEqual(['prometheus']);
      expect(said.of('prometheus')[0]?.text).toMatch(/something else answers/);
      expect(said.of('prometheus')[0]?.next).toContain('--prometheus URL');
      expect(said.of('point')[0]?.text).toMatch(/taken by the collector; Prometheus cannot be asked/);
      expect(said.of('span')[0]?.level).toBe('ok');
    });

    test('an OTLP path that does not exist is said to be none', async () => {
      const said = await ask([`${stack.endpoint}/elsewhere`, ...flagsOf(stack)]);
      expect(problemsOf(said)).toEqual(['collector']);
      expect(said.of('collector')[0]?.text).toMatch(/something else answers there \(404\)/);
    });
  });

  test('without Tempo, the span is told to wait in the queue of the collector', async () => {
    await stack.kill('tempo', 'SIGKILL');
    const said = await ask([stack.endpoint, ...flagsOf(stack)]);
    expect(said.code).toBe(1);
    expect(problemsOf(said)).toEqual(expect.arrayContaining(['tempo']));
    expect(said.of('tempo')[0]).toEqual(
      expect.objectContaining({
        text: expect.stringContaining('nothing listens there'),
        next: expect.stringContaining('docker compose up -d tempo'),
      }),
    );
    expect(said.of('span')[0]).toEqual(expect.objectContaining({ level: 'note', text: expect.stringMatching(/Tempo cannot be asked/) }));
    expect([said.of('point')[0]?.level, said.of('log')[0]?.level]).toEqual(['ok', 'ok']);
    await stack.until('the queue holds the span', async () =>
      (await stack.query('otelcol_exporter_queue_size{exporter="otlp_grpc/tempo"} > 0')).length > 0 ? true : undefined,
    );
    const later = await ask([stack.endpoint, ...flagsOf(stack)]);
    expect(later.of('span')[0]?.text).toMatch(/otlp_grpc\/tempo holds [\d,]+ bytes in its queue/);
    expect(later.of('targets').map(({ text }) => text)).toEqual([expect.stringMatching(/cannot scrape tempo/)]);
    await stack.start('tempo');
    await stack.until('the span that waited arrives', () => stack.trace(said.marks.traceId));
  });

  test('a Prometheus without its OTLP receiver is told so, with the flag', async () => {
    await stack.kill('prometheus', 'SIGKILL');
    const restarted = await startPrometheusWithout('--web.enable-otlp-receiver', stack);
    try {
      const said = await ask([stack.endpoint, ...flagsOf(stack)]);
      expect(said.code).toBe(1);
      expect(problemsOf(said)).toEqual(['prometheus']);
      expect(said.of('prometheus').at(-1)).toEqual(
        expect.objectContaining({
          text: expect.stringContaining('OTLP receiver is off'),
          next: 'start it with --web.enable-otlp-receiver',
        }),
      );
      expect(said.of('point')[0]?.text).toMatch(/Prometheus cannot take it/);
    } finally {
      await restarted.end('SIGKILL');
    }
    await stack.start('prometheus');
  });

  test('without the collector, that is said once, and nothing is waited for', async () => {
    await stack.kill('collector', 'SIGKILL');
    const said = await ask([stack.endpoint, ...flagsOf(stack)]);
    expect(said.code).toBe(1);
    expect(said.of('collector')).toEqual([
      expect.objectContaining({ level: 'problem', text: expect.stringContaining('nothing listens there') }),
      expect.objectContaining({ level: 'note', text: expect.stringContaining('nothing was sent') }),
    ]);
    for (const subject of ['span', 'point', 'log']) expect(said.of(subject)).toEqual([]);
    expect([said.of('tempo')[0]?.level, said.of('prometheus')[0]?.level]).toEqual(['ok', 'ok']);
  });
});

describeWith('tempo', 'collector')('doctor --stack, of a collector that asks for a token and sends elsewhere', () => {
  test(
    'a token that is missing is told; with it, a span that does not come out is said to hang in the exporter, with its queue',
    async () => {
      const stack = await startStack({
        parts: ['tempo', 'collector'],
        collector: { config: withToken, env: { TEMPO_ENDPOINT: '127.0.0.1:9' } },
      });
      const refused = await ask([stack.endpoint, ...flagsOf(stack)]);
      expect(refused.of('collector')[0]).toEqual(
        expect.objectContaining({
          text: expect.stringMatching(/refuses our credentials \(401\)/),
          next: expect.stringContaining('OTEL_EXPORTER_OTLP_HEADERS'),
        }),
      );
      const taken = await ask([stack.endpoint, ...flagsOf(stack), '--wait', '3'], {
        env: { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20t0ken' },
      });
      expect(JSON.stringify(taken)).not.toContain('t0ken');
      expect(taken.code).toBe(1);
      expect(taken.of('span')[0]).toEqual(
        expect.objectContaining({
          level: 'problem',
          text: expect.stringMatching(/is not in Tempo after 3 s: otlp_grpc\/tempo holds [\d,]+ bytes/),
        }),
      );
      await stack.stop();
    },
    START_LIMIT_MS,
  );
});

describeWith('prometheus')('doctor --stack, of a Prometheus that does not watch', () => {
  test(
    'alerts that are not loaded, programs that are not scraped and an Alertmanager that is not known are told',
    async () => {
      const withoutOne = (text: string): string => text.replace('alert: CollectorDown\n', 'alert: SomethingElse\n');
      const stack = await startStack({ parts: ['prometheus'], prometheus: { rules: withoutOne } });
      await stack.until('it scrapes itself', async () => ((await stack.query('up == 1')).length > 0 ? true : undefined));
      const said = await ask([stack.endpoint, ...flagsOf(stack), '--wait', '1']);
      expect(said.code).toBe(1);
      expect(said.of('rules')[0]?.text).toMatch(/^1 of \d+ alerts are not loaded \(CollectorDown\)/);
      // On a busy machine a scrape that is late may be told as well.
      const absent = said.of('targets').flatMap(({ text }) => /does not scrape (.*) \(job/.exec(text)?.[1] ?? []);
      expect(absent).toEqual(['Counters of the collector', 'Tempo', 'Alertmanager']);
      expect(said.of('alerting')[0]?.text).toMatch(/knows no Alertmanager/);
      await stack.stop();
    },
    START_LIMIT_MS,
  );
});

/** The collector's own bearer token, on its HTTP receiver. */
function withToken(text: string): string {
  const changed = text
    .replace('extensions:\n', 'extensions:\n  bearertokenauth: { scheme: Bearer, token: t0ken }\n')
    .replace('extensions: [', 'extensions: [bearertokenauth, ')
    .replace(/http: \{ endpoint: ('[^']*')/, 'http: { auth: { authenticator: bearertokenauth }, endpoint: $1');
  if (changed.split('bearertokenauth').length !== 4) throw new Error('otel-collector.yaml is written otherwise: mend this test');
  return changed;
}

/** On the port and the data of the one that was. */
async function startPrometheusWithout(flag: string, stack: Stack): ReturnType<typeof startProgram> {
  const folder = stack.folderOf('prometheus');
  const port = Number(new URL(stack.urls.prometheus).port);
  const ports = { ...(Object.fromEntries(PORT_NAMES.map((name) => [name, 0])) as unknown as Ports), prometheus: port };
  const { args } = PARTS.prometheus.call({ options: {}, parts: [], ports, folder, sinkUrl: '' });
  expect(args).toContain(flag);
  return startProgram(
    {
      name: 'prometheus',
      file: stackBinary('prometheus'),
      args: args.filter((each) => each !== flag),
      env: { HOME: folder },
      cwd: folder,
      readyUrl: `${stack.urls.prometheus}/-/ready`,
    },
    new Log(),
  );
}
