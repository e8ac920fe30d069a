/** Runs of real processes: totals, deaths, neighbours. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';

const built = mkdtempSync(join(tmpdir(), 'swr-built-'));
const PROGRAM = join(built, 'run.mjs');
// Bundled, because 200 starts that each strip the types of a dozen files take minutes.
beforeAll(() =>
  build({
    entryPoints: [join(__dirname, 'programs', 'run.ts')],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  }),
);
afterAll(() => rmSync(built, { recursive: true, force: true }));

/** A real process of a run that does what it is told. */
class Program {
  readonly child: ChildProcess;
  readonly #lines: Interface;

  constructor(environment: Record<string, string>, tokens: number) {
    const { PATH } = process.env;
    this.child = spawn(process.execPath, [PROGRAM, String(tokens)], {
      env: { PATH, TMPDIR: folder, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.child.stdout! });
  }

  async ask<T>(command: string): Promise<T> {
    const line = once(this.#lines, 'line') as Promise<[string]>;
    this.child.stdin!.write(`${command}\n`);
    return JSON.parse((await line)[0]) as T;
  }

  /** Asks until `isAnswer`; each question is a turn of both processes. */
  async askUntil<T>(command: string, isAnswer: (answer: T) => boolean): Promise<T> {
    for (;;) {
      const answer = await this.ask<T>(command);
      if (isAnswer(answer)) return answer;
    }
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.stdin!.write('end\n');
    await exit;
  }

  async kill(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }
}

interface Role {
  role: string;
  runId: string;
  folder: string | null;
  environment: Record<string, string>;
  members: number;
}

interface Totals {
  tokens: number;
  alive: number;
}

let folder = '';
let programs: Program[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swr-'));
  programs = [];
});
afterEach(async () => {
  await Promise.all(programs.map((program) => program.end()));
  rmSync(folder, { recursive: true, force: true });
});

function start(environment: Record<string, string> = {}, tokens = 0): Program {
  const program = new Program(environment, tokens);
  programs.push(program);
  return program;
}

describe('a run of several processes', () => {
  test('the first is the root, the next a member, and their counters add up', async () => {
    const root = start({}, 10);
    const { role, runId, environment } = await root.ask<Role>('role');
    expect(role).toBe('root');
    const member = start(environment, 5);
    expect(await member.ask<Role>('role')).toMatchObject({ role: 'member', runId, environment });
    expect(await member.ask('offer')).toBeNull();
    expect(await root.askUntil<Totals>('offer', ({ alive }) => alive === 2)).toEqual({ tokens: 15, alive: 2 });
  });

  test('200 short processes give the exact total, though each writes its final twice', async () => {
    const root = start({}, 0);
    await root.ask('swarm 200');
    expect(await root.ask('offer')).toEqual({ tokens: 1_400, alive: 1 });
    expect(await root.ask('last')).toEqual({ tokens: 1_400, alive: 1 });
  });

  test('a killed member keeps what it had told, and is no longer counted as alive', async () => {
    const root = start({}, 1);
    const member = start((await root.ask<Role>('role')).environment, 5);
    await member.ask('offer');
    await root.askUntil<Totals>('offer', ({ alive }) => alive === 2);
    await member.kill();
    expect(await root.askUntil<Totals>('offer', ({ alive }) => alive === 1)).toEqual({ tokens: 6, alive: 1 });
  });

  test('when the root is killed its members write what it had not exported', async () => {
    const root = start({}, 1);
    const { environment } = await root.ask<Role>('role');
    const member = start(environment, 5);
    await member.ask('offer');
    await root.askUntil<Totals>('offer', ({ alive }) => alive === 2);
    // Answers of the root that are on the way arrive before the next question is read.
    await member.ask('role');
    await member.ask('add 3');
    await root.kill();
    expect(await member.askUntil<Totals | null>('offer', (totals) => totals !== null)).toEqual({ tokens: 3, alive: 1 });
    // To its own children it is the root now, so that they do not each become one.
    const { role, folder: own } = await member.ask<Role>('role');
    expect(role).toBe('root');
    expect(own).not.toBe(environment['SWARMSCOPE_RUN_DIR']);
  });

  test('the final of a member whose root took its last look is its own to write', async () => {
    const root = start({}, 1);
    const member = start((await root.ask<Role>('role')).environment, 5);
    await root.ask('last');
    expect(await member.ask('last')).toEqual({ tokens: 5, alive: 1 });
  });

  test('two runs beside each other do not meet', async () => {
    const [one, two] = [start({}, 1), start({}, 2)];
    const [first, second] = [await one.ask<Role>('role'), await two.ask<Role>('role')];
    expect(first.folder).not.toBe(second.folder);
    const member = start(second.environment, 5);
    await member.ask('last');
    expect(await two.ask('offer')).toEqual({ tokens: 7, alive: 1 });
    expect(await one.ask('offer')).toEqual({ tokens: 1, alive: 1 });
  });

  test('a process that was told of a run whose root is dead starts its own', async () => {
    const root = start({}, 1);
    const { environment, folder: left } = await root.ask<Role>('role');
    await root.kill();
    const next = start(environment, 5);
    const { role, folder: own } = await next.ask<Role>('role');
    expect(role).toBe('root');
    expect(own).not.toBe(left);
    expect(existsSync(left!)).toBe(false);
  });

  test('a root that ends leaves no folder', async () => {
    const root = start({}, 1);
    await root.ask('role');
    await root.end();
    expect(readdirSync(join(folder, readdirSync(folder)[0]!))).toEqual([]);
  });
});
