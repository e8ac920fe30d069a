// Makes LLM calls with the real SDK when told to, and tells the CPU it has used so far. `BENCH_BARE` adds a
// hand-written span to each. Told to count, it tells the characters that went into `JSON.parse` instead.
import { createRequire } from 'node:module';
import { bareRecorder, describe } from './bare.mjs';
import { history, messages } from './conversation.mjs';

const url = process.env.BENCH_URL;
/** The copy of the client beside a peer, else that of the repository. */
const { OpenAI } = createRequire(process.env.BENCH_PEER ? `${process.env.BENCH_PEER}/program.cjs` : import.meta.url)('openai');
/** A peer without a preload is given the client. */
const observed = globalThis.observeClient ?? ((client) => client);
const clientOf = (prefix) => observed(new OpenAI({ baseURL: `${url}${prefix}/v1`, apiKey: 'bench', maxRetries: 0 }));
const clients = {
  plain: clientOf(''),
  history: clientOf(''),
  large: clientOf('/large'),
  stream200: clientOf('/chunks/200'),
  stream2000: clientOf('/chunks/2000'),
};
const record = process.env.BENCH_BARE === '1' ? await bareRecorder(url) : (name, fn) => fn(undefined);

async function call(kind) {
  return record('chat gpt-4o', async (span) => {
    const client = clients[kind];
    const body = { model: 'gpt-4o', messages: kind === 'history' ? history : messages, temperature: 0.2, max_tokens: 500 };
    if (!kind.startsWith('stream')) return describe(span, await client.chat.completions.create(body));
    let last;
    for await (const chunk of await client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } }))
      last = chunk;
    return describe(span, last);
  });
}

/** Characters parsed during one call, the SDK's own included; `count-parse.cjs` counts them. */
async function parsedIn(kind) {
  const before = globalThis.parsedCharacters;
  await call(kind);
  return globalThis.parsedCharacters - before;
}

process.on('message', async ({ kind, count, lanes, isCounted }) => {
  if (isCounted) return process.send({ parsed: await parsedIn(kind) });
  let left = count;
  const lane = async () => {
    while (left-- > 0) await call(kind);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const { user, system } = process.cpuUsage();
  process.send({ cpuUs: user + system });
});
process.send({ isReady: true });
