// Holds one session over a WebSocket after the other with one client, as the server of each goes on, and prints what it got.
// argv: JSON: { client, package, urls: { course: url } }; the last session is open when the process exits.
/* global WebSocket */
import { setTimeout } from 'node:timers/promises';

const { client, package: name, urls } = JSON.parse(process.argv[2]);
const INSTRUCTION = 'canary-rule';
const realtime = {
  ask: [
    { type: 'session.update', session: { type: 'realtime', instructions: INSTRUCTION } },
    {
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'canary-question' }] },
    },
    { type: 'response.create' },
  ],
  isPiece: ({ type }) => type === 'response.output_text.delta',
  isDone: ({ type }) => type === 'response.done',
};
const responses = {
  ask: [{ type: 'response.create', model: 'gpt-5', instructions: INSTRUCTION, input: 'canary-question' }],
  isPiece: realtime.isPiece,
  isDone: ({ type }) => type === 'response.completed',
};
const turns = [{ role: 'user', parts: [{ text: 'canary-question' }] }];
const live = {
  ask: [{ clientContent: { turns, turnComplete: true } }],
  isPiece: ({ serverContent }) => serverContent?.modelTurn !== undefined,
  isDone: ({ serverContent }) => serverContent?.turnComplete === true,
};

/** Each opens a session: `{ send, close, leave }`; `onMessage` and `onClosed` are called. */
const clients = {
  'realtime by ws': { words: realtime, open: (url, on) => byRealtimeClass('ws', 'OpenAIRealtimeWS', url, on) },
  'realtime by WebSocket': { words: realtime, open: (url, on) => byRealtimeClass('websocket', 'OpenAIRealtimeWebSocket', url, on) },
  'responses by ws': {
    words: responses,
    async open(url, { onMessage, onClosed }) {
      const { default: OpenAI } = await import(name);
      const { ResponsesWS } = await import(`${name}/resources/responses/ws`);
      const socket = new ResponsesWS(new OpenAI({ apiKey: 'test', baseURL: `${url}/v1` }));
      socket.on('event', onMessage);
      socket.on('error', () => undefined);
      socket.on('close', onClosed);
      return { send: (message) => socket.send(message), close: () => socket.close({ code: 1000, reason: 'canary-reason' }) };
    },
  },
  live: {
    words: live,
    async open(url, { onMessage, onClosed }) {
      const { GoogleGenAI } = await import(name);
      const ai = new GoogleGenAI({ apiKey: 'canary-key', httpOptions: { baseUrl: url } });
      const callbacks = { onmessage: onMessage, onclose: onClosed, onerror: () => undefined };
      const config = { systemInstruction: INSTRUCTION };
      const session = await ai.live.connect({ model: 'gemini-live-2.5-flash', config, callbacks });
      return { send: ({ clientContent }) => session.sendClientContent(clientContent), close: () => session.close() };
    },
  },
  ws: {
    words: responses,
    async open(url, { onMessage, onClosed }) {
      const { WebSocket } = await import(name);
      const socket = new WebSocket(`${url.replace('https', 'wss')}/v1/responses`);
      socket.on('message', (data) => onMessage(JSON.parse(data.toString())));
      socket.on('error', () => undefined);
      socket.on('close', onClosed);
      await new Promise((resolve) => socket.once('open', resolve));
      const send = (message) => {
        const text = JSON.stringify(message);
        socket.send(text.slice(0, 7), { fin: false });
        socket.send(text.slice(7));
      };
      return { send, close: () => socket.close(1000, 'canary-reason'), leave: () => socket.terminate() };
    },
  },
  WebSocket: {
    words: responses,
    async open(url, { onMessage, onClosed }) {
      const socket = new WebSocket(`${url.replace('https', 'wss')}/v1/responses`);
      socket.onmessage = ({ data }) => onMessage(JSON.parse(data));
      socket.onerror = () => undefined;
      socket.onclose = onClosed;
      await new Promise((resolve) => socket.addEventListener('open', resolve));
      return { send: (message) => socket.send(JSON.stringify(message)), close: () => socket.close(1000, 'canary-reason') };
    },
  },
};

async function byRealtimeClass(file, exported, url, { onMessage, onClosed }) {
  const { default: OpenAI } = await import(name);
  const { [exported]: Realtime } = await import(`${name}/${name === 'openai4' ? 'beta/' : ''}realtime/${file}`);
  const openai = new OpenAI({ apiKey: 'test', baseURL: `${url}/v1` });
  const session = new Realtime({ model: 'gpt-realtime' }, openai);
  session.on('event', onMessage);
  session.on('error', () => undefined);
  const { socket } = session;
  socket.addEventListener('close', onClosed);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const close = () => session.close({ code: 1000, reason: 'canary-reason' });
  return { send: (message) => session.send(message), close, leave: socket.terminate && (() => socket.terminate()) };
}

const { open, words } = clients[client];
const told = {};
for (const [course, url] of Object.entries(urls)) {
  const [first, done, closed] = [Promise.withResolvers(), Promise.withResolvers(), Promise.withResolvers()];
  const onMessage = (message) => {
    if (words.isPiece(message)) first.resolve();
    if (words.isDone(message)) done.resolve('done');
  };
  const session = await open(url, { onMessage, onClosed: () => closed.resolve('closed') });
  words.ask.forEach(session.send);
  await first.promise;
  if (course === 'left' && session.leave) session.leave();
  else if (course === 'exits') {
    console.log(JSON.stringify(told));
    // What was printed is out before the exit.
    await setTimeout(50);
    process.exit();
  } else {
    told[course] = await Promise.race([done.promise, closed.promise]);
    session.close();
  }
  await closed.promise;
}
