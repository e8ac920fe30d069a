/**
 * Sends what is left while the process is ending: nothing asynchronous runs in an `exit` handler, so a short-lived node posts the
 * bytes (30 ms, paid only when something is pending).
 */
import { basename, dirname } from 'node:path';
import { readFileSync } from 'node:fs';
import { readAnswer, type Answer, type Target } from '../otlp/post/index.ts';
import type { Payload } from './backlog.ts';

export interface Parcel {
  readonly target: Target;
  readonly payload: Payload;
  /** Sent after all others, and only if every one of them was taken whole; else not at all. */
  readonly isLast?: boolean;
}

/** Answers are a few bytes each; the child keeps at most this much of a body. */
const MAX_ANSWER_BYTES = 4_096;

/**
 * Runs in the child: reads a line of JSON and the bodies from stdin, posts them (one connection at a time per target), and writes one
 * line per answer at once, so that what was sent before a timeout is known. Headers come by stdin: an argument is visible in `ps`.
 * An answer has a body where something was rejected or warned of; a collector says `{"partialSuccess":{}}`, in protobuf two bytes.
 */
const PROGRAM = `
const fs = require('node:fs');
const input = fs.readFileSync(0);
const end = input.indexOf(10);
const jobs = JSON.parse(input.toString('utf8', 0, end));
let at = end + 1;
const rows = new Map();
let open = 0;
let isAllTaken = true;
jobs.forEach((job, index) => {
  job.index = index; job.body = input.subarray(at, at += job.length);
  if (job.isGzip) { job.body = require('node:zlib').gzipSync(job.body, { level: 1 }); job.headers['content-encoding'] = 'gzip'; }
  const key = job.isLast ? '' : job.url; rows.set(key, [...(rows.get(key) ?? []), job]);
});
const say = (job, answer) => fs.writeSync(1, JSON.stringify({ index: job.index, ...answer }) + '\\n');
const isWhole = (status, body) => status >= 200 && status < 300 && (body.length <= 2 || body.toString() === '{"partialSuccess":{}}');
const last = () => { const row = rows.get(''); if (--open === 0 && isAllTaken && row !== undefined) post(row); };
function post(row) {
  const job = row.shift();
  if (job === undefined) return last();
  const { request, Agent } = require(job.url.startsWith('https:') ? 'node:https' : 'node:http');
  row.agent ??= new Agent({ keepAlive: true, maxSockets: 1 });
  const done = (answer, isTaken) => {
    say(job, answer); isAllTaken = isAllTaken && isTaken;
    answer.error === undefined ? post(row) : row.forEach((other) => say(other, answer));
  };
  const req = request(job.url, { method: 'POST', agent: row.agent, headers: { ...job.headers, 'content-length': job.body.length }, ca: job.ca, cert: job.cert, key: job.key }, (res) => {
    const parts = [];
    res.on('data', (part) => parts.push(part));
    res.on('end', () => {
      const body = Buffer.concat(parts).subarray(0, ${MAX_ANSWER_BYTES});
      done({ status: res.statusCode, headers: { 'retry-after': res.headers['retry-after'] }, body: body.toString('base64') }, isWhole(res.statusCode, body));
    });
  });
  req.on('error', (error) => done({ error: error.code ?? error.errors?.[0]?.code ?? 'connection_error' }, false));
  req.end(job.body);
}
for (const [key, row] of rows) if (key !== '') { open++; post(row); }
process.on('beforeExit', () => process.exit());
`;

/**
 * Posts all parcels, blocking for at most `timeoutMs`; returns one answer per parcel, in order. Never throws. `environment` is
 * nothing but what node itself may need: a preload or a debugger port of the app must not start in the sender.
 */
export function sendBlocking(parcels: readonly Parcel[], timeoutMs: number, environment: Readonly<Record<string, string>>): Answer[] {
  const answers: Answer[] = parcels.map(() => ({ kind: 'retry', reason: 'exit_timeout' }));
  const fail = (reason: string): Answer[] => parcels.map(() => ({ kind: 'retry', reason }));
  // A single-file application or Electron would start itself instead of a node.
  if (!/^node(js)?(\.exe)?$/i.test(basename(process.execPath))) return fail('no_node_at_exit');
  try {
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    const head = parcels.map(describe);
    const input = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...parcels.map(({ payload }) => payload.body)]);
    const result = spawnSync(process.execPath, ['-e', PROGRAM], {
      input,
      timeout: Math.max(1, Math.floor(timeoutMs)),
      killSignal: 'SIGKILL',
      stdio: ['pipe', 'pipe', 'ignore'],
      // The folder the app stands in may be gone.
      cwd: dirname(process.execPath),
      // Our own hooks leave a child with this variable alone.
      env: { ...environment, SWARMSCOPE_DISABLED: '1' },
      windowsHide: true,
    });
    const isTimeout = result.error !== undefined && 'code' in result.error && result.error.code === 'ETIMEDOUT';
    if (result.error !== undefined && !isTimeout) return fail('no_sender_at_exit');
    for (const line of result.stdout.toString('utf8').split('\n')) readLine(line, parcels, answers);
  } catch {
    // Child processes may be forbidden (permission model, seccomp).
    return fail('no_sender_at_exit');
  }
  return answers;
}

function describe({ target, payload, isLast }: Parcel): object {
  const pem = (file: string): string | undefined => (file === '' ? undefined : readFileSync(file, 'utf8'));
  const { url, headers, isGzip, certificate, clientCertificate, clientKey } = target;
  return {
    url: url.href,
    headers,
    isGzip,
    length: payload.body.length,
    isLast,
    ca: pem(certificate),
    cert: pem(clientCertificate),
    key: pem(clientKey),
  };
}

function readLine(line: string, parcels: readonly Parcel[], answers: Answer[]): void {
  if (line === '') return;
  const said = JSON.parse(line) as { index: number; status?: number; headers?: Record<string, string>; body?: string; error?: string };
  const parcel = parcels[said.index];
  if (parcel === undefined) return;
  if (said.status === undefined) answers[said.index] = { kind: 'retry', reason: said.error ?? 'connection_error' };
  else
    answers[said.index] = readAnswer(
      { status: said.status, headers: said.headers ?? {}, body: Buffer.from(said.body ?? '', 'base64') },
      parcel.target,
    );
}
