/** Sends what is left at exit by a short-lived node (30 ms), since nothing asynchronous runs in an `exit` handler. */
import { basename, dirname, resolve } from 'node:path';
import type { Answer, Target } from '../otlp/post/index.ts';
import type { Payload } from './backlog.ts';

export interface Parcel {
  readonly target: Target;
  readonly payload: Payload;
  /** Sent after all others, and only if every one of them was taken whole; else not at all. */
  readonly isLast?: boolean;
}

export interface Sender {
  /** The text of `exit-sender.cjs`. */
  readonly program: string;
  /** Nothing but what node itself may need: a preload or a debugger port of the app must not start in the sender. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the program is told, as JSON. */
export interface Jobs {
  readonly timeoutMs: number;
  readonly jobs: readonly Job[];
}

export interface Job {
  readonly target: Omit<Target, 'url' | 'isRetryable' | 'isOff' | 'timeoutMs'> & { readonly url: string };
  /** Bytes of its body. */
  readonly length: number;
  readonly isLast: boolean | undefined;
}

/** What the program answers, one line each. */
export interface Said {
  readonly index: number;
  readonly answer: Answer;
}

/** Posts all parcels, blocking for at most `timeoutMs`; returns one answer per parcel, in order. Never throws. */
export function sendBlocking(parcels: readonly Parcel[], timeoutMs: number, sender: Sender | undefined): Answer[] {
  const answers: Answer[] = parcels.map(() => ({ kind: 'retry', reason: 'exit_timeout' }));
  const fail = (reason: string): Answer[] => parcels.map(() => ({ kind: 'retry', reason }));
  // A single-file application or Electron would start itself instead of a node.
  if (!/^node(js)?(\.exe)?$/i.test(basename(process.execPath))) return fail('no_node_at_exit');
  if (sender === undefined) return fail('no_sender_at_exit');
  try {
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    const timeout = Math.max(1, Math.floor(timeoutMs));
    const head: Jobs = { timeoutMs: timeout, jobs: parcels.map(jobOf) };
    const result = spawnSync(process.execPath, ['-e', sender.program], {
      input: Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...parcels.map(({ payload }) => payload.body)]),
      timeout,
      killSignal: 'SIGKILL',
      stdio: ['pipe', 'pipe', 'ignore'],
      // The folder the app stands in may be gone.
      cwd: dirname(process.execPath),
      // Our own hooks leave a child with this variable alone.
      env: { ...sender.environment, SWARMSCOPE_DISABLED: '1' },
      windowsHide: true,
    });
    const isTimeout = result.error !== undefined && 'code' in result.error && result.error.code === 'ETIMEDOUT';
    if (result.error !== undefined && !isTimeout) return fail('no_sender_at_exit');
    for (const line of result.stdout.toString('utf8').split('\n')) {
      if (line === '') continue;
      const { index, answer } = JSON.parse(line) as Said;
      answers[index] = answer;
    }
  } catch {
    // Child processes may be forbidden (permission model, seccomp).
    return fail('no_sender_at_exit');
  }
  return answers;
}

function jobOf({ target, payload, isLast }: Parcel): Job {
  const { signal, encoding, url, headers, isGzip, certificate, clientCertificate, clientKey } = target;
  // The sender stands in another folder.
  const pem = (file: string): string => (file === '' ? '' : resolve(file));
  return {
    target: {
      signal,
      encoding,
      url: url.href,
      headers,
      isGzip,
      certificate: pem(certificate),
      clientCertificate: pem(clientCertificate),
      clientKey: pem(clientKey),
    },
    length: payload.body.length,
    isLast,
  };
}
