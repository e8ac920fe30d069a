/** Gives events to the reader of a protocol's answer, one by one. */
import { AnswerFacts } from '../../src/protocols/facts/answer.ts';
import type { Operation, Protocol } from '../../src/protocols/protocol.ts';

/** `data` that is no text becomes the data of an event. */
export function readStream(protocol: Protocol, data: readonly unknown[], isContentCaptured = false) {
  const facts = new AnswerFacts(isContentCaptured);
  const reader = new protocol.Answer(facts, protocol.operations[0] as Operation);
  let outputs = 0;
  for (const item of data) {
    const text = typeof item === 'string' ? item : `data: ${JSON.stringify(item)}`;
    if (reader.readEvent?.(Buffer.from(text, 'utf8').toString('latin1')) === true) outputs += 1;
  }
  return { facts, outputs };
}
