/**
 * Turns a program of this folder into tests: one per case, that it saw what it sees without us, and that its calls were
 * recorded.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nodeBinary } from '../../../../tools/node-versions.ts';
import type { SpanRow } from '../../../../src/analysis/model.ts';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../../src/semconv/index.ts';
import { refusingUrl } from '../../../harness/free-ports.ts';
import { startModels } from '../../../harness/index.ts';
import { TOKENS } from './answers.ts';
import { compare, programFolder, type Comparison, type Providers } from './compare.ts';
import { startHttp2Server } from './http2-server.ts';
import { startProxy } from './proxy.ts';
import { programs } from './programs/programs.mjs';

/** What a case says of the spans it must leave; see `programs/wire.mjs`. */
interface Expected {
  /** Spans; default 1. */
  readonly attempts?: number;
  /** Of the last attempt; present and undefined: it must have none. Default: `TOKENS`. */
  readonly tokens?: readonly [number, number] | undefined;
  /** `error.type` of the first attempt; default none. */
  readonly error?: string | RegExp;
  /** `error.type` of the last of several attempts, where only the first failed: none. */
  readonly recovers?: boolean;
  /** The app left before the answer was whole: tokens may be there or not. */
  readonly leaves?: boolean;
  /** The model never came to the wire, so its span cannot be told from others of its kind. */
  readonly isModelUnknown?: boolean;
  /** A counter that says why something is missing. */
  readonly counted?: string;
}

interface Program {
  readonly cases: Readonly<Record<string, Expected>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The client makes spans of its own: how many, and in which words, is its own affair. */
  readonly isNative?: boolean;
}

const INSTALL_MS = 10 * 60_000;
const RUN_MS = 10 * 60_000;
const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18, input_tokens: 11, output_tokens: 7 };
const FIXED = { id: 'answer-1', created: 1_700_000_000, usage: USAGE };

/** Starts the providers that all programs of a test file talk to; they are there when tests run. */
function provide(): () => Providers {
  let providers: Providers | undefined;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const [http2, proxy, models] = [await startHttp2Server(), await startProxy(), await startModels({ answersAll: false })];
    models.mock.onMessage(/weather/, { toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: '{"city":"Rome"}' }], ...FIXED });
    models.mock.onMessage(/structured/, { content: '{"city":"Rome","degrees":21}', ...FIXED });
    models.mock.onMessage(/[^]*/, { content: 'one two three four five', ...FIXED });
    closing.push(http2.close, proxy.close, models.close);
    providers = { models, http2Url: http2.url, proxyUrl: proxy.url, refusingUrl: await refusingUrl() };
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });
  return () => providers!;
}

/** Declares the tests of each program on each of its Nodes. */
export function testPrograms(table: Readonly<Record<string, readonly string[]>>): void {
  const providers = provide();
  let folder: string;
  beforeAll(() => {
    folder = programFolder();
  }, INSTALL_MS);
  describe.each(Object.entries(table).flatMap(([program, nodes]) => nodes.map((node) => [program, node] as const)))(
    '%s on Node %s',
    (program, version) => {
      const declared: Program = programs[program as keyof typeof programs]();
      const { env = {}, isNative = false } = declared;
      const cases = Object.entries(declared.cases);
      let result: Comparison;
      beforeAll(async () => {
        result = await compare({ program, node: nodeBinary(version), folder, providers: providers(), env });
      }, RUN_MS);

      test.each(cases.map(([name, expected], index) => [name, expected, index] as const))('%s', (name, expected, index) => {
        expect(result.plain.lines.get(name)).toMatchObject({ outcome: 'done' });
        expect(result.nowhere.lines.get(name)).toEqual(result.plain.lines.get(name));
        expect(result.loaded.lines.get(name)).toEqual(result.plain.lines.get(name));
        if (isNative) checkSeen(result, expected, `case-${index}`);
        else checkSpans(result, expected, `case-${index}`);
      });

      test('prints, asks of the server and ends as without us; every attempt is one span, and no more', () => {
        for (const run of [result.nowhere, result.loaded]) {
          expect(sent(run.requests, isNative)).toEqual(sent(result.plain.requests, isNative));
          expect([run.stderr, run.code, run.lines.size]).toEqual([result.plain.stderr, 0, cases.length]);
        }
        if (!isNative) expect(modelsOf(result.spans)).toEqual(expectedModels(cases));
      });
    },
  );
}

const isLlm = (span: SpanRow): boolean => span.attributes[ATTR_GEN_AI_PROVIDER_NAME] !== undefined;

/** The model of every LLM span, in order; those whose model never came to the wire are the last. */
function modelsOf(spans: readonly SpanRow[]): string[] {
  const models = spans.filter(isLlm).map((span) => span.attributes[ATTR_GEN_AI_REQUEST_MODEL]);
  return models.map((model) => (typeof model === 'string' ? model : UNKNOWN)).sort();
}

function expectedModels(cases: readonly (readonly [string, Expected])[]): string[] {
  return cases
    .flatMap(([, { attempts = 1, isModelUnknown = false }], index) =>
      Array.from({ length: attempts }, () => (isModelUnknown ? UNKNOWN : `case-${index}`)),
    )
    .sort();
}

const UNKNOWN = 'unknown';

/** A client that makes spans of its own spells and orders its headers anew: then only what they say is held. */
function sent(requests: readonly string[], isNative: boolean): readonly string[] {
  if (!isNative) return requests;
  return requests.map((request) => {
    const [line, ...rest] = request.split(/\r?\n/);
    return [line, ...rest.map((header) => header.replace(/^[\w-]+(?=:)/, (name) => name.toLowerCase())).sort()].join('\n');
  });
}

function checkSeen({ spans }: Comparison, { attempts = 1, isModelUnknown = false }: Expected, model: string): void {
  if (attempts === 0 || isModelUnknown) return;
  expect(spans.filter((span) => span.attributes[ATTR_GEN_AI_REQUEST_MODEL] === model).length).toBeGreaterThan(0);
}

function checkSpans({ spans, counters }: Comparison, expected: Expected, model: string): void {
  const { attempts = 1, isModelUnknown = false, leaves = false, recovers = false, error, counted } = expected;
  if (counted !== undefined) expect(counters).toHaveProperty([counted]);
  if (isModelUnknown) return;
  const found = spans.filter((span) => isLlm(span) && span.attributes[ATTR_GEN_AI_REQUEST_MODEL] === model);
  expect(found).toHaveLength(attempts);
  const errors = found.map((span) => span.attributes[ATTR_ERROR_TYPE]);
  if (error === undefined) expect(errors).toEqual(found.map(() => undefined));
  else if (recovers) expect([errors[0], errors.at(-1)]).toEqual([expect.stringMatching(error), undefined]);
  else for (const each of errors) expect(each).toEqual(expect.stringMatching(error));
  const last = found.at(-1);
  if (last === undefined || leaves) return;
  const tokens = [last.attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS], last.attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]];
  if ('tokens' in expected) expect(tokens).toEqual(expected.tokens ?? [undefined, undefined]);
  else expect(tokens).toEqual(error === undefined || recovers ? TOKENS : [undefined, undefined]);
}
