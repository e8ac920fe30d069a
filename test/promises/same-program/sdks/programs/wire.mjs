// What all programs share: the request, and the table of answers that are not as they should be, with what a span must
// say of each.

export const chat = (kit, stream = false, content = 'hello') =>
  JSON.stringify({ model: kit.model, messages: [{ role: 'user', content }], ...(stream ? { stream: true } : {}) });

export async function bytesOf(stream) {
  let total = 0;
  for await (const chunk of stream) total += chunk.length;
  return total;
}

/** Without `error` the span has none; without `tokens: undefined` it has all of them. */
export const FAILURES = {
  'an answer in gzip': { scenario: 'gzip' },
  'an answer in br': { scenario: 'br' },
  'an answer in deflate': { scenario: 'deflate' },
  'an answer in zstd': { scenario: 'zstd' },
  'an answer in gzip, then br': { scenario: 'gzip-then-br' },
  'a stream in gzip': { scenario: 'gzip-stream', isStream: true },
  'a stream in br': { scenario: 'br-stream', isStream: true },
  'an answer in an encoding nobody knows': {
    scenario: 'unknown-encoding',
    tokens: undefined,
    counted: 'llm-wire.unreadable-response.encoding',
  },
  'an answer in damaged gzip': { scenario: 'damaged-gzip', tokens: undefined, counted: 'llm-wire.unreadable-response.damaged' },
  'early hints before the answer': { scenario: 'early-hints' },
  'trailers behind the answer': { scenario: 'trailers' },
  'a stream byte by byte': { scenario: 'bytewise', isStream: true },
  'an answer without a length': { scenario: 'no-length' },
  'an empty answer': { scenario: 'empty', tokens: undefined },
  'no content': { scenario: 'no-content', tokens: undefined },
  'a page of HTML': { scenario: 'html', tokens: undefined, counted: 'llm-wire.unreadable-response' },
  'JSON of another shape': { scenario: 'wrong-json', tokens: undefined, counted: 'llm-wire.unreadable-response' },
  'an event that is no JSON': { scenario: 'malformed-events', isStream: true, tokens: undefined, error: 'incomplete_stream' },
  'a malformed chunk': { scenario: 'malformed-chunks', isStream: true, tokens: undefined, error: /^(?:HTTPParserError|HPE_)/ },
  'a stream that is cut': { scenario: 'cut-stream', isStream: true, tokens: undefined, error: /^(?:UND_ERR_SOCKET|ECONNRESET)$/ },
  'a body that is cut': { scenario: 'cut-body', tokens: undefined, error: /^(?:UND_ERR_SOCKET|ECONNRESET)$/ },
  'a socket that is reset': { scenario: 'reset', tokens: undefined, error: /^(?:UND_ERR_SOCKET|ECONNRESET)$/ },
  'a server that hangs up': { scenario: 'hangup', tokens: undefined, error: /^(?:UND_ERR_SOCKET|ECONNRESET)$/ },
  'an error 400': { scenario: 'refused', tokens: undefined, error: 'invalid_request_error' },
  'a connection that is refused': { base: (kit) => kit.refusing, tokens: undefined, isModelUnknown: true, error: 'ECONNREFUSED' },
  'a host without an address': {
    base: () => 'http://nowhere.invalid',
    tokens: undefined,
    isModelUnknown: true,
    error: /^(?:ENOTFOUND|EAI_AGAIN)$/,
  },
};

/** The same for answers that take their time: for the clients that most apps use. */
export const LARGE = {
  'an answer of 10 MB': { scenario: 'huge' },
  'a stream of 4 MB': { scenario: 'huge-stream', isStream: true },
};
