// Runs the cases of one program, one after the other, and prints what each saw as one JSON line.
import { getEventListeners } from 'node:events';
import { programs } from './programs.mjs';
import { describe } from './describe.mjs';

const CASE_MS = 60_000;
/** Taken from a plain program's view: nothing here is swarmscope's. */
const { SCRIPTED_URL, SCRIPTED_TLS_URL, HTTP2_URL, MODELS_URL, PROXY_URL, REFUSING_URL } = process.env;

const warnings = [];
const unhandled = [];
process.on('warning', ({ name, message, code }) => warnings.push([name, code, message]));
process.on('unhandledRejection', (reason) => unhandled.push(describe(reason)));

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function runCase(name, { run }, index) {
  const seen = [];
  const model = modelOf(index);
  const kit = {
    /** Keeps one observation. */
    see: (label, value, depth) => seen.push([label, describe(value, depth)]),
    /** Keeps the error it must end in. */
    async fails(label, action) {
      try {
        const value = await (typeof action === 'function' ? action() : action);
        seen.push([label, 'did not fail', describe(value)]);
        return value;
      } catch (error) {
        seen.push([label, describe(error)]);
        return error;
      }
    },
    model,
    /** A provider that behaves as told; the token is the case's own. */
    scripted: (scenario) => `${SCRIPTED_URL}/${scenario}/${index}`,
    scriptedTls: (scenario) => `${SCRIPTED_TLS_URL}/${scenario}/${index}`,
    step: () => fetch(`${SCRIPTED_URL}/step/${index}`).then((response) => response.text()),
    /** Until the provider has a request of this case. */
    arrived: () => fetch(`${SCRIPTED_URL}/arrived/${index}`),
    connections: () => fetch(`${SCRIPTED_URL}/connections`).then((response) => response.text()),
    http2: HTTP2_URL,
    proxy: PROXY_URL,
    models: MODELS_URL,
    refusing: REFUSING_URL,
    listeners: (signal) => getEventListeners(signal, 'abort').length,
    turn,
  };
  let timer;
  const limit = new Promise((resolve) => {
    timer = setTimeout(() => resolve('timed out'), CASE_MS);
  });
  const outcome = await Promise.race([
    Promise.resolve(kit)
      .then(run)
      .then(
        () => 'done',
        (error) => describe(error),
      ),
    limit,
  ]);
  clearTimeout(timer);
  await turn();
  console.log(JSON.stringify({ name, outcome, seen, warnings: warnings.splice(0), unhandled: unhandled.splice(0) }));
}

/** Names the case in the span. */
export const modelOf = (index) => `case-${index}`;

const { cases, after } = programs[process.argv[2]]();
const wanted = process.argv.slice(3);
for (const [index, [name, each]] of Object.entries(cases).entries()) {
  if (wanted.length === 0 || wanted.includes(name)) await runCase(name, each, index);
}
await after?.();
