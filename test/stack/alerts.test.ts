// Faults end to end: swarms that really have them, through the preload, the collector and Prometheus' rules to Alertmanager's webhooks.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { boards, FOREIGN_METRICS, groups } from '../../src/grafana/index.ts';
import { OTELCOL } from '../../src/grafana/pipeline-metrics.ts';
import { METRIC_SWARMSCOPE_OBSERVER_FAULTS, METRIC_SWARMSCOPE_TELEMETRY_DROPPED } from '../../src/semconv/index.ts';
import { stackBinary } from '../../tools/stack-binaries.ts';
import { ensureBuilt, freshFolder, preloadFile, repository, requireBuilt, runProgram, type RunningProgram } from '../harness/index.ts';
import { describeWith, startStack, START_LIMIT_MS, type Stack } from '../harness/stack/index.ts';
import { firing, ofWhom, told } from './faults/fired.ts';
import { startFaultyModels, type FaultyModels } from './faults/models.ts';
import { startSenders, type Senders } from './faults/points.ts';
import { startFault } from './faults/run.ts';
import { LOOKBACK, shortened } from './faults/shorten.ts';
import { faults } from './faults/table.ts';

const alerts = groups.flatMap(({ alerts: own }) => own);
const expected = faults.flatMap(({ service, fires }) => fires.map((name) => `${service} ${name}`));
const heard = faults.flatMap(({ service, fires, inhibited = [], mayBeInhibited = [] }) =>
  fires.filter((name) => ![...inhibited, ...mayBeInhibited].includes(name)).map((name) => `${service} ${name}`),
);
/** Not there before the first loss. */
const countersOfLosses: ReadonlySet<string> = new Set([
  ...[...FOREIGN_METRICS.values()].filter(({ instrument }) => instrument === 'counter').map(({ prometheus }) => prometheus),
  METRIC_SWARMSCOPE_TELEMETRY_DROPPED.prometheus,
  METRIC_SWARMSCOPE_OBSERVER_FAULTS.prometheus,
]);
/** Asked for by the names of exporters that one collector has not: those of agents to gateways, which test/scale has. */
const ofTwoTiers: ReadonlySet<string> = new Set([OTELCOL.queueSize.prometheus, OTELCOL.queueCapacity.prometheus]);
/** A machine that does other things too. */
const LIMIT_MS = 360_000;

/**
 * A program whose clock is forty minutes behind at first sends the zero points of its series from then, and the collector leaves
 * them out. Whether a scrape lies between, so that the rule sees the step, is chance.
 */
const OF_THE_CLOCK = ['stack PrometheusRejectingSamples'];

describeWith(
  'tempo',
  'alertmanager',
  'prometheus',
  'collector',
)('a swarm with a fault', () => {
  let stack: Stack;
  let models: FaultyModels;
  let senders: Senders | undefined;
  let startMs: number;
  const running: RunningProgram[] = [];

  async function endAll(): Promise<void> {
    await senders?.stop();
    for (const { child } of running) child.kill('SIGTERM');
    await Promise.all(running.map(({ finished }) => finished));
  }

  function missing(wanted: readonly string[], found: ReadonlySet<string>): true {
    const rest = wanted.filter((each) => !found.has(each));
    if (rest.length > 0) throw new Error(`missing: ${rest.join(', ')}`);
    return true;
  }

  beforeAll(async () => {
    // A build blocks this process, in which the models and the webhooks are: not while they are wanted.
    ensureBuilt();
    requireBuilt(preloadFile);
    models = await startFaultyModels();
    stack = await startStack({ prometheus: { rules: shortened, args: [LOOKBACK] } });
    await stack.until('nothing fires before there is a swarm', async () => ((await firing(stack)).size === 0 ? true : undefined));
    startMs = Date.now();
    senders = startSenders(stack.endpoint);
    for (const fault of faults) {
      if (fault.program === 'none') continue;
      const program = startFault(fault, fault.isBehindGateway === true ? models.gatewayEnv : models.env, stack.endpoint);
      running.push(program);
      if (fault.isKilled === true) {
        await stack.until(
          'it is at work',
          async () => (await stack.query(`swarmscope_worker_count{service_name="${fault.service}"} > 0`))[0],
        );
        program.child.kill('SIGKILL');
      }
    }
    await stack.until('each alert fires', async () => missing(expected, await firing(stack, startMs)), LIMIT_MS);
    await stack.until(
      'each is told',
      () => missing(heard, new Set(told(stack).map(({ labels }) => `${ofWhom(labels)} ${labels['alertname']}`))),
      LIMIT_MS,
    );
  }, START_LIMIT_MS);

  afterAll(async () => {
    await endAll();
    await stack.stop();
    await models.close();
  });

  test.each(faults)('$service: $fires', async ({ service, fires, inhibited = [] }) => {
    const fired = [...(await firing(stack, startMs))].filter((each) => each.startsWith(`${service} `));
    expect(fired.sort()).toEqual(fires.map((name) => `${service} ${name}`).sort());
    const own = told(stack).filter(({ labels }) => ofWhom(labels) === service);
    expect(own.filter(({ labels }) => inhibited.includes(labels['alertname'] ?? ''))).toEqual([]);
    for (const { receiver, labels, annotations } of own) {
      const alert = alerts.find(({ name }) => name === labels['alertname']);
      if (alert === undefined) throw new Error(`${labels['alertname']} is none of ours`);
      expect(labels).toMatchObject({ severity: alert.severity, resource: alert.resource, stack: 'swarmscope' });
      expect(receiver).toBe(alert.severity === 'critical' ? 'page' : 'alerts');
      const { summary = '', description = '', runbook_url: page = '', dashboard = '' } = annotations;
      expect(summary).toContain(service);
      expect(`${summary} ${description}`).not.toMatch(/\{\{|no value|NaN|%!/);
      expect(description).not.toBe('');
      expect(page).toBe(`docs/runbooks/${alert.name}.md`);
      expect(existsSync(join(repository, page))).toBe(true);
      const { pathname, searchParams } = new URL(dashboard);
      expect(boards.map(({ uid }) => `/d/${uid}`)).toContain(pathname);
      expect(searchParams.get('var-service')).toBe(labels['service_name'] ?? null);
    }
  });

  test(
    'pint finds each series and label of the rules in the running Prometheus, but for counters of losses that did not happen',
    async () => {
      const folder = freshFolder('pint');
      const config = readFileSync(join(repository, 'prometheus/.pint.hcl'), 'utf8');
      writeFileSync(
        join(folder, '.pint.hcl'),
        `${config}\nprometheus "stack" {\n  uri = "${stack.urls.prometheus}"\n  required = true\n}\n`,
      );
      const { stdout, stderr } = await runProgram({
        command: stackBinary('pint'),
        args: ['--no-color', '--log-level=ERROR', 'lint', '--min-severity=bug', join(repository, 'prometheus/rules')],
        cwd: folder,
        preload: 'none',
        timeoutMs: LIMIT_MS,
      });
      const said = (stdout + stderr).replaceAll(/\s+/g, ' ');
      const absent = [...said.matchAll(/didn't have any series for the `(\w+)` metric/g)].map(([, name]) => name);
      expect(absent.filter((name = '') => !countersOfLosses.has(name) && !ofTwoTiers.has(name))).toEqual([]);
      expect(said.match(/Bug: /g)?.length ?? 0).toBe(absent.length);
    },
    LIMIT_MS,
  );

  test(
    'their end takes their alerts back and raises no other',
    async () => {
      await endAll();
      await stack.until(
        'nothing fires any more',
        async () => {
          const still = await firing(stack);
          if (still.size > 0) throw new Error(`still: ${[...still].join(', ')}`);
          return true;
        },
        LIMIT_MS,
      );
      const resolved = (): ReadonlySet<string> =>
        new Set(
          told(stack)
            .filter(({ status }) => status === 'resolved')
            .map(({ labels }) => `${ofWhom(labels)} ${labels['alertname']}`),
        );
      await stack.until('each is told to be over', () => missing(heard, resolved()), LIMIT_MS);
      const atEnd = faults.flatMap(({ service, firesAtEnd = [] }) => firesAtEnd.map((name) => `${service} ${name}`));
      const fired = await firing(stack, startMs);
      const mayFire = [...atEnd, ...OF_THE_CLOCK];
      expect([...fired].filter((each) => !mayFire.includes(each)).sort()).toEqual(expected.toSorted());
    },
    LIMIT_MS * 3,
  );

  test(
    'a collector that is killed makes CollectorDown page; the sign of life goes on',
    async () => {
      await stack.kill('collector', 'SIGKILL');
      const paged = await stack.until(
        'it is told',
        () => told(stack).find(({ labels }) => labels['alertname'] === 'CollectorDown'),
        LIMIT_MS,
      );
      expect(paged).toMatchObject({ receiver: 'page', status: 'firing', labels: { severity: 'critical' } });
      const signs = (): number =>
        stack.notifications.filter(({ receiver, alerts: [first] }) => receiver === 'deadman' && first?.labels['alertname'] === 'Watchdog')
          .length;
      const before = signs();
      await stack.until('another sign of life', () => signs() > before || undefined, LIMIT_MS);
    },
    LIMIT_MS * 2,
  );
});
