// The app's own subscribers hear of the app's own doings, once each, and of nothing else.
const { subscribe, tracingChannel } = require('node:diagnostics_channel');
const { createServer, get } = require('node:http');
const { spawn, execFileSync } = require('node:child_process');

const heard = [];
for (const name of [
  'net.client.socket',
  'net.server.socket',
  'http.client.request.start',
  'http.client.response.finish',
  'http.server.request.start',
  'child_process',
  'undici:request:create',
  'module.require.start',
  'module.import.start',
  'worker_threads',
  'udp.socket',
])
  subscribe(name, () => heard.push(name));
tracingChannel('mine').start.subscribe(() => heard.push('mine'));
tracingChannel('mine').traceSync(() => heard.push('body'));
const server = createServer((_, outgoing) => outgoing.end('x')).listen(0, '127.0.0.1', () => {
  get({ port: server.address().port, host: '127.0.0.1', agent: false }, (answer) => {
    answer.resume().on('end', async () => {
      await fetch(`http://127.0.0.1:${server.address().port}/`).then((got) => got.text());
      spawn('true').on('exit', () => {
        execFileSync('true');
        // Time for whatever else may want to connect.
        setTimeout(() => {
          server.closeAllConnections();
          server.close();
        }, 300);
      });
    });
  });
});
process.on('exit', () => console.log(heard.join('\n')));
