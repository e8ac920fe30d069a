// One call by each client, refused twice: the client, or the program around it, asks again. Each call is a task.
const { withTask } = await import(process.env.API);
const base = `${process.env.SCRIPTED_URL}/refused-twice`;
const messages = [{ role: 'user', content: 'hello' }];
const PAUSE_MS = 5;
const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
const request = (model) => ({ model, messages });

const openai = async (name) => {
  const { default: OpenAI } = await import(name);
  const client = new OpenAI({ apiKey: 'test', baseURL: `${base}/${name}/v1`, maxRetries: 2, logLevel: 'off' });
  return client.chat.completions.create(request('gpt-4o'));
};
const anthropic = async (name) => {
  const { default: Anthropic } = await import(name);
  const client = new Anthropic({ apiKey: 'test', baseURL: `${base}/${name}`, maxRetries: 2, logLevel: 'off' });
  return client.messages.create({ ...request('claude-test'), max_tokens: 9 });
};
const post = (name, body) =>
  fetch(`${base}/${name}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const clients = {
  openai4: openai,
  openai5: openai,
  openai6: openai,
  openai7: openai,
  anthropic0: anthropic,
  'anthropic0-latest': anthropic,
  anthropic1: anthropic,
  async ai(name) {
    const [{ generateText }, { createOpenAI }] = await Promise.all([import('ai'), import('@ai-sdk/openai')]);
    globalThis.AI_SDK_LOG_WARNINGS = false;
    return generateText({ model: createOpenAI({ apiKey: 'test', baseURL: `${base}/${name}/v1` }).chat('gpt-4o'), prompt: 'hello' });
  },
  async axios(name) {
    const { default: axios } = await import('axios');
    for (;;) {
      const { status } = await axios.post(`${base}/${name}/v1/chat/completions`, request('gpt-4o'), { validateStatus: () => true });
      if (status === 200) return;
      await pause();
    }
  },
  async got(name) {
    const { default: got } = await import('got');
    await got.post(`${base}/${name}/v1/chat/completions`, {
      json: request('gpt-4o'),
      retry: { methods: ['POST'], limit: 2, statusCodes: [503, 529], calculateDelay: ({ computedValue }) => computedValue && PAUSE_MS },
    });
  },
  async ky(name) {
    const { default: ky } = await import('ky');
    const codes = { statusCodes: [503, 529], afterStatusCodes: [] };
    await ky.post(`${base}/${name}/v1/chat/completions`, {
      json: request('gpt-4o'),
      retry: { methods: ['post'], limit: 2, ...codes, delay: () => PAUSE_MS },
    });
  },
  async fetch(name) {
    while ((await post(name, request('gpt-4o'))).status !== 200) await pause();
  },
  async fallback(name) {
    for (const model of ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1']) {
      const response = await post(name, request(model));
      await response.text();
      if (response.ok) return;
      await pause();
    }
  },
};

for (const [name, ask] of Object.entries(clients)) await withTask(name, () => ask(name));
