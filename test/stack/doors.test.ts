// What a page of a browser gets from the real programs: with the files of the repository, with a login, with a token. And what doctor says of each.
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ensureBuilt, freshFolder } from '../harness/index.ts';
import { repository } from '../harness/paths.ts';
import { startGrafana, type GrafanaDouble } from '../harness/stack/grafana.ts';
import { describeWith, START_LIMIT_MS, startStack, type PartName, type Stack } from '../harness/stack/index.ts';
import { fromPage, fromRebound } from '../harness/stack/page.ts';
import { replaceAll } from '../harness/stack/replace.ts';
import { askDoctor, flagsOf, problemsOf } from './ask-doctor.ts';

const ALL: readonly PartName[] = ['tempo', 'alertmanager', 'prometheus', 'collector'];
const PASSWORD = 'a-password-of-the-tests';
/** `htpasswd -niBC 4`, of that password. */
const HASH = '$2a$04$NTW4AUcR5pkGD6NXsRNnIuq9EUuupX3/y7Xa9.LW7jiF5Xd4UNYnm';
const TOKEN = '0123456789';

const silence = (): string =>
  JSON.stringify({
    matchers: [{ name: 'alertname', value: '.+', isRegex: true }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 31_536_000_000).toISOString(),
    createdBy: 'a page',
    comment: 'every alert, for a year',
  });
const span = JSON.stringify({
  resourceSpans: [
    { scopeSpans: [{ spans: [{ traceId: '0'.repeat(31) + '1', spanId: '0'.repeat(15) + '1', name: 'of a page', kind: 1 }] }] },
  ],
});
const login = { authorization: `Basic ${Buffer.from(`swarmscope:${PASSWORD}`).toString('base64')}` };

function secret(text: string, name = 'password'): string {
  const path = join(freshFolder('secrets'), name);
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
  return path;
}

async function silencesOf(stack: Stack, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(`${stack.urls.alertmanager}/api/v2/silences`, { headers });
  return ((await answer.json()) as unknown[]).length;
}

const accepted = async ({ urls }: Stack): Promise<number> =>
  Number(
    /^otelcol_receiver_accepted_spans_total\{.*\} (\d+)$/m.exec(await (await fetch(`${urls.collectorTelemetry}/metrics`)).text())?.[1] ?? 0,
  );

beforeAll(ensureBuilt);

describeWith(...ALL)('the stack as docker-compose.yml starts it', () => {
  let stack: Stack;
  let grafana: GrafanaDouble;
  beforeAll(async () => {
    const sources: Record<string, string> = {};
    grafana = await startGrafana({ sources, password: PASSWORD });
    const job = `  - { job_name: grafana, static_configs: [{ targets: ['${new URL(grafana.url).host}'] }] }\n`;
    stack = await startStack({ prometheus: { config: (text) => text + job } });
    const { prometheus, tempo, alertmanager } = stack.urls;
    Object.assign(sources, { prometheus, tempo, alertmanager });
  }, START_LIMIT_MS);
  afterAll(() => stack.stop(), START_LIMIT_MS);

  test('Prometheus lets no page read, or send', async () => {
    const { prometheus } = stack.urls;
    for (const path of ['/api/v1/query?query=up', '/api/v1/status/config', '/metrics'])
      expect(await fromPage(`${prometheus}${path}`)).toEqual({ status: 200, text: undefined });
    const json = { method: 'POST', type: 'application/json', body: '{}' };
    expect(await fromPage(`${prometheus}/api/v1/otlp/v1/metrics`, json)).toEqual({ status: 0 });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json', 'application/x-protobuf'])(
    'the collector takes nothing from a page that sends %s',
    async (type) => {
      const before = await accepted(stack);
      const attempt = await fromPage(`${stack.endpoint}/v1/traces`, { method: 'POST', type, body: span });
      // Not even sent, or refused for its type.
      expect([0, 415]).toContain(attempt.status);
      expect(attempt.text).toBeUndefined();
      expect(await accepted(stack)).toBe(before);
    },
  );

  test('what has no login of its own is told by doctor, with what a page can do there, and is why its port is not published', async () => {
    const { alertmanager, prometheus, tempo } = stack.urls;
    const api = `${alertmanager}/api/v2/silences`;
    // A form cannot; a page that asks first can: it is allowed, by Alertmanager's own code.
    expect((await fromPage(api, { method: 'POST', type: 'text/plain', body: silence() })).status).toBe(415);
    expect(await silencesOf(stack)).toBe(0);
    expect((await fromPage(api, { method: 'POST', type: 'application/json', body: silence() })).status).toBe(200);
    expect(await silencesOf(stack)).toBe(1);
    for (const url of [`${prometheus}/api/v1/query?query=up`, `${tempo}/api/search`]) expect((await fromRebound(url)).status).toBe(200);

    const said = await askDoctor([stack.endpoint, ...flagsOf(stack)]);
    expect(said.code).toBe(1);
    const doors = said.of('doors');
    expect(doors).toHaveLength(5);
    const levels = Object.fromEntries(doors.map(({ text, level }) => [/^(.*) at /.exec(text)?.[1], level]));
    expect(levels).toMatchObject({ Prometheus: 'problem', Tempo: 'problem', Alertmanager: 'problem' });
    expect(doors.find(({ text }) => text.startsWith('Alertmanager'))?.text).toMatch(/silence.*any page of a browser \(CORS\)/);
    expect(doors.find(({ text }) => text.startsWith('Prometheus'))?.text).not.toMatch(/CORS/);
    for (const { next } of doors) expect(next).toMatch(/publish no port/);
  });

  describe('behind Grafana, with nothing but OTLP and Grafana named', () => {
    const ask = (more: readonly string[], options: Parameters<typeof askDoctor>[1] = {}): ReturnType<typeof askDoctor> =>
      askDoctor([stack.endpoint, '--grafana', grafana.url, ...more], options);

    test('all is well: everything is found through its data sources, the password is in no argument and not shown', async () => {
      const said = await ask(['--password-file', secret(PASSWORD)]);
      expect(problemsOf(said)).toEqual([]);
      expect(said.code).toBe(0);
      const wells = [
        'collector',
        'grafana',
        'tempo',
        'prometheus',
        'alertmanager',
        'span',
        'point',
        'log',
        'targets',
        'rules',
        'alerting',
        'doors',
      ];
      for (const subject of wells) expect([subject, said.of(subject)[0]?.level]).toEqual([subject, 'ok']);
      expect(said.stack['tempo']).toBe(`${grafana.url}/api/datasources/proxy/uid/tempo`);
      expect(JSON.stringify(said)).not.toContain(PASSWORD);
      expect(grafana.refused).toEqual([]);
    });

    test('the file of the README is found in a clone; one that others can write, or a link, is refused', async () => {
      const clone = freshFolder('clone');
      mkdirSync(join(clone, 'secrets'));
      writeFileSync(join(clone, 'secrets/grafana_admin'), `${PASSWORD}\n`, { mode: 0o644 });
      const link = join(freshFolder('secrets'), 'grafana_admin');
      symlinkSync(join(clone, 'secrets/grafana_admin'), link);
      const open = secret(PASSWORD);
      chmodSync(open, 0o666);
      expect((await ask([], { cwd: clone })).of('tempo')[0]?.level).toBe('ok');
      for (const file of [link, open]) {
        const said = await ask(['--password-file', file]);
        expect(said.of('settings')[0]).toMatchObject({ level: 'problem', text: expect.stringContaining('is not a file of yours') });
        expect(said.of('tempo')[0]?.text).toMatch(/asked through Grafana, which cannot be asked/);
      }
    });

    test('without the password, with a wrong one, with the default one, and by another name, that is told', async () => {
      const none = await ask([]);
      expect(none.code).toBe(1);
      expect(none.of('grafana')[1]).toMatchObject({ level: 'problem', text: expect.stringMatching(/its password is not known/) });
      expect(none.of('span')[0]?.text).toMatch(/was taken by the collector; Tempo cannot be asked/);
      const wrong = await ask(['--password-file', secret('another')]);
      expect(wrong.of('grafana')[1]).toMatchObject({
        level: 'problem',
        text: expect.stringMatching(/refuses the password of the file \(401\)/),
      });
      const named = await startGrafana({ sources: {}, password: PASSWORD, domain: 'localhost' });
      const elsewhere = await askDoctor([stack.endpoint, '--grafana', named.url, '--password-file', secret(PASSWORD)]);
      expect(elsewhere.of('grafana')[1]?.text).toMatch(/answers to its own name alone/);
      expect(named.refused).toEqual([]);
      const unchanged = await startGrafana({ sources: {}, password: 'admin', isAnonymousAllowed: true });
      const said = await askDoctor([stack.endpoint, '--grafana', unchanged.url, ...flagsOf(stack)]);
      expect(said.of('grafana').map(({ text }) => text)).toEqual([
        expect.stringMatching(/^there/),
        expect.stringMatching(/lets anybody in/),
        expect.stringMatching(/still "admin"/),
      ]);
    });

    test('a data source that is away or missing is told as such', async () => {
      const half = await startGrafana({ sources: { tempo: 'http://127.0.0.1:9', prometheus: stack.urls.prometheus }, password: PASSWORD });
      const said = await askDoctor([stack.endpoint, '--grafana', half.url, '--password-file', secret(PASSWORD)]);
      expect(said.of('tempo')[0]?.text).toMatch(/cannot reach it \(502\)/);
      expect(said.of('alertmanager')[0]?.text).toMatch(/Grafana has no such data source/);
      expect(said.of('point')[0]?.level).toBe('ok');
    });
  });
});

describeWith(...ALL)('with a login for Prometheus and Alertmanager', () => {
  let stack: Stack;
  let file: string;
  beforeAll(async () => {
    file = secret(PASSWORD);
    const web = secret(`basic_auth_users:\n  swarmscope: ${HASH}`, 'web.yml');
    // What docs/stack.md says to add.
    const withLogin = (text: string): string =>
      replaceAll('prometheus.yml', text, {
        'alertmanagers: [{ ': `alertmanagers: [{ basic_auth: &login { username: swarmscope, password_file: ${file} }, `,
        'job_name: prometheus, ': 'job_name: prometheus, basic_auth: *login, ',
        'job_name: alertmanager, ': 'job_name: alertmanager, basic_auth: *login, ',
      });
    stack = await startStack({
      prometheus: { args: [`--web.config.file=${web}`], config: withLogin },
      alertmanager: { args: [`--web.config.file=${web}`] },
      collector: { args: [`--config=${join(repository, 'otel-collector.login.yaml')}`], env: { STACK_PASSWORD_FILE: file } },
    });
  }, START_LIMIT_MS);
  afterAll(() => stack.stop(), START_LIMIT_MS);

  test('a page gets nothing from either, whatever it sends and by whatever name', async () => {
    const { prometheus, alertmanager } = stack.urls;
    for (const url of [`${prometheus}/api/v1/query?query=up`, `${prometheus}/metrics`, `${alertmanager}/api/v2/alerts`])
      for (const attempt of [await fromPage(url), await fromRebound(url)]) expect(attempt.status).toBe(401);
    const api = `${alertmanager}/api/v2/silences`;
    for (const type of ['text/plain', 'application/json']) {
      const call = { method: 'POST', type, body: silence() };
      expect([0, 401]).toContain((await fromPage(api, call)).status);
      expect((await fromRebound(api, call)).status).toBe(401);
    }
    expect(await silencesOf(stack, login)).toBe(0);
  });

  test('everything arrives as before, and doctor finds it with the password from its file', async () => {
    const asUser = (url: string): string => url.replace('//', '//swarmscope@');
    const { prometheus, alertmanager } = stack.urls;
    const named = ['--prometheus', asUser(prometheus), '--alertmanager', asUser(alertmanager), '--password-file', file];
    const said = await askDoctor([stack.endpoint, ...flagsOf(stack, named)]);
    expect(problemsOf(said)).toEqual([]);
    for (const subject of ['prometheus', 'alertmanager', 'span', 'point', 'log', 'targets', 'rules', 'alerting'])
      expect([subject, said.of(subject)[0]?.level]).toEqual([subject, 'ok']);
    expect(said.of('doors').map(({ text }) => /^(.*) at /.exec(text)?.[1])).not.toEqual(
      expect.arrayContaining(['Prometheus', 'Alertmanager']),
    );
    expect(JSON.stringify(said)).not.toContain(PASSWORD);
    const without = await askDoctor([stack.endpoint, ...flagsOf(stack), '--wait', '1']);
    expect(without.of('prometheus')[0]).toMatchObject({
      text: expect.stringMatching(/refuses our credentials \(401\)/),
      next: expect.stringContaining('--password-file FILE'),
    });
  });
});

describeWith('collector')('with OTLP_TOKEN', () => {
  test(
    'who does not know it sends nothing, by HTTP, gRPC or a name of his own; who knows it does, and doctor says which',
    async () => {
      const token = { args: [`--config=${join(repository, 'otel-collector.token.yaml')}`], env: { OTLP_TOKEN: TOKEN } };
      const stack = await startStack({ parts: ['collector'], collector: token });
      const url = `${stack.endpoint}/v1/traces`;
      const post = async (headers: Record<string, string>): Promise<number> =>
        (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: span })).status;
      expect(await post({})).toBe(401);
      expect(await post({ authorization: 'Bearer another' })).toBe(401);
      expect((await fromRebound(url, { method: 'POST', type: 'application/json', body: span })).status).toBe(401);
      expect(await byGrpc(stack.urls.collectorGrpc, {})).toBe('16');
      expect(await byGrpc(stack.urls.collectorGrpc, { authorization: `Bearer ${TOKEN}` })).toBe('0');
      expect(await accepted(stack)).toBe(0);
      expect(await post({ authorization: `Bearer ${TOKEN}` })).toBe(200);
      await stack.until('it is counted', async () => ((await accepted(stack)) === 1 ? true : undefined));
      const refused = await askDoctor([stack.endpoint, '--wait', '1']);
      expect(refused.of('collector')[0]).toMatchObject({
        text: expect.stringMatching(/\(401\)/),
        next: expect.stringContaining('OTEL_EXPORTER_OTLP_HEADERS'),
      });
      const taken = await askDoctor([stack.endpoint, '--wait', '1'], {
        env: { OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${TOKEN}` },
      });
      expect(taken.of('collector')[0]?.level).toBe('ok');
      await stack.stop();
    },
    START_LIMIT_MS,
  );
});

/** An empty request over gRPC; the status of the answer. 16 is "unauthenticated". */
async function byGrpc(address: string, headers: Record<string, string>): Promise<string> {
  const session = connect(`http://${address}`);
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  const call = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers });
  let status = '';
  const read = (found: IncomingHttpHeaders): void => void (status = String(found['grpc-status'] ?? status));
  call.on('response', read).on('trailers', read).resume();
  call.end(Buffer.alloc(5));
  await once(call, 'close');
  session.close();
  return status;
}
