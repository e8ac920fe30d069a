// Plain sockets: a TCP echo with half-open ends, a Unix socket, and datagrams, each closed by its program.
const dgram = require('node:dgram');
const net = require('node:net');
const { mkdtempSync, rmSync } = require('node:fs');
const { join } = require('node:path');

function echo(where) {
  return new Promise((resolve) => {
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('end', () => socket.end('!'));
      socket.on('data', (part) => socket.write(part));
    });
    server.listen(where, () => {
      const address = server.address();
      const client = net.connect(typeof address === 'string' ? { path: address } : { port: address.port, host: '127.0.0.1' });
      let text = '';
      client.setEncoding('utf8').on('data', (part) => (text += part));
      client.on('close', (hadError) => {
        console.log(text, hadError, client.bytesRead, client.bytesWritten, client.eventNames().length);
        server.close(resolve);
      });
      client.end('hello');
    });
  });
}

function datagrams() {
  return new Promise((resolve) => {
    const socket = dgram.createSocket('udp4');
    socket.on('message', (message, { family, size }) => {
      console.log(String(message), family, size);
      socket.close(resolve);
    });
    socket.bind(0, '127.0.0.1', () => socket.send('ping', socket.address().port, '127.0.0.1'));
  });
}

void (async () => {
  const folder = mkdtempSync(join(process.env.TMPDIR ?? '/tmp', 'same-'));
  await echo({ port: 0, host: '127.0.0.1' });
  await echo({ path: join(folder, 's') });
  await datagrams();
  rmSync(folder, { recursive: true });
  net.connect({ port: 1, host: '127.0.0.1' }).on('error', ({ code, syscall, message }) => console.log(code, syscall, message));
})();
