/**
 * What else watches LLM calls and can be installed: each in a project of its own in the user's cache folder, with the
 * client that all of them know. Some 600 MB the first time.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../tools/cache-folder.ts';
import { runProgram } from './processes.ts';
import { temporaryFolder } from './temporary.ts';

/** The last major version that every peer knows; all contenders make their calls by it. */
const CLIENT = { openai: '6.49.0' };

export interface Peer {
  readonly name: string;
  readonly packages: Readonly<Record<string, string>>;
  /** What Node loads before the program: a module of the project, or a program of `bench/programs/peers/`. */
  readonly preload: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Their variables, as far as they are needed that all send what they record to the bench, soon. */
const OTEL = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };

export const peers: readonly Peer[] = [
  {
    name: 'otel-auto',
    packages: { '@opentelemetry/api': '1.10.0', '@opentelemetry/auto-instrumentations-node': '0.82.0' },
    preload: '@opentelemetry/auto-instrumentations-node/register',
    env: OTEL,
  },
  {
    name: 'traceloop',
    packages: { '@traceloop/node-server-sdk': '0.27.0' },
    preload: './traceloop.cjs',
    env: { TRACELOOP_TELEMETRY: 'false' },
  },
  { name: 'langfuse', packages: { langfuse: '3.39.2' }, preload: './langfuse.cjs', env: {} },
  {
    name: 'dd-trace',
    packages: { 'dd-trace': '6.21.0' },
    preload: './dd-trace.cjs',
    env: { DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false', DD_REMOTE_CONFIGURATION_ENABLED: 'false' },
  },
  {
    name: 'elastic',
    packages: { '@elastic/opentelemetry-node': '1.18.0' },
    preload: '@elastic/opentelemetry-node',
    env: { ...OTEL, ELASTIC_OTEL_METRICS_DISABLED: 'true' },
  },
];

/** Its folder, installed when it is not there. Rejects with npm's words when it cannot be had. */
export async function installPeer({ name, packages }: Pick<Peer, 'name' | 'packages'>): Promise<string> {
  const project = JSON.stringify({ private: true, dependencies: { ...CLIENT, ...packages } });
  const version = createHash('sha256').update(`${project} ${process.platform} ${process.arch}`).digest('hex').slice(0, 16);
  const folder = cacheFolder('bench-peers', `${name}-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const fresh = temporaryFolder(join(dirname(folder), 'new-'));
  try {
    await writeFile(join(fresh, 'package.json'), project);
    await runProgram('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], fresh);
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}
