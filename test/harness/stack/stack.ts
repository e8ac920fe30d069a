// Starts the programs of the stack with the repository's own files on free loopback ports, and takes them away again.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { stackBinary } from '../../../tools/stack-binaries.ts';
import { PARTS, PORT_NAMES, type PartName, type Ports, type Setting, type StackOptions } from './parts.ts';
import { freePorts } from '../free-ports.ts';
import { Log, startProgram, type Program } from './program.ts';
import { exemplarsOf, queryPrometheus, type Exemplar, type Sample } from './prometheus.ts';
import { searchTempo, traceOf, type FoundTrace } from './tempo.ts';
import { startWebhooks, type Notification } from './webhooks.ts';

export interface Stack {
  /** OTLP/HTTP of the collector: for SWARMSCOPE_EXPORT and OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  /** Base URLs; of gRPC `host:port`. Also of parts that were not started: nobody listens there. */
  readonly urls: {
    readonly collector: string;
    readonly collectorGrpc: string;
    /** Its own metrics are at `/metrics`. */
    readonly collectorTelemetry: string;
    readonly collectorHealth: string;
    readonly prometheus: string;
    readonly tempo: string;
    readonly tempoOtlp: string;
    readonly alertmanager: string;
  };
  readonly folder: string;
  /** Of a part, with its files and data: `queue/` of the collector, `data/` of the others. */
  folderOf(part: PartName): string;
  /** Undefined when it does not run. */
  pidOf(part: PartName): number | undefined;
  /** Also one that is not among `parts`. Resolves when it is ready: same ports, same folder, its files as they are. */
  start(part: PartName): Promise<void>;
  /** Resolves when it has ended. */
  kill(part: PartName, signal?: NodeJS.Signals): Promise<void>;
  /** What the program printed, over all its starts; the last 2,000,000 characters. */
  log(part: PartName): string;
  /** Instant PromQL, evaluated a second from now unless `atMs` says when. */
  query(expression: string, atMs?: number): Promise<Sample[]>;
  exemplars(selector: string): Promise<Exemplar[]>;
  /** Undefined while Tempo does not know it. */
  trace(traceId: string): Promise<SpanRow[] | undefined>;
  /** TraceQL; at most `limit` (100) traces. */
  search(query: string, limit?: number): Promise<FoundTrace[]>;
  /** What Alertmanager sent to its webhooks. */
  readonly notifications: readonly Notification[];
  /**
   * Asks until there is an answer, then returns it; an error counts as none. Fails after `limitMs` (60,000) with
   * `title`, the last error and the logs.
   */
  until<Value>(title: string, ask: () => Promise<Value | undefined> | Value | undefined, limitMs?: number): Promise<Value>;
  /** Ends what this stack started, waits for it, removes its folder. Twice is once. */
  stop(): Promise<void>;
}

/** Backends before the collector, so that nothing has to be repeated at first. */
const ORDER: readonly PartName[] = ['tempo', 'alertmanager', 'prometheus', 'collector'];

/** Throws when a program is missing (see `missingFor`) or does not get ready; nothing is left then. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const parts = ORDER.filter((part) => options.parts?.includes(part) ?? true);
  const folder = mkdtempSync(join(tmpdir(), 'swarmscope-stack-'));
  const webhooks = await startWebhooks();
  const numbers = await freePorts(PORT_NAMES.length);
  const ports = Object.fromEntries(PORT_NAMES.map((name, index) => [name, numbers[index]])) as Ports;
  const programs = new Map<PartName, Program>();
  const logs = new Map<PartName, Log>();
  const settingOf = (part: PartName): Setting => ({ options, parts, ports, folder: join(folder, part), sinkUrl: webhooks.url });
  const url = (name: keyof Ports): string => `http://127.0.0.1:${ports[name]}`;
  for (const part of ORDER) {
    logs.set(part, new Log());
    mkdirSync(join(folder, part));
    PARTS[part].render(settingOf(part));
  }

  const stack: Stack = {
    endpoint: url('collector'),
    urls: {
      collector: url('collector'),
      collectorGrpc: `127.0.0.1:${ports.collectorGrpc}`,
      collectorTelemetry: url('collectorTelemetry'),
      collectorHealth: url('collectorHealth'),
      prometheus: url('prometheus'),
      tempo: url('tempo'),
      tempoOtlp: `127.0.0.1:${ports.tempoOtlp}`,
      alertmanager: url('alertmanager'),
    },
    folder,
    folderOf: (part) => join(folder, part),
    pidOf: (part) => (programs.get(part)?.isRunning() === true ? programs.get(part)?.pid : undefined),
    async start(part) {
      if (programs.get(part)?.isRunning() === true) throw new Error(`${part} runs already`);
      const { binary, call, readyUrl } = PARTS[part];
      const { args, env: own } = call(settingOf(part));
      const more = options[part] ?? {};
      const program = await startProgram(
        {
          name: part,
          file: stackBinary(binary),
          args: [...args, ...(more.args ?? [])],
          env: { PATH: env['PATH'] ?? '', HOME: folder, ...own, ...more.env },
          cwd: join(folder, part),
          readyUrl: readyUrl(ports),
        },
        logs.get(part) ?? new Log(),
      );
      programs.set(part, program);
    },
    kill: async (part, signal = 'SIGTERM') => programs.get(part)?.end(signal),
    log: (part) => logs.get(part)?.text() ?? '',
    query: (expression, atMs) => queryPrometheus(url('prometheus'), expression, atMs),
    exemplars: (selector) => exemplarsOf(url('prometheus'), selector),
    trace: (traceId) => traceOf(url('tempo'), traceId),
    search: (query, limit) => searchTempo(url('tempo'), query, { limit }),
    notifications: webhooks.notifications,
    until: (title, ask, limitMs = 180_000) => until(title, ask, limitMs, () => printLogs(parts, stack)),
    async stop() {
      // The collector first: it hands on what it still holds.
      // Tempo has all that it needs on disk after a moment, but takes 20 s to end politely.
      for (const part of [...ORDER].reverse()) await programs.get(part)?.end(part === 'tempo' ? 'SIGKILL' : 'SIGTERM');
      await webhooks.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  try {
    for (const part of parts) await stack.start(part);
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
}

/** As `until` of a stack; `logs` are what the programs behind it said. */
export async function until<Value>(
  title: string,
  ask: () => Promise<Value | undefined> | Value | undefined,
  limitMs: number,
  logs: () => string,
): Promise<Value> {
  const endMs = performance.now() + limitMs;
  let problem: unknown = 'there was no answer';
  for (;;) {
    try {
      const value = await ask();
      if (value !== undefined) return value;
    } catch (error) {
      problem = error;
    }
    if (performance.now() > endMs)
      throw new Error(`not within ${limitMs} ms: ${title} (${String(problem)})\n${logs()}`, { cause: problem });
    await wait(100);
  }
}

function printLogs(parts: readonly PartName[], stack: Stack): string {
  return parts.map((part) => `--- ${part} said last:\n${stack.log(part).slice(-1_500)}`).join('\n');
}
