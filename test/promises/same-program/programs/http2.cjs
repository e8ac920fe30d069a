// HTTP/2 in clear text: streams, trailers, a refused stream, a ping, and an orderly goodbye.
const http2 = require('node:http2');

const server = http2.createServer();
server.on('stream', (stream, headers) => {
  stream.on('error', ({ code }) => console.log('server:', code));
  if (headers[':path'] === '/refused') return stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
  stream.respond({ ':status': 200, 'x-path': headers[':path'] }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '3' }));
  stream.end('one two three');
});
server.listen(0, '127.0.0.1', () => {
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
  const ask = (path) =>
    new Promise((resolve) => {
      const stream = client.request({ ':path': path });
      const events = [];
      let text = '';
      stream.on('response', (headers) => events.push(headers[':status'], headers['x-path']));
      stream.on('trailers', (headers) => events.push(headers['x-sum']));
      stream.on('error', ({ code, message }) => events.push(code, message));
      stream.setEncoding('utf8').on('data', (part) => (text += part));
      stream.on('close', () => resolve([...events, text, stream.rstCode]));
      stream.end();
    });
  void (async () => {
    console.log(await ask('/a'), await ask('/refused'));
    client.ping((error, _ms, payload) => {
      console.log(error, payload.length, client.closed);
      client.close(() => console.log('client closed', client.destroyed));
      server.close(() => console.log('server closed'));
    });
  })();
});
