/** A program that holds sessions over WebSockets, each of which ends in another way; the last one is open when the process ends. */
import type { Models } from '../../harness/index.ts';

export const sessions = (models: Models): string => `
const http = require('node:http');
const server = http.createServer();
server.on('upgrade', (request, socket) => {
  socket.on('error', () => {});
  if (request.url.includes('refused')) return socket.end('HTTP/1.1 401 Unauthorized\\r\\ncontent-length: 0\\r\\n\\r\\n');
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nupgrade: websocket\\r\\nconnection: upgrade\\r\\n\\r\\n');
  if (request.url.includes('cut')) socket.once('data', () => socket.destroy());
});
const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
const open = (model, then) => new Promise((resolve) => {
  const request = http.request({ port: server.address().port, path: '/v1/responses?model=' + model, headers: upgrade, agent: false });
  request.on('upgrade', (response, socket) => { socket.on('close', resolve); socket.on('error', () => {}); socket.resume(); then(socket); });
  request.on('response', (response) => { response.resume(); resolve(); });
  request.on('error', resolve);
  request.end();
});
const whole = () => new Promise((resolve) => {
  const socket = new WebSocket(${JSON.stringify(models.url)}.replace('http', 'ws') + '/v1/responses');
  socket.onopen = () => socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-5', input: 'hi' }));
  socket.onmessage = ({ data }) => { if (JSON.parse(data).type === 'response.completed') socket.close(1000); };
  socket.onclose = resolve;
});
server.listen(0, async () => {
  await whole();
  await open('refused', () => {});
  // The server breaks off once it has heard something: a ping.
  await open('cut', (socket) => socket.write(Buffer.from('898000000000', 'hex')));
  await open('left', (socket) => socket.destroy());
  open('exit', () => setImmediate(() => process.exit()));
});
`;
