// Google's SDK for Gemini.
import { parameters, schema, TOOL } from './asked.mjs';

export async function open({ packages: [name], url, model, embedder, retries, limitMs }) {
  const { GoogleGenAI } = await import(name);
  const client = new GoogleGenAI({
    apiKey: 'test',
    httpOptions: {
      baseUrl: url,
      apiVersion: 'v1beta',
      ...(limitMs && { timeout: limitMs }),
      ...(retries > 0 && { retryOptions: { attempts: retries + 1 } }),
    },
  });
  const said = (text) => ({ role: 'user', parts: [{ text }] });
  const generate = (contents, config = {}) => client.models.generateContent({ model, contents, config });
  return {
    ask: async (text, { signal } = {}) => (await generate([said(text)], { abortSignal: signal })).text,
    stream: async (text, { signal } = {}) =>
      pieces(await client.models.generateContentStream({ model, contents: [said(text)], config: { abortSignal: signal } })),
    async tools(text) {
      const config = { tools: [{ functionDeclarations: [{ name: TOOL, description: 'Looks up.', parametersJsonSchema: parameters }] }] };
      const asked = await generate([said(text)], config);
      const result = { role: 'user', parts: [{ functionResponse: { name: TOOL, response: { output: 'found' } } }] };
      return (await generate([said(text), asked.candidates[0].content, result], config)).text;
    },
    parse: async (text) =>
      JSON.parse((await generate([said(text)], { responseMimeType: 'application/json', responseJsonSchema: schema })).text),
    embed: async (text) => (await client.models.embedContent({ model: embedder, contents: text })).embeddings[0].values.length,
  };
}

async function* pieces(stream) {
  for await (const part of stream) yield part.text ?? '';
}
