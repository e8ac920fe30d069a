/** What a body is, its bytes say, however it is labelled, written, cut or left. Run for each protocol with its table. */
import { describe, expect, test } from '@jest/globals';
import { framingOf } from '../../src/protocols/framing.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import { expectEqual } from '../promises/hard-use/fuzz/mutate.ts';
import { readCall, type Call, type Manner, type Told } from './call.ts';
import { singleBytes, type ProtocolTable } from './protocol.cases.ts';

const BYTE_ORDER_MARK = '\ufeff';
const LABELS = ['application/json', 'text/event-stream; charset=utf-8', 'application/x-ndjson', 'text/plain', ''];

/** What is there is the same there. */
function expectPart(part: object, whole: object): void {
  for (const [name, value] of Object.entries(part))
    if (value !== undefined) expect({ [name]: value as unknown }).toEqual({ [name]: (whole as Record<string, unknown>)[name] });
}

function withoutTimes(answer: Told['answer']): Told['answer'] {
  return answer === undefined ? undefined : { ...answer, timeToFirstChunk: undefined, timePerChunk: undefined };
}

export function bodyCases(protocol: Protocol, table: ProtocolTable): void {
  const read = (call: Call, manner?: Manner): Told => readCall(protocol, call, manner);

  describe('the body of a plain answer', () => {
    const text = JSON.stringify(table.plain.answer);
    const labelled = (label: string, answer: string): Call => ({
      ...table.plain,
      answer,
      headers: { ...table.plain.headers, 'content-type': label },
    });

    test('says the same whatever it is labelled as, and with anything before or behind it', () => {
      const bodies = [
        text,
        `${BYTE_ORDER_MARK}${text}`,
        `\n \n\r\n${text}`,
        `${text} trailing " garbage`,
        `${text}\n{"more":1}`,
        `[${text}]`,
      ];
      for (const label of LABELS) {
        // A label of streams makes it a stream of one part.
        const isPart = protocol.Answer.prototype.readPart !== undefined && framingOf(label) === 'objects';
        const same = (told: Told): Told => (isPart ? { ...told, answer: withoutTimes(told.answer) } : told);
        for (const body of bodies)
          for (const cut of [undefined, singleBytes]) expectEqual(same(read(labelled(label, body), cut && { cut })), read(table.plain));
      }
    });

    test('that is cut off says nothing that the whole one does not say, and what was read stays', () => {
      const { answer: whole } = read(table.plain);
      for (let at = 0; at < text.length; at += 1) {
        const { answer } = read(labelled('application/json', text.slice(0, at)), { isCut: true });
        expect(answer?.errorType).toBe('process_exit');
        expectPart({ ...answer?.usage, model: answer?.responseModel }, { ...whole?.usage, model: whole?.responseModel });
      }
      const { answer } = read(labelled('application/json', text.slice(0, -1)), { isCut: true });
      expect([answer?.responseModel, answer?.usage]).toEqual([whole?.responseModel, whole?.usage]);
    });
  });

  const { stream } = table;
  if ('doesNotApply' in stream) return;

  describe('the body of a stream', () => {
    const text = Buffer.from(stream.answer as string);

    test('says the same whatever it is labelled as, and however its events are written', () => {
      const events = text.toString();
      const bodies = [
        `${BYTE_ORDER_MARK}${events}`,
        `: processing\n\n: processing\n\n${events}`,
        `\n\n${events}`,
        events.replaceAll(/^(data|event): /gm, '$1:'),
        events.replaceAll(
          /^data: (\{.*)$/gm,
          (_, data: string) => `data: ${JSON.stringify(JSON.parse(data), null, 1).replaceAll('\n', '\ndata: ')}`,
        ),
        events.replaceAll(/^data: (\{.*usage.*)$/gm, (_, data: string) => `data: {"picture":"${'A'.repeat(700_000)}",${data.slice(1)}`),
      ];
      for (const body of bodies) {
        for (const label of LABELS) {
          const told = read({ ...stream, answer: body, headers: { ...stream.headers, 'content-type': label } });
          expectEqual(told, read(stream));
        }
      }
    });

    test('says the same when its events come as lines of JSON, but for times where the protocol does not read them one by one', () => {
      const lines = [...text.toString().matchAll(/^data: (\{.*)$/gm)].map(([, data]) => data).join('\n');
      const { answer } = read({ ...stream, answer: lines, headers: { ...stream.headers, 'content-type': 'application/x-ndjson' } });
      const whole = read(stream).answer;
      const readsParts = protocol.Answer.prototype.readPart !== undefined;
      expect(answer).toEqual(readsParts ? whole : { ...whole, timeToFirstChunk: undefined, timePerChunk: undefined });
    });

    test('that is cut by the end of the process keeps what was known, and is no error once it is whole', () => {
      const begun = { ...stream, answer: text.subarray(0, text.indexOf('\n\n') + 2).toString() };
      const { answer } = read(begun, { isCut: true });
      const { responseModel, responseId } = read(begun).answer ?? {};
      expect(answer).toMatchObject({ statusCode: 200, errorType: 'process_exit', responseModel, responseId });
      expect(answer?.finishReasons).toBeUndefined();
      expect(read(stream, { isCut: true })).toEqual(read(stream));
    });
  });
}
