// The stores of a cluster on this machine, with the files and arguments of deploy/: Tempo on SeaweedFS, and three receivers of Thanos with its querier.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { stackBinary, type BinaryName } from '../../../tools/stack-binaries.ts';
import { freePorts } from '../../harness/free-ports.ts';
import { Log, startProgram, type Program } from '../../harness/stack/program.ts';
import { queryPrometheus } from '../../harness/stack/prometheus.ts';
import { replaceAll } from '../../harness/stack/replace.ts';
import { until } from '../../harness/stack/stack.ts';
import { freeAddresses } from '../tiers/addresses.ts';
import type { Stores } from '../tiers/tiers.ts';
import { bucketFiles } from './bucket.ts';
import { argumentsOf, componentFile } from './pods.ts';

export const RECEIVERS = ['thanos-receive-0', 'thanos-receive-1', 'thanos-receive-2'] as const;
export type ReceiverName = (typeof RECEIVERS)[number];
/** Each with an address of its own, but Tempo: its ring of one is at 127.0.0.1. */
const ADDRESSED = ['seaweedfs', ...RECEIVERS, 'thanos-query', 'thanos-store', 'thanos-rule'] as const;
/** The store and the rules are addresses at which nobody listens. */
export type StoreName = Exclude<(typeof ADDRESSED)[number], 'thanos-store' | 'thanos-rule'> | 'tempo';
const USUAL_PORTS = [8333, 8888, 9333, 8080, 10901, 10902, 19291, 19391];

export interface ReplicatedStores extends Stores {
  /** Resolves when they are ready: same addresses, same folders. */
  start(...names: readonly StoreName[]): Promise<void>;
  /** Resolves when they have ended. */
  kill(signal: NodeJS.Signals, ...names: readonly StoreName[]): Promise<void>;
  pidOf(name: StoreName): number;
  /** Its disk, while it does not run: what it had not handed on is gone. */
  loseDisk(name: StoreName): void;
  /** Paths below the bucket of what the object store holds, as its own directory says. */
  bucket(name: 'tempo' | 'thanos'): Promise<string[]>;
  /** Tempo writes down what it holds, as it does after max_block_duration. */
  flushTempo(): Promise<void>;
}

export async function startReplicatedStores(): Promise<ReplicatedStores> {
  const folder = mkdtempSync(join(tmpdir(), 'swarmscope-stores-'));
  const addresses = await freeAddresses(ADDRESSED.length, USUAL_PORTS);
  const [tempoHttp = 0, tempoGrpc = 0, tempoOtlp = 0] = await freePorts(3);
  const programs = new Map<StoreName, Program>();
  const logs = new Map<StoreName, Log>();
  const at = (name: (typeof ADDRESSED)[number]): string => addresses[ADDRESSED.indexOf(name)] ?? '';
  const folderOf = (name: StoreName): string => join(folder, name);
  const dataOf = (name: StoreName): string => join(folderOf(name), 'data');
  const secretOf = (bucket: string): Record<string, string> => ({
    ...{ S3_BUCKET: bucket, S3_ENDPOINT: `${at('seaweedfs')}:8333`, S3_REGION: 'us-east-1', S3_INSECURE: 'true' },
    ...{ S3_ACCESS_KEY: 'an-access-key', S3_SECRET_KEY: 'a-secret-key' },
  });
  const keys = { AWS_ACCESS_KEY_ID: 'an-access-key', AWS_SECRET_ACCESS_KEY: 'a-secret-key' };

  function renderTempo(): void {
    const text = replaceAll('tempo.yaml', componentFile('tempo/generated/tempo.yaml'), {
      'http_listen_port: 3200': `http_listen_address: 127.0.0.1\n  http_listen_port: ${tempoHttp}\n  grpc_listen_address: 127.0.0.1\n  grpc_listen_port: ${tempoGrpc}`,
      '0.0.0.0:4317': `127.0.0.1:${tempoOtlp}`,
      '/var/tempo': dataOf('tempo'),
      '/etc/tempo': folderOf('tempo'),
    });
    // As in the stack of one machine: a lone ingester waits 15 s for others, and a trace is cut after 10 s.
    const sooner = 'ingester: { lifecycler: { min_ready_duration: 0s }, trace_idle_period: 1s, flush_check_period: 1s }\n';
    writeFileSync(join(folderOf('tempo'), 'tempo.yaml'), text + sooner);
    writeFileSync(join(folderOf('tempo'), 'overrides.yaml'), componentFile('tempo/generated/overrides.yaml'));
  }
  function renderReceiver(name: ReceiverName): void {
    const ring = Object.fromEntries(RECEIVERS.map((each) => [`${each}.thanos-receive-headless`, at(each)]));
    writeFileSync(join(folderOf(name), 'hashring.json'), replaceAll('hashring.json', componentFile('thanos/hashring.json'), ring));
    writeFileSync(join(folderOf(name), 'promoted.args'), componentFile('thanos/generated/promoted.args'));
  }

  interface Call {
    readonly binary: BinaryName;
    readonly args: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly ready: string;
  }
  const thanos = (name: (typeof ADDRESSED)[number], args: readonly string[]): Call => ({
    ...{ binary: 'thanos', args, env: keys, ready: `http://${at(name)}:10902/-/ready` },
  });
  function callOf(name: StoreName): Call {
    switch (name) {
      case 'seaweedfs':
        return {
          binary: 'weed',
          args: argumentsOf('seaweedfs', name, {
            places: { '127.0.0.1': at(name), '0.0.0.0': at(name), '/tmp/': `${folderOf(name)}/`, '=/data': `=${dataOf(name)}` },
          }),
          env: keys,
          ready: `http://${at(name)}:8333/healthz`,
        };
      case 'tempo':
        return {
          binary: 'tempo',
          args: argumentsOf('tempo', name, { places: { '/etc/tempo': folderOf(name) } }),
          env: secretOf('tempo'),
          ready: `http://127.0.0.1:${tempoHttp}/ready`,
        };
      case 'thanos-query': {
        const all = (found: readonly string[]): string => found.map((address) => `--endpoint=${address}:10901`).join('\n');
        const places = {
          '0.0.0.0': at(name),
          '--endpoint=dns+thanos-receive-headless:10901': all(RECEIVERS.map(at)),
          '--endpoint=dns+thanos-store-headless:10901': all([at('thanos-store')]),
          '--endpoint=dns+thanos-rule-headless:10901': all([at('thanos-rule')]),
        };
        return thanos(name, argumentsOf('thanos', 'query', { places }));
      }
      default: {
        const places = {
          '0.0.0.0': at(name),
          '=/data': `=${dataOf(name)}`,
          '/etc/thanos': folderOf(name),
          '$(POD_NAME).thanos-receive-headless': at(name),
        };
        const args = argumentsOf('thanos', 'receive', { variables: { ...secretOf('thanos'), POD_NAME: name }, places });
        // Another door between receivers, which is open whether it is used or not.
        return thanos(name, [...args, `--receive.capnproto-address=${at(name)}:19391`]);
      }
    }
  }

  const stores: ReplicatedStores = {
    folder,
    urls: {
      tempo: `http://127.0.0.1:${tempoHttp}`,
      tempoOtlp: `127.0.0.1:${tempoOtlp}`,
      prometheus: `http://${at('thanos-query')}:10902`,
    },
    // In a cluster the Service chooses one that is ready; here each gateway has its own.
    metricsOtlp: (gateway) => `http://${at(RECEIVERS[gateway] ?? RECEIVERS[0])}:19291/api/v1/otlp`,
    async start(...names) {
      await Promise.all(
        names.map(async (name) => {
          const { binary, args, env: own = {}, ready } = callOf(name);
          const log = logs.get(name) ?? new Log();
          logs.set(name, log);
          const given = { PATH: env['PATH'] ?? '', HOME: folder, ...own };
          mkdirSync(dataOf(name), { recursive: true });
          const call = { name, file: stackBinary(binary), args, env: given, cwd: folderOf(name), readyUrl: ready };
          programs.set(name, await startProgram(call, log));
        }),
      );
    },
    async kill(signal, ...names) {
      await Promise.all(names.map(async (name) => programs.get(name)?.end(signal)));
    },
    pidOf: (name) => programs.get(name)?.pid ?? 0,
    loseDisk: (name) => rmSync(dataOf(name), { recursive: true }),
    bucket: (name) => bucketFiles(`http://${at('seaweedfs')}:8888`, name),
    async flushTempo() {
      const answer = await fetch(`${stores.urls.tempo}/flush`, { method: 'POST' });
      if (!answer.ok) throw new Error(`Tempo answers ${answer.status}: ${await answer.text()}`);
    },
    query: (expression, atMs) => queryPrometheus(stores.urls.prometheus, expression, atMs),
    until: (title, ask, limitMs = 180_000) => until(title, ask, limitMs, said),
    async stop() {
      // What they would write down on the way is not asked for again.
      await stores.kill('SIGKILL', ...programs.keys());
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  const said = (): string => [...logs].map(([name, log]) => `--- ${name} said last:\n${log.text().slice(-1_500)}`).join('\n');

  try {
    for (const name of ['seaweedfs', ...RECEIVERS, 'thanos-query', 'tempo'] as const) mkdirSync(dataOf(name), { recursive: true });
    await stores.start('seaweedfs');
    await makeBuckets(at('seaweedfs'), ['tempo', 'thanos']);
    renderTempo();
    for (const name of RECEIVERS) renderReceiver(name);
    await stores.start('tempo', ...RECEIVERS, 'thanos-query');
  } catch (error) {
    await stores.stop();
    throw error;
  }
  return stores;
}

/** By the command of deploy/README.md. Throws what it said when one is not there afterwards. */
async function makeBuckets(address: string, names: readonly string[]): Promise<void> {
  const said = await new Promise<string>((resolve) => {
    const args = ['shell', `-master=${address}:9333`, `-filer=${address}:8888`];
    const child = execFile(stackBinary('weed'), args, { timeout: 120_000 }, (_, stdout, stderr) => resolve(stdout + stderr));
    child.stdin?.end(names.map((name) => `s3.bucket.create -name=${name}\n`).join(''));
  });
  for (const name of names) {
    const { ok } = await fetch(`http://${address}:8888/buckets/${name}/`, { headers: { accept: 'application/json' } });
    if (!ok) throw new Error(`weed shell made no bucket ${name}: ${said}`);
  }
}
