// A provider whose chunks say when they were written, by the machine's monotonic clock in microseconds.
import { createServer } from 'node:http';

const now = () => Number(process.hrtime.bigint() / 1000n);
const answer = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'pong' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
});

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const asked = /[?&]chunks=(\d+)&paceMs=(\d+)/.exec(request.url ?? '');
    if (asked === null) return void response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    const [, chunks, paceMs] = asked.map(Number);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let sent = 0;
    const timer = setInterval(() => {
      sent += 1;
      response.write(`data: {"id":"chatcmpl-1","at":${now()},"choices":[{"index":0,"delta":{"content":"word"}}]}\n\n`);
      if (sent < chunks) return;
      clearInterval(timer);
      response.end('data: [DONE]\n\n');
    }, paceMs);
    response.on('close', () => clearInterval(timer));
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
