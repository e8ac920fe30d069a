// A server and its clients: keep-alive, bodies both ways, chunks, HEAD, an early answer, an aborted client, and a
// graceful close.
const { Agent, createServer, request } = require('node:http');

const server = createServer({ keepAliveTimeout: 5_000 }, (incoming, outgoing) => {
  if (incoming.url === '/abort') {
    incoming.on('close', () => console.log('server: closed', incoming.complete, outgoing.writableFinished));
    outgoing.write('a part');
    return;
  }
  const parts = [];
  incoming.on('data', (part) => parts.push(part));
  incoming.on('end', () => {
    outgoing.writeHead(incoming.url === '/none' ? 404 : 200, { 'x-method': incoming.method });
    for (const letter of 'abc') outgoing.write(letter);
    outgoing.end(Buffer.concat(parts).toString().toUpperCase());
  });
});
for (const name of ['connection', 'close', 'clientError', 'dropRequest']) server.on(name, () => console.log('server:', name));

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const shown = ({ date, ...headers }) => (date === undefined ? 'no date' : JSON.stringify(headers));

function call(method, path, body) {
  return new Promise((resolve) => {
    const sent = request({ port: server.address().port, method, path, agent }, (answer) => {
      const events = [];
      let text = '';
      for (const name of ['end', 'close', 'error']) answer.on(name, () => events.push(name));
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.on('close', () => {
        console.log(method, path, answer.statusCode, shown(answer.headers), text, events.join(), sent.reusedSocket);
        console.log(sent.listenerCount('error'), answer.listenerCount('data'), Object.keys(sent).length, Object.keys(answer).length);
        resolve();
      });
    });
    sent.end(body);
  });
}

function abort() {
  return new Promise((resolve) => {
    const sent = request({ port: server.address().port, path: '/abort' }, (answer) => {
      answer.on('error', ({ code, message }) => console.log('answer:', code, message));
      answer.once('data', (part) => {
        console.log(String(part));
        sent.destroy();
      });
    });
    sent.on('close', resolve);
    sent.end();
  });
}

server.listen(0, '127.0.0.1', async () => {
  await call('POST', '/echo', 'hello');
  await call('GET', '/none');
  await call('HEAD', '/');
  await call('POST', '/v1/chat/completions', '{"model":"m","messages":[]}');
  await abort();
  agent.destroy();
  server.close((error) => console.log('closed', error));
});
process.on('exit', (code) => console.log('exit', code, server.listening));
