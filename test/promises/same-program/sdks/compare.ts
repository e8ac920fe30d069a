/**
 * Runs one program of this folder without the preload, with it and no endpoint, and with it and a healthy one; gives
 * what each case saw.
 */
import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { SpanRow } from '../../../../src/analysis/model.ts';
import { freshFolder, startProgram, startSink, type Models } from '../../../harness/index.ts';
import { spansOf } from '../../../harness/received.ts';
import { installSdks } from './install.ts';
import { certificateFile, startScriptedServer, type ScriptedServer } from './server.ts';

export interface Providers {
  readonly models: Models;
  /** Nobody listens there. */
  readonly refusingUrl: string;
  /** HTTP/2 over TLS. */
  readonly http2Url: string;
  readonly proxyUrl: string;
}

/** What one run showed. */
export interface Run {
  /** By the case's name, as it was printed. */
  readonly lines: ReadonlyMap<string, unknown>;
  readonly stderr: string;
  readonly code: number | null;
  /** What the scripted server received, word by word. */
  readonly requests: readonly string[];
}

export interface Comparison {
  readonly plain: Run;
  /** Preloaded, without any endpoint. */
  readonly nowhere: Run;
  /** Preloaded, with a sink. */
  readonly loaded: Run;
  /** LLM spans that arrived. */
  readonly spans: readonly SpanRow[];
  /** Of the status file. */
  readonly counters: Readonly<Record<string, number>>;
}

export interface CompareOptions {
  readonly program: string;
  /** Path of the Node. */
  readonly node: string;
  readonly folder: string;
  readonly providers: Providers;
  /** Of all three runs. */
  readonly env: Readonly<Record<string, string>>;
}

/** A folder with the programs of this folder beside the clients they use. */
export function programFolder(): string {
  const folder = freshFolder('sdks');
  cpSync(join(import.meta.dirname, 'programs'), folder, { recursive: true });
  symlinkSync(installSdks(), join(folder, 'node_modules'));
  return folder;
}

/** The three runs go side by side, each with a scripted server of its own. */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const sink = await startSink();
  try {
    const [plain, nowhere, loaded] = await Promise.all([
      run(options, {}, 'none'),
      run(options, {}, 'require'),
      run(options, { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url }, 'require'),
    ]);
    return { plain, nowhere, loaded, spans: spansOf(sink), counters: countersOf(loaded.home) };
  } finally {
    await sink.close();
  }
}

async function run(
  { program, node, folder, providers, env }: CompareOptions,
  environment: Readonly<Record<string, string>>,
  preload: 'none' | 'require',
): Promise<Run & { home: string }> {
  const scripted = await startScriptedServer();
  const withoutPorts = (text: string): string =>
    [scripted.url, scripted.tlsUrl].reduce(
      (rest, url, index) => rest.replaceAll(url.slice(url.indexOf('/') + 2), `(server ${index})`),
      text,
    );
  try {
    const { finished, home } = startProgram({
      node,
      file: join(folder, 'run.mjs'),
      args: [program],
      preload,
      env: { ...environmentOf(scripted, providers), ...env, ...environment },
      timeoutMs: 240_000,
    });
    const { stdout, stderr, code } = await finished;
    const requests = scripted.requests.map(withoutPorts).map(withoutRandom).sort();
    return {
      lines: linesOf(withoutPorts(stdout)),
      stderr: withoutPorts(stderr).replaceAll(/\(node:\d+\)/g, '(node)'),
      code,
      requests,
      home,
    };
  } finally {
    await scripted.close();
  }
}

function environmentOf(scripted: ScriptedServer, { models, refusingUrl, http2Url, proxyUrl }: Providers): Record<string, string> {
  return {
    SCRIPTED_URL: scripted.url,
    SCRIPTED_TLS_URL: scripted.tlsUrl,
    HTTP2_URL: http2Url,
    PROXY_URL: proxyUrl,
    MODELS_URL: models.url,
    REFUSING_URL: refusingUrl,
    NODE_EXTRA_CA_CERTS: certificateFile,
  };
}

function linesOf(stdout: string): Map<string, unknown> {
  const lines = new Map<string, unknown>();
  for (const line of stdout.split('\n')) {
    if (line === '') continue;
    const { name, ...rest } = JSON.parse(line) as { name: string };
    lines.set(name, rest);
  }
  return lines;
}

/** Keys, boundaries and times that a client draws anew for every request. */
function withoutRandom(request: string): string {
  return request
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '(uuid)')
    .replaceAll(/-+(?:formdata-undici|webkitformboundary|form-data-boundary|FormDataBoundary)?-?[\w]{11,}/gi, '(boundary)');
}

function countersOf(home: string): Record<string, number> {
  const folder = join(home, '.local/state/swarmscope/status');
  const counters: Record<string, number> = {};
  for (const name of readdirSync(folder)) {
    const status = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { counters: Record<string, number> };
    for (const [counter, count] of Object.entries(status.counters)) counters[counter] = (counters[counter] ?? 0) + count;
  }
  return counters;
}
