// What an app does with its LLM: one function per case, told by prompt to the mock. Uses only what real programs use.
const baseUrl = process.env.MOCK_URL;
const openaiTools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } }];
const anthropicTools = [{ name: 'get_weather', input_schema: { type: 'object', properties: {} } }];

const openaiRequest = (prompt, stream) => ({
  model: 'gpt-4o',
  temperature: 0.5,
  messages: [{ role: 'user', content: prompt }],
  ...(prompt === 'tools' ? { tools: openaiTools } : {}),
  ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
});

const anthropicRequest = (prompt, stream) => ({
  model: 'claude-sonnet-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: prompt }],
  ...(prompt === 'tools' ? { tools: anthropicTools } : {}),
  ...(stream ? { stream: true } : {}),
});

/** Each gives `send(prompt, {stream, signal})`: a promise of the answer, or of an async iterable of events. */
const clients = {
  openai: ({ OpenAI }, url) => {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'test', maxRetries: 1 });
    return (prompt, { stream, signal } = {}) => client.chat.completions.create(openaiRequest(prompt, stream), { signal });
  },
  anthropic: ({ Anthropic }, url) => {
    const client = new Anthropic({ baseURL: url, apiKey: 'test', maxRetries: 1 });
    return (prompt, { stream, signal } = {}) => client.messages.create(anthropicRequest(prompt, stream), { signal });
  },
  fetch:
    (_, url) =>
    async (prompt, { stream, signal } = {}) => {
      const body = JSON.stringify(openaiRequest(prompt, stream));
      const headers = { 'content-type': 'application/json', authorization: 'Bearer test' };
      const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body, signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return stream ? response.body : response.json();
    },
  http:
    (_, url) =>
    (prompt, { stream, signal } = {}) =>
      new Promise((resolve, reject) => {
        const http = require('node:http');
        const request = http.request(`${url}/v1/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          signal,
        });
        request.on('error', reject);
        request.on('response', async (response) => {
          if (response.statusCode >= 400) {
            response.resume();
            return reject(new Error(`status ${response.statusCode}`));
          }
          if (stream) return resolve(response);
          try {
            const chunks = [];
            for await (const chunk of response) chunks.push(chunk);
            resolve(JSON.parse(Buffer.concat(chunks).toString()));
          } catch (error) {
            reject(error);
          }
        });
        request.write(JSON.stringify(openaiRequest(prompt, stream)).slice(0, 10));
        request.end(JSON.stringify(openaiRequest(prompt, stream)).slice(10));
      }),
};

const drain = async (events) => {
  let count = 0;
  for await (const event of events) if (event !== undefined) count += 1;
  return count;
};

const cases = {
  plain: (send) => send('hello'),
  stream: async (send) => drain(await send('hello', { stream: true })),
  tools: async (send) => drain(await send('tools', { stream: true })),
  retried: (send) => send('limited'),
  failed: (send) => send('broken'),
  cut: async (send) => drain(await send('cut', { stream: true })),
  left: async (send) => {
    for await (const event of await send('slow', { stream: true })) if (event !== undefined) break;
  },
  aborted: async (send) => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await send('delayed', { signal: abort.signal });
  },
  refused: (send) => send('hello'),
};

/** Prints how it ended, as the app sees it. */
exports.main = async (sdks) => {
  const [, , clientName, caseName] = process.argv;
  const url = caseName === 'refused' ? process.env.REFUSING_URL : baseUrl;
  const send = clients[clientName](sdks, url);
  const run = () => cases[caseName](send);
  try {
    await (globalThis.testContext ? globalThis.testContext.run('caller', run) : run());
    console.log('ok');
  } catch (error) {
    console.log(`threw ${error.name}`);
  }
};
