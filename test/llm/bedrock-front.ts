/** In front of a server that leaves out the base64 of InvokeModel's streams: answers those itself, and hands on all else. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { message } from '../protocols/event-stream.ts';
import type { Front } from './http2-front.ts';

const usage = { input_tokens: 11, output_tokens: 7 };
const EVENTS = [
  { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], model: 'claude', usage } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'pong' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 7 } },
  { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 11, outputTokenCount: 7 } },
];

export async function startBedrockFront(target: string): Promise<Front> {
  const server = createServer((asked, answer) => {
    if (asked.url?.endsWith('/invoke-with-response-stream') === true) stream(answer);
    else handOn(target, asked, answer).catch(() => answer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

function stream(answer: ServerResponse): void {
  answer.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
  for (const event of EVENTS) answer.write(message('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') }));
  answer.end();
}

async function handOn(target: string, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const outgoing = request(`${target}${asked.url ?? '/'}`, { method: 'POST', headers: asked.headers });
  outgoing.on('response', (given) => {
    answer.writeHead(given.statusCode ?? 502, given.headers);
    pipeline(given, answer).catch(() => answer.destroy());
  });
  await pipeline(asked, outgoing);
}
