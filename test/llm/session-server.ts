/** Services that speak over WebSockets, as the clients of the tests ask them: one port for each way in which a session goes. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import type { IncomingMessage } from 'node:http';
import { certificateFile } from '../clients/server.ts';
import { INPUT_TOKENS, OUTPUT_TOKENS } from './answers.ts';
import { installLlmSdks } from './install.ts';

/** What becomes of a session after its first piece of an answer. */
export type Course = 'answers' | 'fragments' | 'compresses' | 'is long' | 'is too long' | 'closes with a fault' | 'drops' | 'is silent';

export interface SessionServer {
  /** By course: `https://127.0.0.1:…`. */
  readonly urls: Readonly<Record<Course, string>>;
  readonly courseOfPort: ReadonlyMap<number, Course>;
  /** What the handshakes of a course agreed on, each once. */
  readonly extensions: Readonly<Record<Course, Set<string>>>;
  close(): void;
}

const COURSES: readonly Course[] = [
  'answers',
  'fragments',
  'compresses',
  'is long',
  'is too long',
  'closes with a fault',
  'drops',
  'is silent',
];
/** The longest message that is read. */
const LONGEST = 8 * 1024 * 1024;

/** Of the package `ws`, what is used here. */
interface Socket {
  readonly extensions: string;
  on(event: 'message', listener: (data: Buffer) => void): void;
  on(event: 'error', listener: () => void): void;
  send(data: string | Buffer, options?: { fin?: boolean; binary?: boolean }): void;
  close(code: number, reason: string): void;
  terminate(): void;
}
interface Ws {
  readonly WebSocketServer: new (options: object) => {
    on(event: 'connection', listener: (socket: Socket, asked: IncomingMessage) => void): void;
  };
}

export async function startSessionServer(): Promise<SessionServer> {
  const { WebSocketServer } = createRequire(join(installLlmSdks(), 'x.cjs'))('ws') as Ws;
  const tls = { cert: readFileSync(certificateFile), key: readFileSync(join(certificateFile, '../key.pem')) };
  const servers: Server[] = [];
  const urls: Partial<Record<Course, string>> = {};
  const courseOfPort = new Map<number, Course>();
  const extensions = Object.fromEntries(COURSES.map((course) => [course, new Set<string>()])) as Record<Course, Set<string>>;
  for (const course of COURSES) {
    const server = createServer(tls);
    servers.push(server);
    const perMessageDeflate = course === 'compresses' ? { threshold: 0 } : false;
    new WebSocketServer({ server, perMessageDeflate }).on('connection', (socket, asked) => {
      extensions[course].add(socket.extensions);
      speak(socket, course, asked.url ?? '/');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    urls[course] = `https://127.0.0.1:${port}`;
    courseOfPort.set(port, course);
  }
  return { urls: urls as Record<Course, string>, courseOfPort, extensions, close: () => servers.forEach((server) => server.close()) };
}

const usage = { input_tokens: INPUT_TOKENS, output_tokens: OUTPUT_TOKENS, total_tokens: INPUT_TOKENS + OUTPUT_TOKENS };
const delta = (type: string): object => ({ type, response_id: 'resp_1', item_id: 'item_1', delta: 'canary-answer' });
const text = 'canary-answer';

/** What comes first, for each piece, and last; `long` makes the last message longer. */
interface Words {
  /** Before anything was asked. */
  readonly greeting?: object;
  readonly isAsked: (message: Record<string, unknown>) => boolean;
  readonly begins: readonly object[];
  readonly piece: object;
  readonly ends: (long: string) => object;
  readonly isBinary?: boolean;
}

const wordsOf: readonly { readonly path: RegExp; readonly words: Words }[] = [
  {
    path: /\/realtime/,
    words: {
      greeting: { type: 'session.created', session: { id: 'sess_1', type: 'realtime', model: 'gpt-realtime' } },
      isAsked: ({ type }) => type === 'response.create',
      begins: [{ type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } }],
      piece: delta('response.output_text.delta'),
      ends: (long) => ({
        type: 'response.done',
        response: {
          id: 'resp_1',
          status: 'completed',
          output: [{ type: 'message', content: [{ type: 'output_text', text: long }] }],
          usage,
        },
      }),
    },
  },
  {
    path: /\/responses/,
    words: {
      isAsked: ({ type }) => type === 'response.create',
      begins: [{ type: 'response.created', response: { id: 'resp_1', status: 'in_progress', model: 'gpt-5', output: [] } }],
      piece: delta('response.output_text.delta'),
      ends: (long) => ({
        type: 'response.completed',
        response: {
          id: 'resp_1',
          status: 'completed',
          model: 'gpt-5',
          output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: long }] }],
          usage,
        },
      }),
    },
  },
  {
    path: /BidiGenerateContent/,
    words: {
      isAsked: ({ clientContent, client_content: other = clientContent }) => other !== undefined,
      begins: [],
      piece: { serverContent: { modelTurn: { parts: [{ text }] } } },
      ends: (long) => ({
        serverContent: { turnComplete: true, outputTranscription: long === text ? undefined : { text: long } },
        usageMetadata: { promptTokenCount: INPUT_TOKENS, responseTokenCount: OUTPUT_TOKENS, totalTokenCount: usage.total_tokens },
      }),
      isBinary: true,
    },
  },
];

function speak(socket: Socket, course: Course, path: string): void {
  const words = wordsOf.find((each) => each.path.test(path))?.words;
  if (words === undefined) return socket.terminate();
  const send = (message: object): void => sendAs(socket, course, JSON.stringify(message), words.isBinary === true);
  if (words.greeting !== undefined) send(words.greeting);
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString()) as Record<string, unknown>;
    if (message['setup'] !== undefined) return send({ setupComplete: {} });
    if (!words.isAsked(message)) return;
    words.begins.forEach(send);
    send(words.piece);
    // What is written in one turn goes out as one piece.
    setTimeout(() => goOn(socket, course, words, send), 20);
  });
}

function goOn(socket: Socket, course: Course, words: Words, send: (message: object) => void): void {
  if (course === 'is silent') return;
  if (course === 'closes with a fault') return socket.close(1011, 'canary-reason');
  if (course === 'drops') return socket.terminate();
  send(words.piece);
  const short = JSON.stringify(words.ends('x')).length - 1;
  const long = course === 'is long' ? LONGEST - short : course === 'is too long' ? LONGEST - short + 1 : 0;
  send(words.ends(long === 0 ? text : text.padEnd(long, 'canary ')));
}

function sendAs(socket: Socket, course: Course, message: string, isBinary: boolean): void {
  const data = isBinary ? Buffer.from(message) : message;
  if (course !== 'fragments') return socket.send(data);
  // Cut where a character of the JSON is never whole, with an empty frame between.
  const cuts = [0, 1, 9, 9, message.length - 1, message.length];
  cuts.slice(1).forEach((end, index) => socket.send(data.slice(cuts[index], end), { fin: end === message.length, binary: isBinary }));
}
