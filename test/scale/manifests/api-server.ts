/** A real kube-apiserver with its etcd on loopback, and no more: no controller, scheduler or kubelet. */
import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stackBinary } from '../../../tools/stack-binaries.ts';
import { closeAtEnd, freshFolder } from '../../harness/index.ts';
import { freePorts } from '../../harness/free-ports.ts';
import type { KubeObject } from './objects.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** What kubectl would print as `Warning:`. */
  readonly warnings: readonly string[];
}

export interface ApiServer {
  /** Server-side apply with strict validation; with `isDryRun` everything but the writing happens, admission included. */
  apply(object: KubeObject, options?: { readonly isDryRun?: boolean }): Promise<Answer>;
  create(object: KubeObject, options?: { readonly isDryRun?: boolean }): Promise<Answer>;
  /** Resolves when the server knows the kind, as after its definition was applied. */
  knows(apiVersion: string, kind: string): Promise<void>;
}

interface Kind {
  readonly kind: string;
  readonly name: string;
  readonly namespaced: boolean;
}

/** How long a start may take on a machine that is busy otherwise. */
const START_LIMIT_MS = 300_000;

/** Starts both; they end with the test file. Throws with the server's log when it does not get ready. */
export async function startApiServer(): Promise<ApiServer> {
  const folder = freshFolder('kube');
  const [client = 0, peer = 0, port = 0] = await freePorts(3);
  const etcd = `http://127.0.0.1:${client}`;
  const peers = `http://127.0.0.1:${peer}`;
  start(folder, 'etcd', [
    `--data-dir=${join(folder, 'etcd')}`,
    ...[`--listen-client-urls=${etcd}`, `--advertise-client-urls=${etcd}`],
    ...[`--listen-peer-urls=${peers}`, `--initial-advertise-peer-urls=${peers}`, `--initial-cluster=default=${peers}`],
    // Nothing in it is worth the disk's time.
    '--unsafe-no-fsync',
  ]);
  const token = randomBytes(16).toString('hex');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const files = { 'signing.key': privateKey, 'signing.pub': publicKey, 'tokens.csv': `${token},admin,1,system:masters\n` };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const server = start(folder, 'kube-apiserver', [
    `--etcd-servers=${etcd}`,
    ...['--bind-address=127.0.0.1', `--secure-port=${port}`, `--cert-dir=${folder}`, `--token-auth-file=${join(folder, 'tokens.csv')}`],
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(folder, 'signing.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'signing.key')}`,
    ...['--service-cluster-ip-range=10.96.0.0/16', '--authorization-mode=RBAC', '--endpoint-reconciler-type=none'],
    // Nobody makes the accounts of namespaces.
    '--disable-admission-plugins=ServiceAccount',
  ]);

  const ask = (method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': type };
      const ca = readFileSync(join(folder, 'apiserver.crt'));
      const sent = request({ host: '127.0.0.1', port, path, method, headers, ca, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = answer.headers['content-type']?.includes('json') === true;
          const warning = answer.headers['warning'] ?? [];
          resolve({
            status: answer.statusCode ?? 0,
            body: isJson ? JSON.parse(text) : text,
            warnings: [warning].flat().filter((line) => line !== ''),
          });
        });
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });

  await until(
    async () => {
      if (server.exitCode !== null) throw new Error(`kube-apiserver ended:\n${logOf(folder, 'kube-apiserver')}`);
      return existsSync(join(folder, 'apiserver.crt')) && (await ask('GET', '/readyz')).status === 200;
    },
    `kube-apiserver is ready\n${logOf(folder, 'kube-apiserver')}`,
  );

  const groupPath = (apiVersion: string): string => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
  const kindOf = async (apiVersion: string, kind: string): Promise<Kind | undefined> => {
    const { body } = await ask('GET', groupPath(apiVersion));
    const { resources = [] } = body as { resources?: Kind[] };
    return resources.find((each) => each.kind === kind && !each.name.includes('/'));
  };
  const collection = async ({ apiVersion, kind, metadata }: KubeObject): Promise<string> => {
    const known = await kindOf(apiVersion, kind);
    if (known === undefined) throw new Error(`the server knows no ${kind} of ${apiVersion}`);
    const inNamespace = known.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
    return `${groupPath(apiVersion)}${inNamespace}/${known.name}`;
  };
  const query = (isDryRun: boolean): string => `fieldManager=test&fieldValidation=Strict${isDryRun ? '&dryRun=All' : ''}`;
  return {
    apply: async (object, { isDryRun = false } = {}) =>
      ask(
        'PATCH',
        `${await collection(object)}/${object.metadata.name}?force=true&${query(isDryRun)}`,
        object,
        'application/apply-patch+yaml',
      ),
    create: async (object, { isDryRun = false } = {}) => ask('POST', `${await collection(object)}?${query(isDryRun)}`, object),
    knows: (apiVersion, kind) => until(async () => (await kindOf(apiVersion, kind)) !== undefined, `the server knows ${kind}`),
  };
}

function start(folder: string, name: 'etcd' | 'kube-apiserver', args: readonly string[]): ChildProcess {
  const log = openSync(join(folder, `${name}.log`), 'w');
  const child = spawn(stackBinary(name), args, { stdio: ['ignore', log, log], cwd: folder });
  closeAtEnd(
    () =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  );
  return child;
}

function logOf(folder: string, name: string): string {
  return readFileSync(join(folder, `${name}.log`), 'utf8').slice(-3_000);
}

/** Polls, because neither program tells when it is ready. */
export async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  const endMs = performance.now() + START_LIMIT_MS;
  let last: unknown;
  while (performance.now() < endMs) {
    try {
      if (await isTrue()) return;
    } catch (error) {
      // ECONNREFUSED until it listens.
      last = error;
      if (error instanceof Error && error.message.includes('ended:')) throw error;
    }
    await pause(250);
  }
  throw new Error(`waited in vain: ${what}`, { cause: last });
}
