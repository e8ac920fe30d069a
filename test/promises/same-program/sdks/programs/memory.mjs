// Many calls, a few at a time, and what the heap holds after each part of them. Run with --expose-gc.
import http from 'node:http';
import { text as textOf } from 'node:stream/consumers';

const [, , way, callsText] = process.argv;
const calls = Number(callsText);
const LANES = 10;
const target = `${process.env.SCRIPTED_URL}/ok/memory/v1/chat/completions`;
const body = JSON.stringify({ model: 'memory', messages: [{ role: 'user', content: 'hello' }] });
const headers = { 'content-type': 'application/json' };
const agent = new http.Agent({ keepAlive: true });

const ways = {
  fetch: async () => {
    const response = await fetch(target, { method: 'POST', headers, body });
    await response.text();
    return response;
  },
  'node:http': async () => {
    const response = await new Promise((resolve, reject) => {
      http.request(target, { method: 'POST', headers, agent }, resolve).on('error', reject).end(body);
    });
    await textOf(response);
    return response;
  },
};

async function lane(count) {
  for (let call = 0; call < count; call += 1) {
    const response = await ways[way]();
    if (call % 100 === 0) registry.register(response);
    registered += call % 100 === 0 ? 1 : 0;
  }
}

let registered = 0;
let collected = 0;
const registry = new FinalizationRegistry(() => (collected += 1));
const heaps = [];
for (let part = 0; part < 5; part += 1) {
  await Promise.all(Array.from({ length: LANES }, () => lane(calls / 5 / LANES)));
  // Turns, so that what was sent is let go of; collected twice, since finalizers free more.
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    globalThis.gc();
  }
  heaps.push(process.memoryUsage().heapUsed);
}
agent.destroy();
console.log(
  JSON.stringify({
    heaps,
    registered,
    collected,
    listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
  }),
);
