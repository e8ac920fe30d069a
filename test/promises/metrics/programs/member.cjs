// One short member of a swarm: so many tasks with one LLM call each, then an ending. Arguments: calls, ending.
const { withTask } = require(process.env.API_DOOR);

const [calls, ending] = [Number(process.argv[2]), process.argv[3]];
// A kept connection may be closed by the provider in the moment in which a slow machine uses it again.
const ask = async (stream) => {
  const body = {
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'go' }],
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
  };
  const response = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer test', connection: 'close' },
    body: JSON.stringify(body),
  });
  await response.text();
};
const work = async (count) => {
  for (let index = 0; index < count; index++) await withTask('unit', () => ask(index % 2 === 1));
};

const endings = {
  return: () => undefined,
  exit: () => process.exit(0),
  fail: () => process.exit(1),
  throw: () => {
    throw new Error('a worker failed');
  },
  // The parent sends the signal.
  term: () => {
    process.send('ready');
    setInterval(() => undefined, 1_000);
  },
  // A task that lasts until the root has exported it once (500 ms to be told, 1 s to the next export), then one call
  // that may be lost.
  kill: async () => {
    await withTask('unit', async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_200));
      await ask(false);
    });
    process.kill(process.pid, 'SIGKILL');
  },
};

void work(calls).then(endings[ending]);
