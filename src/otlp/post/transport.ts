/** Sends one encoded request of one signal and says what became of it. */
import { readAnswer, type Answer } from './answer.ts';
import { ConnectionError, HttpClient } from './http-client.ts';
import type { HttpResponse } from './http-response.ts';
import type { Target } from './target.ts';

export interface Transport {
  readonly target: Target;
  /** Never rejects. */
  send(body: Buffer): Promise<Answer>;
  /** Blocks for the answer to what is being sent; undefined where it has not left whole or is unknown. Never throws. */
  answerSync(timeoutMs: number): Answer | undefined;
  /** Closes the connection; a request on the wire goes on. */
  close(): void;
  /** Closes the connection under the request on the wire, too. */
  abort(): void;
}

export function createTransport(target: Target): Transport {
  const client = new HttpClient(target.isGzip ? { ...target, headers: { ...target.headers, 'content-encoding': 'gzip' } } : target);
  const read = (response: HttpResponse): Answer => readAnswer(response, target);
  return {
    target,
    async send(body) {
      try {
        return read(await client.post(target.isGzip ? await gzip(body) : body, target.timeoutMs));
      } catch (error) {
        return unanswered(error);
      }
    },
    answerSync(timeoutMs) {
      try {
        const response = client.answerSync(timeoutMs);
        return response === undefined ? undefined : read(response);
      } catch (error) {
        return unanswered(error);
      }
    },
    close: () => client.close(),
    abort: () => client.abort(),
  };
}

const unanswered = (error: unknown): Answer => ({ kind: 'retry', reason: error instanceof ConnectionError ? error.code : 'internal' });

function gzip(body: Buffer): Promise<Buffer> {
  // Loaded with the first compressed request: most processes send none.
  const { gzip: compress } = process.getBuiltinModule('node:zlib');
  return new Promise((resolve, reject) => {
    compress(body, { level: 1 }, (error, result) => (error === null ? resolve(result) : reject(error)));
  });
}
