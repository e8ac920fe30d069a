// A provider that offers HTTP/2 and HTTP/1.1 by ALPN: it streams as many pieces as the path says, each PACE_MS. Counts connections.
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';

const [key, cert] = process.argv.slice(2).map((file) => readFileSync(file));
const PACE_MS = 20;
const PIECE = `data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"word"}}]}\n\n`;
let connections = 0;

const server = createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
  if (request.url === '/connections') return void response.end(String(connections));
  request.resume();
  request.on('end', () => {
    let left = Number(request.url?.slice(1));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (left === 0) return void response.end(PIECE);
    const timer = setInterval(() => {
      response.write(PIECE);
      left -= 1;
      if (left > 0) return;
      clearInterval(timer);
      response.end();
    }, PACE_MS);
  });
});
server.on('secureConnection', () => (connections += 1));
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
