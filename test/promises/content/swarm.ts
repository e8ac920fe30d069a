// A small swarm that says something secret in every place where a program can: SDKs, git, children, tasks, errors,
// headers, paths.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist, freshFolder, repository, startModels, type Models } from '../../harness/index.ts';
import { hatch, type Canaries } from './canaries.ts';

/** What is content everywhere, and with it on may be recorded. */
const CONTENT = [
  ...['prompt', 'system', 'answer', 'reasoning', 'toolDescription', 'toolParameter', 'toolArgument', 'toolResult', 'stopWord', 'userId'],
  ...['metadata', 'fileName', 'fileContent', 'folder', 'home', 'temporary', 'commitMessage', 'authorName', 'authorMail', 'remotePath'],
  ...[
    'commandArgument',
    'shellText',
    'environment',
    'ownEnvironment',
    'basePath',
    'baseQuery',
    'sdkError',
    'thrown',
    'uncaught',
    'gitError',
  ],
  ...['execError', 'exitMessage', 'agentPrompt', 'requestHeader', 'responseHeader', 'trailingArgument', 'aliasText', 'baggage'],
] as const;
/** What is never recorded, whatever is asked for. */
const CREDENTIALS = [
  ...['apiKey', 'bearer', 'cookie', 'httpPassword', 'remoteUser', 'remotePassword', 'remoteToken', 'extraHeader', 'tokenOption'],
  ...['otlpHeader', 'otlpPassword', 'otlpToken', 'proxyPassword'],
] as const;

export type Place = (typeof CONTENT)[number] | (typeof CREDENTIALS)[number];
export const credentialPlaces: readonly Place[] = CREDENTIALS;

export interface Stage {
  readonly canaries: Canaries<Place>;
  readonly models: Models;
  /** Where the swarm runs, below a folder with a name of its own. */
  readonly folder: string;
  readonly home: string;
  readonly program: string;
  /** What the run folder held just before the end. */
  readonly snapshot: string;
  readonly env: Readonly<Record<string, string>>;
}

const door = (name: string): string => JSON.stringify(join(dist, name));

const worker = `
import OpenAI from 'openai';
import { readFileSync } from 'node:fs';
import { withTask } from ${door('index.mjs')};
const c = JSON.parse(readFileSync(process.env.CANARIES, 'utf8'));
const client = new OpenAI({ baseURL: process.env.MODELS + '/v1', apiKey: c.apiKey, maxRetries: 0 });
await withTask({ type: 'work', id: 'w1' }, () => client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: c.prompt }] }));
await withTask('fail', async () => { throw new Error(c.thrown + ' at /' + c.folder, { cause: new Error(c.thrown) }); }).catch(() => {});
setTimeout(() => { throw new TypeError(c.uncaught); }, 10);
`;

const snapshot = `
import { cpSync, existsSync, lstatSync } from 'node:fs';
const from = process.env.SWARMSCOPE_RUN_DIR;
// git's own event files are read here and never leave: docs/privacy.md says so.
if (from !== undefined && existsSync(from)) cpSync(from, process.argv[2], { recursive: true, filter: (path) => !/\\/git$/.test(path) && !lstatSync(path).isSocket() });
`;

const app = `
import OpenAI from 'openai';
import Anthropic from '@anthropic-ai/sdk';
import PQueue from 'p-queue';
import { exec, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { withAgent, withBatch, withPhase, withRun, withTask, withTool, wait } from ${door('index.mjs')};
const c = JSON.parse(readFileSync(process.env.CANARIES, 'utf8'));
const base = process.env.MODELS;
const quiet = { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' };
const openai = new OpenAI({ baseURL: base + '/v1', apiKey: c.apiKey, maxRetries: 1, defaultQuery: { trace: c.baseQuery }, defaultHeaders: { 'x-note': c.requestHeader, cookie: 'id=' + c.cookie } });
const anthropic = new Anthropic({ baseURL: base, apiKey: c.apiKey, maxRetries: 0 });
const tools = [{ type: 'function', function: { name: 'read_file', description: c.toolDescription, parameters: { type: 'object', properties: { [c.toolParameter]: { type: 'string', description: c.toolParameter } } } } }];
const messages = [{ role: 'system', content: c.system }, { role: 'user', content: [{ type: 'text', text: c.prompt }] }];

async function talk() {
  const first = await openai.chat.completions.create({ model: 'gpt-4o', messages: [...messages, { role: 'user', content: 'use the tool' }], tools, stop: [c.stopWord], user: c.userId, metadata: { note: c.metadata } });
  const call = first.choices[0].message.tool_calls[0];
  await withTool({ name: 'read_file', callId: call.id }, async () => c.toolResult);
  await openai.chat.completions.create({ model: 'gpt-4o', messages: [...messages, first.choices[0].message, { role: 'tool', tool_call_id: call.id, content: c.toolResult }], tools });
  for await (const chunk of await openai.chat.completions.create({ model: 'gpt-4o', messages, stream: true })) void chunk;
  await anthropic.messages.create({ model: 'claude-sonnet-4-5', max_tokens: 50, system: c.system, messages: [{ role: 'user', content: c.prompt }], metadata: { user_id: c.userId }, stop_sequences: [c.stopWord] });
  for await (const event of anthropic.messages.stream({ model: 'claude-sonnet-4-5', max_tokens: 50, system: c.system, messages: [{ role: 'user', content: c.prompt }] })) void event;
}
async function fail() {
  await openai.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'fail please ' + c.prompt }] }).catch(() => {});
  await fetch(base + '/' + c.basePath + '/v1/chat/completions?key=' + c.apiKey, { method: 'POST', headers: { authorization: 'Bearer ' + c.bearer, 'content-type': 'application/json' }, body: JSON.stringify({ model: 'gpt-4o', messages }) }).then((answer) => answer.text());
  await fetch('http://127.0.0.1:1/' + c.basePath + '/v1/messages', { method: 'POST', body: JSON.stringify({ model: 'claude-x', messages }) }).catch(() => {});
  await fetch(base + '/v1/chat/completions', { method: 'POST', body: '{"model": "gpt-4o", "messages": [' + c.prompt }).then((answer) => answer.text());
  const { hostname, port } = new URL(base);
  await new Promise((done) => request({ hostname, port, auth: 'me:' + c.httpPassword, path: '/v1/messages?beta=' + c.baseQuery, method: 'POST', headers: { 'x-api-key': c.apiKey, 'content-type': 'application/json' } }, (answer) => answer.resume().on('end', done)).end(JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 5, messages: [{ role: 'user', content: c.prompt }] })));
  await withTask({ type: 'broken', id: 't9' }, async () => { const error = new RangeError(c.thrown); error.detail = c.thrown; error.code = 'E' + c.thrown + ' with words'; throw error; }).catch(() => {});
  await withTask({ type: 'broken', id: 't10' }, async () => { throw c.thrown; }).catch(() => {});
}
function git(args, cwd, env = {}) {
  return spawnSync('git', args, { cwd, ...quiet, env: { ...process.env, ...env } });
}
function commit() {
  const repository = join(process.cwd(), 'shop');
  mkdirSync(repository);
  git(['init', '-q'], repository);
  mkdirSync(join(repository, c.folder));
  writeFileSync(join(repository, c.folder, c.fileName + '.txt'), c.fileContent);
  git(['add', c.folder + '/' + c.fileName + '.txt'], repository);
  git(['-c', 'user.name=' + c.authorName, '-c', 'user.email=' + c.authorMail + '@example.com', 'commit', '-q', '-m', c.commitMessage], repository, { GIT_COMMITTER_NAME: c.authorName });
  git(['worktree', 'add', '-q', '-b', 'fix', join(process.cwd(), c.folder, 'tree')], repository);
  const url = 'http://' + c.remoteUser + ':' + c.remotePassword + '@127.0.0.1:1/' + c.remotePath + '.git?private_token=' + c.remoteToken;
  git(['remote', 'add', 'origin', url], repository);
  git(['-c', 'http.extraHeader=Authorization: Bearer ' + c.extraHeader, 'fetch', 'origin'], repository);
  git(['-c', 'http.extraHeader=AUTHORIZATION: basic ' + c.extraHeader, 'push', url, 'HEAD:refs/heads/fix'], repository);
  git(['clone', '-q', url, join(process.cwd(), c.folder, 'clone')], repository);
  git(['clone', '-q', 'git@127.0.0.1:' + c.remotePath + '.git', join(c.folder, 'clone2')], repository, { GIT_SSH_COMMAND: 'false ' + c.aliasText });
  git(['checkout', '--', c.gitError], repository);
  git(['log', '--author=' + c.authorName, '--grep', c.commitMessage], repository);
  git(['-c', 'alias.mine=!true ' + c.aliasText, 'mine', c.gitError], repository);
  git([c.gitError], repository);
  git(['-C', join(repository, c.gitError), 'status'], repository);
  execFileSync('git', ['status'], { cwd: join(process.cwd(), c.folder, 'tree'), ...quiet });
}
async function children() {
  const ends = (child) => new Promise((done) => child.on('error', done).on('close', done));
  await ends(spawn(process.execPath, ['worker.mjs', '--note=' + c.commandArgument, '--api-key', c.tokenOption, c.trailingArgument], { env: { ...process.env, CHILD_NOTE: c.environment, SECRET_TOKEN: c.tokenOption }, stdio: 'pipe' }));
  await ends(exec('echo ' + c.shellText + ' | cat > /dev/null; exit 3'));
  await ends(exec('curl --no-such-option "https://' + c.remoteUser + ':' + c.remotePassword + '@example.com/' + c.shellText + '"'));
  await ends(execFile('/' + c.execError + '/missing-tool', [c.commandArgument], () => {}));
  await ends(execFile('cat', [c.fileName], { cwd: c.folder }, () => {}));
  await ends(spawn('claude', ['-p', c.agentPrompt, '--append-system-prompt', c.system], { stdio: 'pipe' }));
  await ends(spawn(process.execPath, ['-e', 'console.error(' + JSON.stringify(c.exitMessage) + '); process.exit(4)'], { stdio: 'pipe' }));
}
mkdirSync(c.folder);
await withRun('shop', async () => {
  await withPhase('build', async () => {
    const queue = new PQueue({ concurrency: 2 });
    await queue.addAll([talk, () => withAgent('reviewer', () => withTask('review', talk))]);
  });
  await withBatch('repairs', fail);
  await wait('lock', async () => {});
  commit();
  await children();
});
execFileSync(process.execPath, ['snapshot.mjs', process.env.SNAPSHOT], { stdio: 'pipe' });
`;

/** Everything ready for one run of the swarm; `close` the models afterwards. */
export async function setStage(): Promise<Stage> {
  const canaries = hatch([...CONTENT, ...CREDENTIALS]);
  const root = freshFolder('stage');
  const folder = join(root, canaries.folder, 'work');
  const home = join(root, canaries.home);
  const temporary = join(root, canaries.temporary);
  const tools = join(root, 'bin');
  for (const made of [folder, home, temporary, tools]) mkdirSync(made, { recursive: true });
  const files = { 'app.mjs': app, 'worker.mjs': worker, 'snapshot.mjs': snapshot, 'canaries.json': JSON.stringify(canaries) };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(tools, 'claude'), '#!/bin/sh\necho "$2" >&2\nexit 1\n', { mode: 0o755 });
  const models = await startModels({ answersAll: false });
  answer(models, canaries);
  const snapshotFolder = join(root, 'snapshot');
  return {
    canaries,
    models,
    folder,
    home,
    program: join(folder, 'app.mjs'),
    snapshot: snapshotFolder,
    env: {
      HOME: home,
      TMPDIR: temporary,
      PATH: `${tools}:${process.env['PATH'] ?? ''}`,
      CANARIES: join(folder, 'canaries.json'),
      MODELS: models.url,
      SNAPSHOT: snapshotFolder,
      OWN_NOTE: canaries.ownEnvironment,
      GITHUB_TOKEN: canaries.tokenOption,
      HTTPS_PROXY: `http://me:${canaries.proxyPassword}@127.0.0.1:1`,
      NO_PROXY: '127.0.0.1,localhost',
      BAGGAGE: `note=${canaries.baggage}`,
      GIT_TERMINAL_PROMPT: '0',
      SWARMSCOPE_EXIT_TIMEOUT: '10000',
      // What the harness points into a home of its own.
      ...{ XDG_CACHE_HOME: '', XDG_STATE_HOME: '', XDG_DATA_HOME: '', XDG_CONFIG_HOME: '' },
    },
  };
}

function answer({ mock }: Models, { answer: text, reasoning, sdkError, toolArgument, prompt }: Canaries<Place>): void {
  mock.onMessage(/fail please/, { error: { message: sdkError, type: 'invalid_request_error', code: 'bad_request' }, status: 400 });
  mock.onMessage(/use the tool/, { toolCalls: [{ name: 'read_file', arguments: JSON.stringify({ path: toolArgument }), id: 'call_1' }] });
  mock.onToolResult('call_1', { content: text });
  mock.onMessage(new RegExp(prompt), { content: text, reasoning });
}
