// Opens a WebSocket for each way in which a handshake ends that is not agreed to, and prints the ports of the servers.
/* global WebSocket */
import { createServer } from 'node:net';
import { WebSocket as Ws } from 'ws';

/** A server that agrees to nothing: when it was asked, `onAsked` is called with its socket. */
async function listen(onAsked) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => onAsked(socket));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return [server.address().port, () => server.close()];
}

const byWs = (url, options) => {
  const socket = new Ws(url, options);
  socket.on('error', () => undefined);
  return { socket, closed: new Promise((resolve) => socket.once('close', resolve)) };
};
const byNode = (url) => {
  const socket = new WebSocket(url);
  return { socket, closed: new Promise((resolve) => socket.addEventListener('close', resolve)) };
};

const COURSES = {
  'ws, terminated': { open: byWs, onAsked: (_, opened) => opened.socket.terminate() },
  'ws, closed': { open: byWs, onAsked: (_, opened) => opened.socket.close() },
  'ws, too late': { open: (url) => byWs(url, { handshakeTimeout: 100 }), onAsked: () => undefined },
  'ws, dropped': { open: byWs, onAsked: (asked) => asked.destroy() },
  'WebSocket, closed': { open: byNode, onAsked: (_, opened) => opened.socket.close() },
  'WebSocket, dropped': { open: byNode, onAsked: (asked) => asked.destroy() },
};

const ports = {};
for (const [course, { open, onAsked }] of Object.entries(COURSES)) {
  const made = {};
  const [port, close] = await listen((asked) => onAsked(asked, made.opened));
  ports[course] = port;
  made.opened = open(`ws://127.0.0.1:${port}/v1/realtime?model=gpt-realtime`);
  await made.opened.closed;
  close();
}
console.log(JSON.stringify(ports));
process.exit();
