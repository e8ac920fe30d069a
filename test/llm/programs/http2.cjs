// Calls of Bedrock over HTTP/2 against a server of its own in the same process; argv names how each of them ends.
const http2 = require('node:http2');
const { setTimeout: sleep } = require('node:timers/promises');

const usage = { inputTokens: 5, outputTokens: 7, totalTokens: 12 };
const whole = JSON.stringify({ output: { message: { role: 'assistant', content: [{ text: 'pong' }] } }, stopReason: 'end_turn', usage });

/** How the server answers, by the model that the path names. */
const answers = {
  whole(stream) {
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.end(whole);
  },
  refused(stream) {
    stream.respond({ ':status': 429, 'x-amzn-errortype': 'ThrottlingException' });
    stream.end('{"message":"no"}');
  },
  async slow(stream) {
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    for (const half of [whole.slice(0, 50), whole.slice(50)]) {
      stream.write(half);
      await sleep(30);
    }
    stream.end();
  },
  reset(stream) {
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.write(whole.slice(0, 50), () => stream.destroy(new Error('reset')));
  },
  gone(stream) {
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.write(whole.slice(0, 50), () => socket.destroy());
  },
  aborted(stream) {
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.write(whole.slice(0, 50));
  },
  silent() {},
};

function call(url, model) {
  return new Promise((resolve) => {
    const session = http2.connect(url);
    session.on('error', () => undefined);
    const stream = session.request({ ':method': 'POST', ':path': `/model/${model}/converse`, 'content-type': 'application/json' });
    let text = '';
    let status;
    let error;
    stream.on('response', (headers) => (status = headers[':status']));
    stream.on('data', (chunk) => {
      text += chunk;
      if (model === 'aborted') stream.close(http2.constants.NGHTTP2_CANCEL);
    });
    stream.on('error', ({ code }) => (error = code));
    stream.on('close', () => {
      session.close();
      resolve({ model, status, bytes: text.length, error });
    });
    stream.write('{"messages":[{"role":"user",');
    stream.end('"content":[{"text":"hi"}]}]}');
    if (model === 'silent') setTimeout(() => stream.destroy(), 50);
  });
}

let socket;
const server = http2.createServer();
server.on('connection', (each) => (socket = each));
server.on('sessionError', () => undefined);
server.on('stream', (stream, headers) => {
  stream.on('error', () => undefined);
  answers[headers[':path'].split('/')[2]](stream);
});
server.listen(0, '127.0.0.1', async () => {
  const told = [];
  for (const model of Object.keys(answers)) told.push(await call(`http://127.0.0.1:${server.address().port}`, model));
  console.log(JSON.stringify(told));
  server.close();
  process.exit();
});
