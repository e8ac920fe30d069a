// Every program of this folder by its name; each loads its client when it runs, so that the tests can read the names of
// its cases.
import { anthropicCases } from './anthropic.mjs';
import { fetchCases, fetchHttp2Cases } from './fetch.mjs';
import { clientCases, nodeHttpCases } from './http.mjs';
import { openaiCases } from './openai.mjs';
import { aiSdkCases, genaiCases } from './others.mjs';
import { undiciCases } from './undici.mjs';

/**
 * From 0.134 the SDK makes spans of its own where somebody listens, which we do: one for all attempts of a call, in its
 * own words.
 */
const WITHOUT_OWN_SPANS = { ANTHROPIC_OPEN_TELEMETRY: 'false' };

/**
 * With them the SDK itself wraps the stream it hands out, so that object has properties more; all else that the app
 * sees is held.
 */
const WRAPPED = ['a stream: object and events', 'tee(): both sides have every event'];

function nativeCases(name) {
  return Object.fromEntries(Object.entries(anthropicCases(name)).filter(([title]) => !WRAPPED.includes(title)));
}

export const programs = {
  fetch: () => ({ cases: fetchCases() }),
  'fetch over HTTP/2': () => ({ cases: fetchHttp2Cases() }),
  openai7: () => ({ cases: openaiCases('openai7') }),
  openai6: () => ({ cases: openaiCases('openai6') }),
  openai5: () => ({ cases: openaiCases('openai5') }),
  openai4: () => ({ cases: openaiCases('openai4', { isNodeHttp: true }) }),
  anthropic1: () => ({ cases: anthropicCases('anthropic1'), env: WITHOUT_OWN_SPANS }),
  'anthropic1 with its own spans': () => ({ cases: nativeCases('anthropic1'), isNative: true }),
  'anthropic0-latest': () => ({ cases: anthropicCases('anthropic0-latest'), env: WITHOUT_OWN_SPANS }),
  anthropic0: () => ({ cases: anthropicCases('anthropic0', { isNodeHttp: true }) }),
  undici8: () => ({ cases: undiciCases('undici8') }),
  undici7: () => ({ cases: undiciCases('undici7') }),
  undici6: () => ({ cases: undiciCases('undici6') }),
  undici5: () => ({ cases: undiciCases('undici5') }),
  'node:http': () => ({ cases: nodeHttpCases() }),
  axios: () => ({ cases: clientCases('axios') }),
  got: () => ({ cases: clientCases('got') }),
  'node-fetch2': () => ({ cases: clientCases('node-fetch2') }),
  'node-fetch3': () => ({ cases: clientCases('node-fetch3') }),
  ky: () => ({ cases: clientCases('ky') }),
  'ai 7': () => ({ cases: aiSdkCases() }),
  '@google/genai': () => ({ cases: genaiCases() }),
};
