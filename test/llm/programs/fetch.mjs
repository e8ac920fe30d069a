// No SDK: Node's own fetch.
/* global AbortSignal, TextDecoderStream */
import { parameters, schema, TOOL } from './asked.mjs';

export async function open({ url, model, embedder, retries, limitMs }) {
  const post = async (path, body, signal = limitMs === undefined ? undefined : AbortSignal.timeout(limitMs)) => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer test' };
    for (let left = retries; ; left--) {
      const answer = await fetch(`${url}/v1${path}`, { method: 'POST', headers, body: JSON.stringify({ model, ...body }), signal });
      if (answer.ok) return answer;
      await answer.text();
      if (left === 0) throw new Error(`status ${answer.status}`);
    }
  };
  const said = (content) => ({ role: 'user', content });
  const messageOf = async (answer) => (await answer.json()).choices[0].message;
  const complete = async (messages, more = {}, signal = undefined) =>
    messageOf(await post('/chat/completions', { messages, ...more }, signal));
  return {
    ask: async (text, { signal } = {}) => (await complete([said(text)], {}, signal)).content,
    stream: async (text) => {
      const answer = await post('/chat/completions', { messages: [said(text)], stream: true, stream_options: { include_usage: true } });
      return pieces(answer.body.pipeThrough(new TextDecoderStream()));
    },
    async tools(text) {
      const tools = [{ type: 'function', function: { name: TOOL, description: 'Looks up.', parameters } }];
      const message = await complete([said(text)], { tools });
      const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'found' };
      return (await complete([said(text), message, result], { tools })).content;
    },
    async parse(text) {
      const format = { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };
      return JSON.parse((await complete([said(text)], { response_format: format })).content);
    },
    embed: async (input) => (await (await post('/embeddings', { model: embedder, input })).json()).data[0].embedding.length,
  };
}

async function* pieces(chunks) {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('data: {')) yield JSON.parse(line.slice(6)).choices[0]?.delta?.content ?? '';
    }
  }
}
