// A client and a server as the README of version 2 has them: over stdio, in a process of its own.
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

function makeServer() {
  const server = new McpServer({ name: 'dictionary', version: '1.0.0' });
  server.registerTool('translate', { description: 'translates', inputSchema: z.object({ word: z.string() }) }, async ({ word }) => {
    const answer = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: word }] }),
    });
    return { content: [{ type: 'text', text: (await answer.json()).choices[0].message.content }] };
  });
  server.registerTool('broken', { description: 'breaks' }, async () => ({ content: [{ type: 'text', text: 'no' }], isError: true }));
  return server;
}

if (process.argv[2] === 'server') await makeServer().connect(new StdioServerTransport());
else await main();

async function main() {
  const env = { ...process.env };
  await use(new StdioClientTransport({ command: process.execPath, args: [fileURLToPath(import.meta.url), 'server'], env }));
}

async function use(transport) {
  const client = new Client({ name: 'reader', version: '1.0.0' });
  await client.connect(transport);
  const say = (...what) => console.log(JSON.stringify(what));
  say((await client.listTools()).tools.map(({ name }) => name));
  say(await client.callTool({ name: 'translate', arguments: { word: 'river' } }));
  say((await client.callTool({ name: 'broken', arguments: {} })).isError);
  await client.close();
}
