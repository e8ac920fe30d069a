// The two backends of the collector, as fast as they can be: a gRPC and an HTTP receiver that take everything. Tells
// its ports to its parent, then what it has taken when asked.
import { createServer as createHttp } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';

let bytes = 0;
const grpc = createHttp2();
grpc.on('stream', (stream) => {
  stream.on('data', (part) => (bytes += part.length));
  stream.on('error', () => undefined);
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    // An empty message: no compression, no length.
    stream.end(Buffer.alloc(5));
  });
});
const http = createHttp((request, response) => {
  request.on('data', (part) => (bytes += part.length));
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
});
grpc.listen(0, '127.0.0.1', () =>
  http.listen(0, '127.0.0.1', () => process.send({ grpc: grpc.address().port, http: http.address().port })),
);
process.on('message', () => process.send({ bytes }));
process.on('disconnect', () => process.exit());
