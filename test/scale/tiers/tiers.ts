// Two agents and two gateways, from the repository's files, on loopback addresses of their own with their usual ports, in front of Tempo and Prometheus.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { stackBinary } from '../../../tools/stack-binaries.ts';
import { freePorts } from '../../harness/free-ports.ts';
import { repository } from '../../harness/paths.ts';
import type { StackOptions } from '../../harness/stack/parts.ts';
import { startStack, type Stack } from '../../harness/stack/stack.ts';
import { Log, startProgram, type Program } from '../../harness/stack/program.ts';
import { traceOf } from '../../harness/stack/tempo.ts';
import { freeAddresses } from './addresses.ts';

export const AGENTS = ['agent-0', 'agent-1'] as const;
export const GATEWAYS = ['gateway-0', 'gateway-1'] as const;
export type CollectorName = (typeof AGENTS)[number] | (typeof GATEWAYS)[number];
const COLLECTORS: readonly CollectorName[] = [...AGENTS, ...GATEWAYS];

/** The tenant of everything, and that of what is worth a long time. */
export const TENANT = 'swarmscope';
export const KEPT = `${TENANT}-kept`;

export interface TierOptions {
  /** Files of deploy/collector, after agent.yaml or gateway.yaml. */
  readonly overlays?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface TiersOptions {
  /** Their overlays default to shards-2.yaml. */
  readonly agents?: TierOptions;
  readonly gateways?: TierOptions;
  readonly prometheus?: StackOptions['prometheus'];
}

/** What is behind the gateways: the two addresses to which they deliver, and those at which is asked. */
export interface Stores extends Pick<Stack, 'folder' | 'query' | 'until' | 'stop'> {
  readonly urls: Pick<Stack['urls'], 'tempo' | 'tempoOtlp' | 'prometheus'>;
  /** As PROMETHEUS_OTLP of that gateway. */
  metricsOtlp(gateway: number): string;
}

export interface Tiers<Behind extends Stores = OneOfEach> {
  readonly stores: Behind;
  /** OTLP/HTTP base URLs of the agents, in their order. */
  readonly endpoints: readonly string[];
  addressOf(name: CollectorName): string;
  folderOf(name: CollectorName): string;
  pidOf(name: CollectorName): number;
  start(...names: readonly CollectorName[]): Promise<void>;
  /** Resolves when they have ended. */
  kill(signal: NodeJS.Signals, ...names: readonly CollectorName[]): Promise<void>;
  log(name: CollectorName): string;
  /** What that collector counted since its start, as `countedBy` of the stack's drills; 0 when absent. */
  counted(name: CollectorName, metric: string): Promise<number>;
  /** Undefined while that tenant of Tempo does not know it. */
  trace(traceId: string, tenant?: string): Promise<SpanRow[] | undefined>;
  /** As `until` of the stack, with the logs of the collectors. */
  until<Value>(title: string, ask: () => Promise<Value | undefined> | Value | undefined): Promise<Value>;
  stop(): Promise<void>;
}

/** Tempo, with tenants, and Prometheus. */
export type OneOfEach = Stack & Stores;

async function startOneOfEach({ prometheus }: TiersOptions): Promise<OneOfEach> {
  const stack = await startStack({
    parts: ['tempo', 'prometheus'],
    tempo: { config: (text) => `multitenancy_enabled: true\n${text}` },
    ...(prometheus === undefined ? {} : { prometheus }),
  });
  return { ...stack, metricsOtlp: () => `${stack.urls.prometheus}/api/v1/otlp` };
}

export async function startTiers(options: TiersOptions = {}): Promise<Tiers> {
  return startTiersBefore(await startOneOfEach(options), options);
}

/** As `startTiers`, in front of stores that are there; they end with the tiers. */
export async function startTiersBefore<Behind extends Stores>(
  stores: Behind,
  options: Pick<TiersOptions, 'agents' | 'gateways'>,
): Promise<Tiers<Behind>> {
  const addresses = await freeAddresses(COLLECTORS.length, PORTS);
  const counted = await freePorts(COLLECTORS.length);
  const programs = new Map<CollectorName, Program>();
  const logs = new Map(COLLECTORS.map((name) => [name, new Log()]));
  const addressOf = (name: CollectorName): string => addresses[COLLECTORS.indexOf(name)] ?? '';
  const folderOf = (name: CollectorName): string => join(stores.folder, name);
  const isAgent = (name: CollectorName): boolean => name.startsWith('agent');
  const tierOf = (name: CollectorName): TierOptions => (isAgent(name) ? options.agents : options.gateways) ?? {};

  function filesOf(name: CollectorName): string[] {
    const { overlays = isAgent(name) ? ['shards-2.yaml'] : [] } = tierOf(name);
    return ['otel-collector.yaml', isAgent(name) ? 'agent.yaml' : 'gateway.yaml', ...overlays];
  }
  function render(name: CollectorName): void {
    mkdirSync(folderOf(name));
    for (const file of filesOf(name)) {
      const source = file === 'otel-collector.yaml' ? file : `deploy/collector/${file}`;
      writeFileSync(join(folderOf(name), file), sooner(source));
    }
  }
  function variablesOf(name: CollectorName): Record<string, string> {
    const gateway = (index: number): string => addressOf(GATEWAYS[index] ?? 'gateway-0');
    const own = COLLECTORS.indexOf(name) % 2;
    const upwards = isAgent(name)
      ? {
          PROMETHEUS_OTLP: `http://${gateway(own)}:4318`,
          GATEWAYS: `${gateway(own)}:4317`,
          GATEWAY_0: `${gateway(0)}:4317`,
          GATEWAY_1: `${gateway(1)}:4317`,
          FOLD_INTERVAL: '1s',
        }
      : { PROMETHEUS_OTLP: stores.metricsOtlp(own), TEMPO_ENDPOINT: stores.urls.tempoOtlp };
    return {
      PATH: env['PATH'] ?? '',
      BIND_HOST: addressOf(name),
      COLLECTOR_NAME: name,
      QUEUE_DIR: join(folderOf(name), 'queue'),
      COUNTED_PORT: String(counted[COLLECTORS.indexOf(name)]),
      ...upwards,
      ...tierOf(name).env,
    };
  }

  const tiers: Tiers<Behind> = {
    stores,
    endpoints: AGENTS.map((name) => `http://${addressOf(name)}:4318`),
    addressOf,
    folderOf,
    pidOf: (name) => programs.get(name)?.pid ?? 0,
    async start(...names) {
      await Promise.all(
        names.map(async (name) => {
          const call = {
            name,
            file: stackBinary('otelcol'),
            args: filesOf(name).map((file) => `--config=${join(folderOf(name), file)}`),
            env: variablesOf(name),
            cwd: folderOf(name),
            readyUrl: `http://${addressOf(name)}:13133/`,
          };
          programs.set(name, await startProgram(call, logs.get(name) ?? new Log()));
        }),
      );
    },
    async kill(signal, ...names) {
      await Promise.all(names.map(async (name) => programs.get(name)?.end(signal)));
    },
    log: (name) => logs.get(name)?.text() ?? '',
    async counted(name, metric) {
      const text = await (await fetch(`http://${addressOf(name)}:8888/metrics`)).text();
      const begins = `otelcol_${metric}`;
      const lines = text.split('\n').filter((line) => line.startsWith(begins) && /^[{,} ]/.test(line.slice(begins.length)));
      return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
    },
    trace: (traceId, tenant = TENANT) => traceOf(stores.urls.tempo, traceId, tenant),
    async until(title, ask) {
      try {
        return await stores.until(title, ask);
      } catch (error) {
        const said = COLLECTORS.map((name) => `--- ${name} said last:\n${tiers.log(name).slice(-1_500)}`);
        throw new Error(`${String(error)}\n${said.join('\n')}`, { cause: error });
      }
    },
    async stop() {
      await tiers.kill('SIGTERM', ...AGENTS);
      await tiers.kill('SIGTERM', ...GATEWAYS);
      await stores.stop();
    },
  };
  try {
    for (const name of COLLECTORS) render(name);
    await tiers.start(...GATEWAYS);
    await tiers.start(...AGENTS);
  } catch (error) {
    await tiers.stop();
    throw error;
  }
  return tiers;
}

/** The repository's file; only the longest pause between two attempts is a second. */
const sooner = (path: string): string => readFileSync(join(repository, path), 'utf8').replaceAll(/max_interval: \d+s/g, 'max_interval: 1s');

const PORTS = [4317, 4318, 8888, 13133];
