/** One body that a single service or server writes otherwise than all others, and the pieces of such bodies. */
import type { Protocol } from '../../../src/protocols/protocol.ts';

export const choice = { index: 0, message: { role: 'assistant', content: 'pong' }, finish_reason: 'stop' };
export const whole = (members: object): object => ({ id: 'x', object: 'chat.completion', model: 'm', choices: [choice], ...members });
export const event = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
export const chunk = (delta: object, more: object = {}): string =>
  event({ id: 'x', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta, finish_reason: null }], ...more });
export const last = (more: object = {}): string =>
  event({ id: 'x', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...more });
export const text = chunk({ content: 'pong' });
export const DONE = event('[DONE]');

export interface Oddity {
  readonly whose: string;
  readonly url: string;
  /** `gen_ai.provider.name`. */
  readonly provider: string;
  readonly protocol?: Protocol;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: unknown;
  readonly expected: object;
}
