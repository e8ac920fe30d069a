// The least that a process between two others can cost: bytes from one socket to the other, unread.
import { connect, createServer } from 'node:net';

const port = Number(process.argv[2]);
const server = createServer({ noDelay: true }, (client) => {
  const provider = connect({ port, host: '127.0.0.1', noDelay: true });
  for (const [from, to] of [
    [client, provider],
    [provider, client],
  ]) {
    from.on('data', (chunk) => to.write(chunk));
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy());
  }
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
