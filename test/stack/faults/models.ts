// The model provider of the faulty swarms: the real aimock, which answers by the model that is asked for, and a gateway that adds a provider's headers.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startModels } from '../../harness/index.ts';

export interface FaultyModels {
  readonly env: Readonly<Record<string, string>>;
  /** As `env`, for those behind the gateway. */
  readonly gatewayEnv: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Of 128,000 that fit. */
const NEARLY_FULL = { prompt_tokens: 126_000, completion_tokens: 10, total_tokens: 126_010 };
const OVERFLOW_EVERY = 40;

export async function startFaultyModels(): Promise<FaultyModels> {
  const models = await startModels({ answersAll: false });
  let storm = 0;
  let long = 0;
  const { mock } = models;
  mock.on({ model: 'gpt-4o-mini' }, { content: 'pong' });
  mock.on({ model: 'gpt-4.1-nano' }, { content: 'pong' });
  mock.on({ model: 'gpt-4.1' }, () =>
    storm++ % 3 === 0
      ? { content: 'pong' }
      : { error: { message: 'Slow down.', code: 'rate_limit_exceeded' }, status: 429, retryAfter: 0.25 },
  );
  mock.on({ model: 'gpt-4.1-mini' }, { error: { message: 'We are sorry.', type: 'server_error' }, status: 500 });
  mock.on({ model: 'gpt-4o' }, { content: 'pong', usage: NEARLY_FULL });
  mock.on({ model: 'gpt-4-turbo' }, () =>
    long++ % OVERFLOW_EVERY === 1
      ? { error: { message: 'Too long.', type: 'invalid_request_error', code: 'context_length_exceeded' }, status: 400 }
      : { content: 'pong' },
  );
  const gateway = await startGateway(models.url);
  return {
    env: models.env,
    gatewayEnv: { ...models.env, OPENAI_BASE_URL: `${gateway.url}/v1` },
    async close() {
      await gateway.close();
      await models.close();
    },
  };
}

/** Passes everything on, and says how little is left of the rate limit: aimock says it of refusals only. */
async function startGateway(target: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      const answer = await fetch(`${target}${request.url ?? ''}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
        body,
      });
      response.writeHead(answer.status, {
        ...Object.fromEntries(answer.headers),
        'x-ratelimit-limit-tokens': '150000',
        'x-ratelimit-remaining-tokens': '4000',
      });
      response.end(await answer.text());
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
