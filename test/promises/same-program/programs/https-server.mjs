// HTTPS on loopback: a refused certificate, then a trusted one, by node:https and with its facts about the connection.
import { readFileSync } from 'node:fs';
import { createServer, get } from 'node:https';

const [key, cert] = ['localhost-key.pem', 'localhost-cert.pem'].map((name) => readFileSync(new URL(name, import.meta.url)));
const server = createServer({ key, cert, ALPNProtocols: ['http/1.1'] }, (incoming, outgoing) =>
  outgoing.end(`${incoming.socket.encrypted} ${incoming.socket.alpnProtocol}`),
);
server.on('tlsClientError', (error) => console.log('tlsClientError', error.code));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address();

const ask = (options) =>
  new Promise((resolve) => {
    get({ host: 'localhost', port, family: 4, agent: false, ...options }, (answer) => {
      const { authorized, alpnProtocol } = answer.socket;
      let text = '';
      answer.on('data', (part) => (text += part)).on('end', () => resolve([answer.statusCode, authorized, alpnProtocol, text]));
    }).on('error', (error) => resolve([error.code]));
  });

console.log(await ask({}));
console.log(await ask({ ca: cert }));
server.close(() => console.log('closed'));
