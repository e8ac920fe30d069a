// Posts a load as senders do: some requests at a time, refused ones again when the receiver asks for it.
import { Agent, request as requestHttp } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Load, LoadRequest, Signal } from './load.ts';

export interface SendOptions {
  /** OTLP/HTTP base URL. */
  readonly endpoint: string;
  /** Requests in flight; default 4. */
  readonly concurrency?: number;
  /** Posts of one request, the first included; default 1: what is refused is the caller's to see. */
  readonly attempts?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Sent {
  /** Items that were taken. */
  readonly taken: Readonly<Record<Signal, number>>;
  /** Answers by status; 0 is no answer at all. */
  readonly statuses: ReadonlyMap<number, number>;
  /** What was not taken. */
  readonly refused: readonly LoadRequest[];
}

const RETRYABLE = new Set([0, 429, 502, 503, 504]);
const PAUSE_MS = 500;

export async function sendLoad({ requests }: Pick<Load, 'requests'>, options: SendOptions): Promise<Sent> {
  const { endpoint, concurrency = 4, attempts = 1, headers = {} } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const taken = { traces: 0, metrics: 0, logs: 0 };
  const statuses = new Map<number, number>();
  const refused: LoadRequest[] = [];
  const waiting = [...requests];
  const post = async (one: LoadRequest): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      const status = await postOnce({ url: `${endpoint}/v1/${one.signal}`, body: one.body, headers, agent });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 200 && status < 300) taken[one.signal] += one.items;
      else if (RETRYABLE.has(status) && attempt < attempts) {
        await wait(PAUSE_MS);
        continue;
      } else refused.push(one);
      return;
    }
  };
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await post(next);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  agent.destroy();
  return { taken, statuses, refused };
}

interface Post {
  readonly url: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
}

/** The status; 0 when there was no answer. */
function postOnce({ url, body, headers, agent }: Post): Promise<number> {
  return new Promise((resolve) => {
    const request = requestHttp(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length, ...headers },
    });
    request.on('error', () => resolve(0));
    request.on('response', (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', () => resolve(0));
    });
    request.end(body);
  });
}
