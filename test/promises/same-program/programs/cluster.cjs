// A cluster: workers share a port, one is restarted after it fails, and the last ones leave in order.
const cluster = require('node:cluster');
const { createServer, get } = require('node:http');

if (cluster.isPrimary) {
  const log = (...words) => console.log('primary', ...words);
  let started = 0;
  const fork = () => cluster.fork({ PROGRAM_NUMBER: String(++started) });
  cluster.on('fork', (worker) => log('fork', worker.id));
  cluster.on('exit', (worker, code, signal) => {
    log('exit', worker.id, code, signal, worker.exitedAfterDisconnect);
    if (code === 3) fork();
    if (Object.keys(cluster.workers).length === 0) log('none left');
  });
  cluster.on('message', (worker, message) => log('message', worker.id, message));
  cluster.on('listening', (worker, { port }) => {
    get({ port, host: '127.0.0.1', agent: false }, (answer) => {
      answer.setEncoding('utf8').on('data', (text) => log(text));
      answer.on('end', () => (worker.id === 1 ? worker.send('fail') : worker.disconnect()));
    });
  });
  fork();
} else {
  const server = createServer((_, outgoing) => outgoing.end(`answer of ${cluster.worker.id}, number ${process.env.PROGRAM_NUMBER}`));
  server.listen(0, '127.0.0.1');
  process.on('message', (message) => {
    process.send({ got: message });
    if (message === 'fail') setImmediate(() => process.exit(3));
  });
}
