// A client and a server as the README of version 1 has them: over stdio in a process of its own, then over HTTP in this one.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

function makeServer() {
  const server = new McpServer({ name: 'dictionary', version: '1.0.0' });
  server.registerTool('translate', { description: 'translates', inputSchema: { word: z.string() } }, async ({ word }) => {
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
  const http = createServer(async (request, response) => {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await makeServer().connect(transport);
    await transport.handleRequest(request, response);
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  await use(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${http.address().port}/mcp`)));
  http.close();
  http.closeAllConnections();
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
