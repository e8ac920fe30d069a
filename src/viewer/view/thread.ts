/** The thread that reads and analyses runs: a second of work for 50,000 spans, which the receiver of telemetry must not wait for. */
import { parentPort } from 'node:worker_threads';
import { Answers, type AnswerOptions } from './answers.ts';
import type { Question, Reply } from './thread-messages.ts';

/** Serves until the port is closed. */
export function serveAnswers(options: AnswerOptions): void {
  const answers = new Answers(options);
  const port = parentPort;
  port?.on('message', ({ number, ...asking }: Question) => {
    const { status, body } = answers.answer(asking);
    const bytes = new TextEncoder().encode(body);
    port.postMessage({ number, status, body: bytes } satisfies Reply, [bytes.buffer]);
    setImmediate(() => answers.settle());
  });
}
