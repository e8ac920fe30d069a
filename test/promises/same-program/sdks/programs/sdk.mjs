// What every LLM SDK must do the same without and with us; an adapter says how one SDK is asked.
import { responseFacts } from './describe.mjs';
import { FAILURES, LARGE } from './wire.mjs';

/**
 * adapter: {
 *   open(options): the client; `base` is where it finds its provider
 *   params(model, prompt, rest): the argument of `create`
 *   create(client, params, options): what the app calls
 *   textOf(event): text that a streamed event brings
 *   read(answer): text of a whole answer
 *   isNodeHttp: it sends by node:http
 *   isLargeToo: the cases of large answers as well
 * }
 */
export function sdkCases(adapter) {
  const mocked = (kit, options) => adapter.open({ base: kit.models, ...options });
  const scripted = (kit, scenario, options) => adapter.open({ base: kit.scripted(scenario), ...options });
  const stream = async (kit, client, options) =>
    adapter.create(await client, adapter.params(kit.model, 'hello', { stream: true }), options);
  const plain = async (kit, client, options) => adapter.create(await client, adapter.params(kit.model, 'hello'), options);
  const drain = async (kit, events) => {
    const seen = [];
    for await (const event of events) seen.push(event);
    kit.see('events', seen.length > 40 ? seen.length : seen);
  };

  const cases = {
    'a call: promise, answer and argument': {
      run: async (kit) => {
        const params = adapter.params(kit.model, 'hello');
        const before = structuredClone(params);
        const promise = adapter.create(await mocked(kit), params);
        kit.see('promise', promise, 1);
        const answer = await promise;
        kit.see('same answer', (await promise) === answer);
        kit.see('answer', answer, 8);
        kit.see('argument', [params, JSON.stringify(params) === JSON.stringify(before), Object.isFrozen(params)], 6);
      },
    },
    'a stream: object and events': {
      run: async (kit) => {
        const events = await stream(kit, mocked(kit));
        kit.see('stream', events, 2);
        kit.see('controller', events.controller?.signal.aborted);
        await drain(kit, events);
        kit.see('controller after', events.controller?.signal.aborted);
        await kit.fails('again', () => drain(kit, events));
      },
    },
    'withResponse() of a call': {
      run: async (kit) => {
        const promise = adapter.create(await mocked(kit), adapter.params(kit.model, 'hello'));
        const { data, response, ...rest } = await promise.withResponse();
        kit.see('data', adapter.read(data));
        kit.see('response', responseFacts(response));
        kit.see('rest', rest);
        kit.see('same data', (await promise) === data);
      },
    },
    'withResponse() of a stream': {
      run: async (kit) => {
        const promise = adapter.create(await mocked(kit), adapter.params(kit.model, 'hello', { stream: true }));
        const { data, response } = await promise.withResponse();
        kit.see('response', responseFacts(response));
        await drain(kit, data);
        kit.see('used', response.bodyUsed);
      },
    },
    'asResponse(), then its json()': {
      run: async (kit) => {
        const response = await adapter.create(await mocked(kit), adapter.params(kit.model, 'hello')).asResponse();
        kit.see('response', responseFacts(response));
        kit.see('body', await response.json(), 8);
        kit.see('used', response.bodyUsed);
      },
    },
    'tee(): both sides have every event': {
      run: async (kit) => {
        const [left, right] = (await stream(kit, mocked(kit))).tee();
        kit.see('left', left, 2);
        await drain(kit, right);
        await drain(kit, left);
      },
    },
    'toReadableStream()': {
      run: async (kit) => {
        const readable = (await stream(kit, mocked(kit))).toReadableStream();
        kit.see('readable', readable, 1);
        let text = '';
        for await (const piece of readable) text += Buffer.from(piece).toString();
        kit.see('lines', text.split('\n').length);
      },
    },
    'break after the first event': {
      run: async (kit) => {
        const first = kit.step();
        const events = await stream(kit, scripted(kit, 'stepped'));
        await first;
        for await (const event of events) {
          kit.see('event', event, 6);
          break;
        }
        kit.see('aborted', events.controller?.signal.aborted);
      },
      leaves: true,
    },
    'an error thrown inside the loop': {
      run: async (kit) => {
        const first = kit.step();
        const events = await stream(kit, scripted(kit, 'stepped'));
        await first;
        await kit.fails('error', async () => {
          for await (const event of events) if (event) throw new RangeError('mine');
        });
      },
      leaves: true,
    },
    'a streamed tool call': {
      run: async (kit) =>
        drain(kit, await adapter.create(await mocked(kit), adapter.params(kit.model, 'weather', { stream: true, tools: true }))),
    },
    'a tool call at once': {
      run: async (kit) =>
        kit.see('answer', await adapter.create(await mocked(kit), adapter.params(kit.model, 'weather', { tools: true })), 8),
    },
    'abort before the answer': {
      run: async (kit) => {
        const abort = new AbortController();
        const order = [];
        const promise = plain(kit, scripted(kit, 'never'), { signal: abort.signal }).catch((error) => order.push(error));
        await kit.arrived();
        kit.see('listeners', kit.listeners(abort.signal));
        abort.abort();
        order.push('sync');
        await promise;
        kit.see('order', order);
        kit.see('listeners after', kit.listeners(abort.signal));
      },
      error: 'AbortError',
    },
    'abort in the middle of a stream': {
      run: async (kit) => {
        const abort = new AbortController();
        const first = kit.step();
        const events = await stream(kit, scripted(kit, 'stepped'), { signal: abort.signal });
        await first;
        await kit.fails('loop', async () => {
          let count = 0;
          for await (const event of events) if (event && (count += 1) === 1) abort.abort();
          return count;
        });
        kit.see('listeners after', kit.listeners(abort.signal));
      },
      leaves: true,
    },
    'abort after the end': {
      run: async (kit) => {
        const abort = new AbortController();
        kit.see('answer', adapter.read(await plain(kit, scripted(kit, 'ok'), { signal: abort.signal })));
        abort.abort();
        await kit.turn();
        kit.see('listeners after', kit.listeners(abort.signal));
      },
    },
    'a timeout of the SDK': { run: async (kit) => kit.fails('error', plain(kit, scripted(kit, 'never', { timeout: 150 }))), error: /.+/ },
    'tries again after a 429': {
      run: async (kit) => kit.see('answer', adapter.read(await plain(kit, scripted(kit, 'limited-once', { maxRetries: 2 })))),
      attempts: 2,
      error: 'rate_limit_error',
      recovers: true,
    },
    'tries again after a 500': {
      run: async (kit) => kit.see('answer', adapter.read(await plain(kit, scripted(kit, 'broken-once', { maxRetries: 2 })))),
      attempts: 2,
      error: 'server_error',
      recovers: true,
    },
    'gives up after two 429': {
      run: async (kit) => kit.fails('error', plain(kit, scripted(kit, 'limited', { maxRetries: 1 }))),
      attempts: 2,
      error: 'rate_limit_error',
    },
    'twenty calls at once': {
      run: async (kit) => {
        const client = await scripted(kit, 'ok');
        const params = adapter.params(kit.model, 'hello');
        kit.see('answers', (await Promise.all(Array.from({ length: 20 }, () => adapter.create(client, params)))).map(adapter.read));
      },
      attempts: 20,
    },
    'frozen arguments': {
      run: async (kit) => {
        const params = deepFreeze(adapter.params(kit.model, 'weather', { stream: true, tools: true }));
        await drain(kit, await adapter.create(await mocked(kit), params));
      },
    },
    'arguments and options behind a Proxy': {
      run: async (kit) => {
        const asked = new Set();
        const watch = (target) => new Proxy(target, { get: (object, key) => (asked.add(String(key)), Reflect.get(object, key)) });
        const answer = await adapter.create(await mocked(kit), watch(adapter.params(kit.model, 'hello')), watch({ timeout: 5_000 }));
        kit.see('answer', adapter.read(answer));
        kit.see('asked', [...asked].sort());
      },
    },
    'an own fetch is called as before': {
      run: async (kit) => {
        const calls = [];
        const own = async (...args) => {
          const response = await fetch(...args);
          calls.push([args.length, describeKeys(args[1]), response.status]);
          return response;
        };
        kit.see('answer', adapter.read(await plain(kit, scripted(kit, 'ok', { fetch: own }))));
        kit.see('calls', calls);
      },
    },
    'a rejection that nobody handles is told once': {
      run: async (kit) => {
        void plain(kit, scripted(kit, 'refused'));
        await new Promise((resolve) => process.once('unhandledRejection', resolve));
        // A second telling would come within these turns.
        for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setTimeout(resolve, 2));
      },
      error: 'invalid_request_error',
      tokens: undefined,
    },
    ...failures(adapter, kitFails),
  };
  // node-fetch 2 waits for ever for the rest of such a body, on new versions of Node.
  if (adapter.isNodeHttp) delete cases['a body that is cut'];
  return cases;
}

async function kitFails(adapter, kit, { scenario, isStream, base }) {
  const client = await adapter.open({ base: base === undefined ? kit.scripted(scenario) : base(kit) });
  await kit.fails('call', async () => {
    const answer = await adapter.create(client, adapter.params(kit.model, 'hello', isStream ? { stream: true } : {}));
    if (!isStream) return typeof answer === 'string' ? answer : adapter.read(answer);
    let text = '';
    for await (const event of answer) text += adapter.textOf(event) ?? '';
    return text;
  });
}

function failures(adapter, run) {
  return Object.fromEntries(
    Object.entries(adapter.isLargeToo ? { ...FAILURES, ...LARGE } : FAILURES).map(([name, { scenario, isStream, base, ...expected }]) => [
      name,
      {
        run: (kit) => run(adapter, kit, { scenario, isStream, base }),
        ...expected,
        // The body is handed to `node:http` before it has a connection.
        ...(adapter.isNodeHttp ? { isModelUnknown: false } : {}),
        ...adapter.expects?.[name],
      },
    ]),
  );
}

const describeKeys = (options) => Object.keys(options ?? {}).sort();

function deepFreeze(value) {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
