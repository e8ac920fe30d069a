/** One answer in each framing that a service writes its stream in: its pieces, and the label of the whole. */
import { message } from '../protocols/event-stream.ts';

export const FRAMINGS = ['events', 'lines', 'list', 'messages'] as const;
export type Framing = (typeof FRAMINGS)[number];

interface Framed {
  readonly type: string;
  pieces(model: string): Buffer[];
}

const WORDS = ['one ', 'two ', 'grüße 🐝'];
const bytes = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text));

/** Every one tells 11 tokens in and 7 out. */
export const FRAMED: Readonly<Record<Framing, Framed>> = {
  /** OpenAI's chat. */
  events: {
    type: 'text/event-stream',
    pieces(model) {
      const event = (rest: object): string => `data: ${JSON.stringify({ id: 'chatcmpl-1', model, ...rest })}\r\n\r\n`;
      return bytes([
        ': processing\r\n\r\n',
        ...WORDS.map((content) => event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
        event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
        event({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } }),
        'data: [DONE]\r\n\r\n',
      ]);
    },
  },
  /** Ollama's chat. */
  lines: {
    type: 'application/x-ndjson',
    pieces(model) {
      const line = (rest: object): string => `${JSON.stringify({ model, ...rest })}\n`;
      const words = WORDS.map((content) => line({ message: { role: 'assistant', content }, done: false }));
      const last = { message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', prompt_eval_count: 11, eval_count: 7 };
      return bytes([...words, line(last)]);
    },
  },
  /** Gemini, where events are not asked for. */
  list: {
    type: 'application/json; charset=UTF-8',
    pieces(modelVersion) {
      const usageMetadata = { promptTokenCount: 11, candidatesTokenCount: 7, totalTokenCount: 18 };
      const part = (text: string, rest: object): string =>
        JSON.stringify(
          { candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...rest }], modelVersion, usageMetadata },
          null,
          2,
        );
      return bytes([
        ...WORDS.map((text, index) => `${index === 0 ? '[' : ',\r\n'}${part(text, {})}`),
        `,\r\n${part('', { finishReason: 'STOP' })}`,
        '\n]\n',
      ]);
    },
  },
  /** Bedrock's Converse. */
  messages: {
    type: 'application/vnd.amazon.eventstream',
    pieces: () => [
      message('messageStart', { role: 'assistant' }),
      ...WORDS.map((text) => message('contentBlockDelta', { contentBlockIndex: 0, delta: { text } })),
      message('contentBlockStop', { contentBlockIndex: 0 }),
      message('messageStop', { stopReason: 'end_turn' }),
      message('metadata', { usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 }, metrics: { latencyMs: 1 } }),
    ],
  },
};
