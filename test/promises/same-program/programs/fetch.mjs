// fetch: headers and bodies both ways, streams, tee, an abort, a refusal, and what the objects look like.
import { createServer } from 'node:http';

const server = createServer((incoming, outgoing) => {
  if (incoming.url === '/slow') return void outgoing.write('first');
  incoming.setEncoding('utf8');
  let text = '';
  incoming.on('data', (part) => (text += part));
  incoming.on('end', () =>
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text, url: incoming.url })),
  );
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${server.address().port}`;

const said = await fetch(`${base}/echo`, { method: 'POST', body: 'hello', headers: { 'x-a': '1' } });
console.log(said.status, said.ok, said.headers.get('content-type'), await said.json());
const teed = await fetch(`${base}/v1/messages`, { method: 'POST', body: '{"model":"m","stream":true}' });
const [left, right] = teed.body.tee();
console.log(teed.bodyUsed, await new Response(left).text(), await new Response(right).text());
const controller = new AbortController();
const slow = await fetch(`${base}/slow`, { signal: controller.signal });
const reader = slow.body.getReader();
console.log(new TextDecoder().decode((await reader.read()).value));
controller.abort();
await reader.read().catch((error) => console.log(error.name, error.code, error.message));
await fetch('http://127.0.0.1:1/').catch((error) => console.log(error.name, error.message, error.cause.code));
console.log(
  fetch.name,
  fetch.length,
  Function.prototype.toString.call(fetch).length,
  Object.getOwnPropertyNames(Response.prototype).length,
);
server.closeAllConnections();
server.close(() => console.log('closed'));
