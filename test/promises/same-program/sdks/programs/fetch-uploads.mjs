// Raw `fetch`: every kind of body that an app can send.
/* global Blob, FormData, ReadableStream */
import { chat } from './wire.mjs';

export function uploadCases(post) {
  const pieces = ['{"model":"', '', '","messages":[]}'];
  const streamOf = (kit) =>
    new ReadableStream({
      start(controller) {
        for (const piece of [pieces[0], kit.model, pieces[2]]) controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    });
  const bodies = {
    'a body that streams, half duplex': (kit) => ({ body: streamOf(kit), duplex: 'half' }),
    'a body from an async generator': (kit) => ({
      duplex: 'half',
      body: (async function* () {
        yield Buffer.from(pieces[0]);
        yield Buffer.from(`${kit.model}${pieces[2]}`);
      })(),
    }),
    'a body of bytes': (kit) => ({ body: new TextEncoder().encode(chat(kit)) }),
    'a Blob as body': (kit) => ({ body: new Blob([chat(kit)]) }),
    'a large body': (kit) => ({ body: chat(kit, false, 'x'.repeat(1_000_000)) }),
  };
  const cases = Object.entries(bodies).map(([name, options]) => [
    name,
    {
      run: async (kit) => {
        const made = options(kit);
        const response = await post(kit, 'echo', made);
        kit.see('arrived', await response.json());
        kit.see('body', made.body, 1);
      },
      tokens: undefined,
    },
  ]);
  cases.push([
    'FormData as body is no chat, and arrives whole',
    {
      run: async (kit) => {
        const body = new FormData();
        body.set('file', new Blob(['abc']), 'a.txt');
        kit.see('status', (await post(kit, 'ok', { body, headers: {} })).status);
      },
      isModelUnknown: true,
      leaves: true,
    },
  ]);
  cases.push([
    'a body that fails while it streams',
    {
      run: async (kit) => {
        const body = new ReadableStream({
          pull(controller) {
            controller.error(new Error('disk gone'));
          },
        });
        await kit.fails('error', post(kit, 'echo', { body, duplex: 'half' }));
      },
      isModelUnknown: true,
      error: /.+/,
    },
  ]);
  return Object.fromEntries(cases);
}
