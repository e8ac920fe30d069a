/**
 * Posts what is left while a process ends; a bundle of its own, so that only the HTTP client is loaded. Headers and
 * bodies come through stdin, because an argument is visible in `ps`.
 */
import { readFileSync, writeSync } from 'node:fs';
import { cancel, laterHeld } from '../config/originals.ts';
import { createTransport, isRetryable, type Answer } from '../otlp/post/index.ts';
import type { Job, Jobs, Said } from './exit-sender.ts';

const LINE_FEED = 10;

void main();

async function main(): Promise<void> {
  const input = readFileSync(0);
  const headEnd = input.indexOf(LINE_FEED);
  const { timeoutMs, jobs } = JSON.parse(input.toString('utf8', 0, headEnd)) as Jobs;
  // Our sockets do not keep a process alive; its parent does not wait longer than this either.
  const held = laterHeld(timeoutMs, () => undefined);
  const rows = new Map<string, Letter[]>();
  const last: Letter[] = [];
  let at = headEnd + 1;
  jobs.forEach((job, index) => {
    const letter = { ...job, index, body: input.subarray(at, (at += job.length)) };
    const { url } = job.target;
    if (job.isLast === true) last.push(letter);
    else rows.set(url, [...(rows.get(url) ?? []), letter]);
  });
  const areWhole = await Promise.all([...rows.values()].map((row) => send(row, timeoutMs)));
  if (last.length > 0 && areWhole.every(Boolean)) await send(last, timeoutMs);
  cancel(held);
}

interface Letter extends Job {
  readonly index: number;
  readonly body: Buffer;
}

/**
 * Sends what goes to one address over one connection and prints each answer at once, so that a timeout hides none.
 * Where nobody answers, the rest is not tried. Resolves with whether all was taken whole.
 */
async function send(row: readonly Letter[], timeoutMs: number): Promise<boolean> {
  const [first] = row;
  if (first === undefined) return true;
  const transport = createTransport({ ...first.target, url: new URL(first.target.url), isRetryable, isOff: false, timeoutMs });
  let isWhole = true;
  let failure: Answer | undefined;
  for (const { index, body } of row) {
    const answer = failure ?? (await transport.send(body));
    const said: Said = { index, answer };
    writeSync(1, `${JSON.stringify(said)}\n`);
    isWhole &&= answer.kind === 'taken' && answer.rejected === 0;
    if (answer.kind === 'retry' && !answer.reason.startsWith('http_')) failure = answer;
  }
  return isWhole;
}
