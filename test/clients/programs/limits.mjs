// Calls that run into undici's own limits of time, and calls that a MockAgent answers. Prints what the program saw of each.
const { HTTP_URL, UNDICI } = process.env;
const { Agent, MockAgent, request, fetch } = await import(UNDICI);

const ASKS = {
  request: async (url, options) => (await request(url, options)).body.text(),
  fetch: async (url, options) => (await fetch(url, options)).text(),
};

async function seen(way, answer, dispatcher) {
  const model = `${UNDICI}~${way}~${answer}`;
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }], stream: answer !== 'plain' });
  const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body, dispatcher };
  try {
    return await ASKS[way](`${HTTP_URL}/${answer}/${model}/v1/chat/completions`, options);
  } catch (error) {
    return error.code ?? error.cause?.code ?? String(error);
  }
}

/** Neither answer comes to its end: of one there is no head, of the other no more than the beginning. */
const LIMITED = { never: new Agent({ headersTimeout: 300 }), held: new Agent({ bodyTimeout: 300 }) };
const mock = new MockAgent();
mock.disableNetConnect();
mock
  .get(new URL(HTTP_URL).origin)
  .intercept({ path: /completions$/, method: 'POST' })
  .reply(200, { model: 'mocked', choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } })
  .persist();

for (const way of Object.keys(ASKS)) {
  for (const [answer, limited] of Object.entries(LIMITED))
    console.log(JSON.stringify([`${way} ${answer}`, await seen(way, answer, limited)]));
  console.log(JSON.stringify([`${way} mocked`, await seen(way, 'plain', mock)]));
}
process.exit();
