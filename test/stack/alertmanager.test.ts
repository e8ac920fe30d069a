// The real Alertmanager with the repository's file: who hears what, and what is kept back because another alert says more.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { groups } from '../../src/grafana/index.ts';
import { stackBinary } from '../../tools/stack-binaries.ts';
import { repository } from '../harness/index.ts';
import { describeWith, startStack, START_LIMIT_MS, type Stack } from '../harness/stack/index.ts';

const configFile = join(repository, 'alertmanager/alertmanager.yml');
const alerts = groups.flatMap(({ alerts: own }) => own);
/** What is scraped, and so is known also while nothing can be pushed. */
/** They stand on what the collectors tell of themselves, which Prometheus scrapes. */
const STACK_GROUPS = ['swarmscope-stack', 'swarmscope-tiers'];
const ofTheStack = new Set(groups.filter(({ name }) => STACK_GROUPS.includes(name)).flatMap(({ alerts: own }) => own));

type Labels = Readonly<Record<string, string>>;

const labelsOf = (name: string, more: Labels = {}): Labels => {
  const alert = alerts.find((each) => each.name === name);
  if (alert === undefined) throw new Error(`there is no alert ${name}`);
  return { alertname: name, severity: alert.severity, resource: alert.resource, stack: 'swarmscope', ...more };
};

interface Inhibition {
  readonly title: string;
  readonly source: Labels;
  readonly muted: Labels;
  /** The same of somebody else: it is told. */
  readonly told: Labels;
}

const swarm = (name: string, more: Labels = {}): Labels => labelsOf(name, { service_name: 's', ...more });
const other = (name: string, more: Labels = {}): Labels => labelsOf(name, { service_name: 'other', ...more });

const inhibitions: readonly Inhibition[] = [
  ...['SwarmQueueWillOverflow', 'SwarmQueueWaitHigh', 'SwarmWorkerPoolSaturated'].map((name) => ({
    title: `a full queue says more than ${name}`,
    source: swarm('SwarmQueueFull'),
    muted: swarm(name),
    told: other(name),
  })),
  {
    title: 'most tasks fail: that many fail is no news',
    source: swarm('SwarmTaskFailuresFast'),
    muted: swarm('SwarmTaskFailuresSlow'),
    told: other('SwarmTaskFailuresSlow'),
  },
  {
    title: 'Tempo is down: it takes nothing',
    source: labelsOf('StackPartDown', { job: 'tempo' }),
    muted: labelsOf('CollectorBackendUnreachable', { exporter: 'otlp_grpc/tempo' }),
    told: labelsOf('CollectorBackendUnreachable', { exporter: 'otlp_http/prometheus' }),
  },
  {
    title: 'a GPU that is full will not become full',
    source: labelsOf('GpuMemoryNearLimit', { host_name: 'h', hw_id: '0' }),
    muted: labelsOf('GpuMemoryWillExhaust', { host_name: 'h', hw_id: '0' }),
    told: labelsOf('GpuMemoryWillExhaust', { host_name: 'h', hw_id: '1' }),
  },
];

describeWith('alertmanager')('Alertmanager', () => {
  const amtool = (...args: readonly string[]): string => execFileSync(stackBinary('amtool'), args, { encoding: 'utf8', stdio: 'pipe' });

  test('amtool finds no fault in the file, and each inhibition of it is tried here', () => {
    const said = amtool('check-config', configFile);
    expect(said).toContain('SUCCESS');
    // The collector's own, and one for each different source.
    expect(said).toContain(`${1 + new Set(inhibitions.map(({ source }) => source['alertname'])).size} inhibit rules`);
  });

  test.each([
    { severity: 'critical', receiver: 'page' },
    { severity: 'warning', receiver: 'default' },
    { severity: 'info', receiver: 'default' },
  ])('what is $severity goes to the receiver $receiver', ({ severity, receiver }) => {
    const own = alerts.filter((alert) => alert.severity === severity);
    expect(own.length).toBeGreaterThan(0);
    for (const { name, resource } of own) {
      expect(routeOf({ alertname: name, severity, resource, service_name: 's' })).toBe(receiver);
    }
  });

  test('the sign of life goes to the dead man’s switch', () => {
    expect(routeOf(labelsOf('Watchdog'))).toBe('deadman');
  });

  function routeOf(labels: Labels): string {
    return amtool(
      'config',
      'routes',
      'test',
      `--config.file=${configFile}`,
      ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
    ).trim();
  }

  describe('inhibition', () => {
    let stack: Stack;
    beforeAll(async () => {
      stack = await startStack({ parts: ['alertmanager'] });
    }, START_LIMIT_MS);

    let cases = 0;
    /** Tells the alerts of one case from those of the cases before. */
    const ofThisCase = (labels: Labels): Labels => ({ ...labels, case: String(cases) });

    /** Fires `source` first, then the others, and waits until each is known. */
    async function fire(source: Labels, others: readonly Labels[]): Promise<void> {
      await post([source]);
      await stack.until('Alertmanager has told of the source', () => wasTold(source) || undefined);
      await post(others);
      await stack.until('Alertmanager has decided on all', async () => ((await states()).size >= others.length + 1 ? true : undefined));
    }

    async function post(labels: readonly Labels[]): Promise<void> {
      const endsAt = new Date(Date.now() + 60_000).toISOString();
      const answer = await fetch(`${stack.urls.alertmanager}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(labels.map((each) => ({ labels: each, annotations: { summary: 'a test' }, endsAt }))),
      });
      expect(answer.status).toBe(200);
    }

    const keyOf = (labels: Labels): string => JSON.stringify(Object.entries(labels).sort());

    /** Of each alert on which a decision was made: `active` or `suppressed`. */
    async function states(): Promise<ReadonlyMap<string, string>> {
      const answer = (await (await fetch(`${stack.urls.alertmanager}/api/v2/alerts`)).json()) as {
        labels: Labels;
        status: { state: string };
      }[];
      return new Map(
        answer.filter(({ status }) => status.state !== 'unprocessed').map(({ labels, status }) => [keyOf(labels), status.state]),
      );
    }

    function wasTold(labels: Labels): boolean {
      return stack.notifications.some((each) =>
        each.alerts.some((alert) => alert.status === 'firing' && keyOf(alert.labels) === keyOf(labels)),
      );
    }

    /** Nobody fires any more, so that the next case begins with nothing. */
    async function resolve(labels: readonly Labels[]): Promise<void> {
      const endsAt = new Date(Date.now() - 1_000).toISOString();
      await fetch(`${stack.urls.alertmanager}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(labels.map((each) => ({ labels: each, startsAt: new Date(Date.now() - 60_000).toISOString(), endsAt }))),
      });
      await stack.until('nothing fires', async () => ((await states()).size === 0 ? true : undefined));
    }

    test.each(inhibitions)('$title', async (inhibition) => {
      cases += 1;
      const [source, muted, told] = [inhibition.source, inhibition.muted, inhibition.told].map(ofThisCase) as [Labels, Labels, Labels];
      await fire(source, [muted, told]);
      await stack.until('the one of somebody else is told', () => wasTold(told) || undefined);
      expect((await states()).get(keyOf(muted))).toBe('suppressed');
      expect(wasTold(muted)).toBe(false);
      await resolve([source, muted, told]);
    });

    test('a collector that is down keeps back whatever stands on pushed data, and nothing else', async () => {
      cases += 1;
      const source = ofThisCase(labelsOf('CollectorDown'));
      const all = alerts.filter(({ name }) => name !== 'CollectorDown');
      const pushed = all.filter((alert) => !ofTheStack.has(alert)).map(({ name }) => ofThisCase(swarm(name)));
      const scraped = all.filter((alert) => ofTheStack.has(alert)).map(({ name }) => ofThisCase(labelsOf(name)));
      await fire(source, [...pushed, ...scraped]);
      for (const labels of scraped) await stack.until(`${labels['alertname']} is told`, () => wasTold(labels) || undefined);
      const decided = await states();
      expect(pushed.filter((labels) => decided.get(keyOf(labels)) !== 'suppressed')).toEqual([]);
      expect(pushed.filter(wasTold)).toEqual([]);
      await resolve([source, ...pushed, ...scraped]);
    });
  });
});
