// Makes the calls of each mode of the matrix with the SDK of one row, and prints what the program got.
// argv: the row as JSON: { sdk, packages, model, embedder, control, urls: { mode: url } }
import { get } from 'node:http';
import { setTimeout } from 'node:timers/promises';

const row = JSON.parse(process.argv[2]);
const { open } = await import(`./${row.sdk}.mjs`);
const LIMIT_MS = 2000;
const LET_GO_MS = 500;

const whole = async (pieces) => {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
};
/** The first piece that has a text, and no more is read. Some SDKs wait for the next piece before they let go of a stream. */
const first = async (pieces) => {
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    if (next.value === '') continue;
    await Promise.race([pieces.return(), setTimeout(LET_GO_MS)]);
    return 'left';
  }
  return 'nothing to leave';
};
/** Resolves when the server holds a request of this mode (`aborted`), or has dropped what that mode left open (`done/aborted`). */
const arrived = (what) =>
  new Promise((resolve, reject) => {
    const asking = get(`${row.control}/${what}`, (answer) => answer.resume().on('end', resolve)).on('error', reject);
    // A program that sends nothing ends nevertheless.
    if (!what.startsWith('done/')) asking.on('socket', (socket) => socket.unref());
  });

const modes = {
  plain: (client) => client.ask('hello'),
  stream: (client) => client.stream('hello').then(whole),
  tools: (client) => client.tools('use a tool'),
  parse: (client) => client.parse('answer as json'),
  embeddings: async (client) => (await client.embed('hello')) > 0,
  /** Some SDKs go on reading after a loop is left, unless they are told to stop. */
  left: async (client) => {
    const controller = new AbortController();
    const left = await first(await client.stream('leave', { signal: controller.signal }));
    controller.abort();
    return left;
  },
  aborted: async (client) => {
    const controller = new AbortController();
    const asked = client.ask('abort', { signal: controller.signal });
    void arrived('aborted').then(() => controller.abort());
    return asked;
  },
  timeout: (client) => client.ask('be slow', { limitMs: LIMIT_MS }),
  cut: (client) => client.stream('cut').then(whole),
  error: (client) => client.ask('fail'),
  retry: (client) => client.ask('try again', { retries: 1 }),
};

const told = {};
for (const [mode, url] of Object.entries(row.urls)) {
  const settings = { ...row, url, retries: mode === 'retry' ? 1 : 0, ...(mode === 'timeout' ? { limitMs: LIMIT_MS } : {}) };
  try {
    const client = await open(settings);
    told[mode] = await modes[mode](client);
    await client.close?.();
  } catch (error) {
    told[mode] = { threw: error?.constructor?.name ?? String(error), message: String(error?.message) };
  }
  await arrived(`done/${mode}`);
}
console.log(JSON.stringify(told));
// Some SDKs leave a timer behind, of minutes, for a call that was aborted.
if (row.exits) process.exit();
