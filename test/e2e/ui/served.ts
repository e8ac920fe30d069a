// Starts `swarmscope ui` over stored runs and asks it over HTTP, as the page does.
import { request } from 'node:http';
import { expect } from '@jest/globals';
import type { RunData } from '../../../src/analysis/model.ts';
import { ownMark } from '../../../src/config/process-mark.ts';
import { openStore, runPath } from '../../../src/viewer/store/index.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram, startProgram, type RunningProgram } from '../../harness/index.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: unknown;
}

export interface Served {
  readonly program: RunningProgram;
  readonly base: string;
  readonly port: number;
  readonly token: string;
  /** With the token, unless `headers` say otherwise. */
  ask(path: string, headers?: Readonly<Record<string, string | undefined>>, method?: string): Promise<Answer>;
  get<T>(path: string): Promise<T>;
  stop(): Promise<void>;
}

/** A data folder of its own. */
export const dataHome = (): string => freshFolder('data');

/** Writes a run as `swarmscope run` would have; `isAlive`: its process is this one. */
export function store(home: string, data: RunData, isAlive = false): void {
  const path = runPath(join(home, 'swarmscope'), data.run.id);
  const file = openStore(path);
  file.startRun({ ...data.run, endMs: undefined });
  file.addTraces({ spans: [...data.spans], losses: {} });
  file.addMetrics({
    points: data.series.flatMap(({ points, ...series }) => points.map((point) => ({ ...series, ...point, isDelta: false }))),
    losses: {},
  });
  if (data.run.endMs !== undefined) file.endRun(data.run);
  file.close();
  if (!isAlive) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(join(dirname(path), 'owner.json'), JSON.stringify({ sequence: 1, ...ownMark() }), { mode: 0o600 });
}

export async function serve(home: string, args: readonly string[] = []): Promise<Served> {
  ensureBuilt();
  const program = startProgram({ file: commandFile, preload: 'none', args: ['ui', ...args], env: { XDG_DATA_HOME: home } });
  const [, port = '', token = ''] = await addressOf(program);
  return servedBy(program, Number(port), token);
}

/** From what it prints: the port and the token. */
export async function addressOf(program: RunningProgram): Promise<readonly string[]> {
  let said = '';
  program.child.stderr?.on('data', (text: string) => (said += text));
  await program.printed(/http:\/\/127\.0\.0\.1:\d+\/#\S+\n/);
  return /http:\/\/127\.0\.0\.1:(\d+)\/#t=([\w-]{32})\n/.exec(said) ?? [];
}

export function servedBy(program: RunningProgram, port: number, token: string): Served {
  const ask: Served['ask'] = (path, headers = {}, method = 'GET') =>
    new Promise((resolve, reject) => {
      const given = Object.fromEntries(
        Object.entries({ authorization: `Bearer ${token}`, ...headers }).filter(([, value]) => value !== undefined),
      ) as Record<string, string>;
      const asked = request({ host: '127.0.0.1', port, path, method, headers: given }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) }));
      });
      asked.on('error', reject).end();
    });
  return {
    program,
    port,
    token,
    base: `http://127.0.0.1:${port}`,
    ask,
    async get<T>(path: string) {
      const { status, json, text } = await ask(path);
      if (status !== 200) throw new Error(`${path}: ${status} ${text.slice(0, 300)}`);
      return json as T;
    },
    async stop() {
      program.child.kill('SIGTERM');
      expect((await program.finished).code).toBe(0);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page, or lines.
    return undefined;
  }
}

/** The report of a stored run, as the command prints it. */
export async function reportOf(home: string, run: string): Promise<unknown> {
  const { stdout, stderr } = await runProgram({
    file: commandFile,
    preload: 'none',
    args: ['report', run, '--json', '-'],
    env: { XDG_DATA_HOME: home },
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}
