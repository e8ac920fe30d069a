// Real processes with real connections: which of them doctor calls unobserved, and to what it says they are connected.
import { createServer, type AddressInfo } from 'node:net';
import { copyFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { findUnobserved, type Question, type Unobserved } from '../../../src/cli/doctor/unobserved.ts';
import { PROVIDER_HOSTS } from '../../../src/gateway/index.ts';
import { isAtHome } from '../../../src/protocols/providers.ts';
import { closeAtEnd } from '../../harness/close-at-end.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram, startProgram } from '../../harness/index.ts';

const client = join(import.meta.dirname, 'programs/client.mjs');

let port: number;

beforeAll(async () => {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closeAtEnd(() => void server.close());
  ({ port } = server.address() as AddressInfo);
});

/** A process that is connected to that port. @returns its pid */
async function connected(env: Readonly<Record<string, string>> = {}, to = port): Promise<number> {
  const running = startProgram({ preload: 'none', file: client, args: ['127.0.0.1', String(to)], env });
  await running.printed(/connected/);
  return running.child.pid ?? 0;
}

async function toldOf(pid: number, question: Question): Promise<Unobserved | undefined> {
  return (await findUnobserved(question)).find((each) => each.pid === pid);
}

const nobody = { urls: [], resolve: () => Promise.resolve([]) };

describe('a process that is connected to', () => {
  test('an address of a provider is told with the name of its host', async () => {
    const urls = [`http://models.example:${port}/v1`, 'http://elsewhere.example'];
    const resolve = (host: string): Promise<string[]> => Promise.resolve(host === 'models.example' ? ['192.0.2.1', '127.0.0.1'] : []);
    const pid = await connected();
    expect(await toldOf(pid, { urls, resolve })).toEqual({ pid, program: 'node', to: [`models.example:${port}`] });
    expect(await toldOf(pid, { urls: [`http://models.example:${port + 1}`], resolve })).toBeUndefined();
  });

  test('what its own environment names as the base of a provider is told', async () => {
    const pid = await connected({ OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` });
    expect(await toldOf(pid, nobody)).toMatchObject({ to: [`127.0.0.1:${port}`] });
  });

  test('a server of models on this machine is told, and the server is not', async () => {
    const bin = freshFolder('bin');
    symlinkSync(process.execPath, join(bin, 'ollama'));
    copyFileSync(join(import.meta.dirname, 'programs/serve'), join(bin, 'serve'));
    const server = startProgram({ preload: 'none', command: join(bin, 'ollama'), args: ['serve'], cwd: bin });
    let text = '';
    server.child.stdout?.on('data', (more: string) => (text += more));
    await server.printed(/port \d+\./);
    const served = Number(/port (\d+)\./.exec(text)?.[1]);
    const pid = await connected({}, served);
    expect(await toldOf(pid, nobody)).toMatchObject({ to: [`127.0.0.1:${served}`] });
    expect(await toldOf(server.child.pid ?? 0, nobody)).toBeUndefined();
  });
});

describe('nothing is told of a process', () => {
  const urls = { urls: ['http://models.example'], resolve: () => Promise.resolve(['127.0.0.1']) };

  test('that belongs to a run', async () => {
    const env = { OPENAI_BASE_URL: `http://127.0.0.1:${port}` };
    const [inRun, outside] = [await connected({ ...env, SWARMSCOPE_RUN_ID: 'one' }), await connected(env)];
    const told = await findUnobserved(nobody);
    expect(told.map(({ pid }) => pid)).toContain(outside);
    expect(told.map(({ pid }) => pid)).not.toContain(inRun);
  });

  test('that observes itself', async () => {
    const pid = await connected({ OPENAI_BASE_URL: `http://127.0.0.1:${port}` });
    expect(await toldOf(pid, nobody)).toBeDefined();
    expect(await toldOf(pid, { ...nobody, observed: new Set([pid]) })).toBeUndefined();
  });

  test('that is connected to something else', async () => {
    expect(await toldOf(await connected(), urls)).toBeUndefined();
  });
});

test('a host is asked of the resolver only where somebody is connected to its port', async () => {
  await connected();
  const asked: string[] = [];
  const resolve = (host: string): Promise<string[]> => Promise.resolve([String(asked.push(host))]);
  await findUnobserved({ urls: [`http://near.example:${port}`, 'http://far.example:9'], resolve });
  expect(asked).toContain('near.example');
  expect(asked).not.toContain('far.example');
});

test('the command names it and says what to do', async () => {
  ensureBuilt();
  const pid = await connected({ ANTHROPIC_BASE_URL: `http://localhost:${port}` });
  const { stdout } = await runProgram({ preload: 'none', file: commandFile, args: ['doctor'] });
  expect(stdout).toContain(`node (pid ${pid}) is connected to localhost:${port} and belongs to no run`);
  expect(stdout).toContain('swarmscope run -- COMMAND');
});

test('each host that is asked for is that of a provider', () => {
  // A service that speaks OpenAI's protocol is at home at its host.
  const known = PROVIDER_HOSTS.filter((host) => isAtHome(host, { provider: 'openai' }));
  expect(known).toEqual(PROVIDER_HOSTS);
});
