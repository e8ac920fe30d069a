/** How a setting's text becomes a value: each parser returns `undefined` for a value it cannot accept. */
import { isAbsolute } from 'node:path';
import type { ContentMode } from './capture.ts';

export interface Parser<T> {
  /** What a good value looks like, for the warning. */
  readonly expected: string;
  parse(text: string): T | undefined;
}

export const text: Parser<string> = { expected: 'text', parse: (value) => value };

/** The XDG specification asks for it: a relative path in its variables is invalid and ignored. */
export const absolutePath: Parser<string> = {
  expected: 'an absolute path',
  parse: (value) => (isAbsolute(value) ? value : undefined),
};

export const flag: Parser<boolean> = {
  expected: 'true or false',
  parse(value) {
    const lower = value.toLowerCase();
    if (lower === 'true' || lower === '1' || lower === 'on') return true;
    if (lower === 'false' || lower === '0' || lower === 'off') return false;
    return undefined;
  },
};

export function oneOf<const T extends string>(...allowed: readonly T[]): Parser<T> {
  return {
    expected: `one of ${allowed.join(', ')}`,
    parse: (value) => allowed.find((candidate) => candidate === value.toLowerCase()),
  };
}

export function integer(min: number, max: number): Parser<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    parse(value) {
      if (!/^[+-]?\d+$/.test(value)) return undefined;
      const number = Number(value);
      return number >= min && number <= max ? number : undefined;
    },
  };
}

export const url: Parser<string> = {
  expected: 'an http:// or https:// URL',
  parse(value) {
    if (!URL.canParse(value)) return undefined;
    const { protocol } = new URL(value);
    return protocol === 'http:' || protocol === 'https:' ? value : undefined;
  },
};

export const list: Parser<readonly string[]> = {
  expected: 'words separated by commas',
  parse: (value) =>
    value
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
};

export function listOf<const T extends string>(...allowed: readonly T[]): Parser<readonly T[]> {
  return {
    expected: `one or more of ${allowed.join(', ')}, separated by commas`,
    parse(value) {
      const words = list.parse(value.toLowerCase()) ?? [];
      const known = words.flatMap((word) => allowed.find((candidate) => candidate === word) ?? []);
      return known.length === words.length && words.length > 0 ? known : undefined;
    },
  };
}

/** Text that is a number from 0 to 1. */
export const ratio: Parser<string> = {
  expected: 'a number from 0 to 1',
  parse: (value) => (/^[+]?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?$/i.test(value) && Number(value) <= 1 ? value : undefined),
};

/** gRPC is not spoken: asked for, it is told as a problem and the default is used. */
export const protocol: Parser<'http/protobuf' | 'http/json'> = {
  expected: 'http/protobuf or http/json (grpc is not spoken here: http/protobuf is used, on port 4318)',
  parse: (value) => oneOf('http/protobuf', 'http/json').parse(value),
};

/** `key=value,key2=value2`, values percent-decoded (W3C Baggage octets, as the OTel specification asks). */
export const pairs: Parser<Readonly<Record<string, string>>> = {
  expected: 'key=value pairs separated by commas',
  parse(value) {
    const result: Record<string, string> = {};
    for (const part of value.split(',')) {
      if (part.trim() === '') continue;
      const at = part.indexOf('=');
      if (at <= 0) return undefined;
      try {
        result[part.slice(0, at).trim()] = decodeURIComponent(part.slice(at + 1).trim());
      } catch {
        // A lone percent sign is no valid percent-encoding.
        return undefined;
      }
    }
    return result;
  },
};

/** `host[:port][/path]=protocol[@provider]`; the protocol may be left out. */
export const services: Parser<Readonly<Record<string, string>>> = {
  expected: 'host[:port][/path]=protocol@provider pairs separated by commas, such as llm.example=@example or 10.0.0.7:9000/llm=openai-chat',
  parse(value) {
    const entries = Object.entries(pairs.parse(value) ?? { '': '' });
    const isGood = entries.every(
      ([place, service]) =>
        /^(?:\*\.)?[\w.-]+(?::\d{1,5})?(?:\/\S*)?$/.test(place) && /^(?:[a-z][a-z0-9-]*)?(?:@[a-z][\w.-]*)?$/.test(service),
    );
    return isGood ? Object.fromEntries(entries.filter(([, service]) => service !== '')) : undefined;
  },
};

/** Python's four modes and JavaScript's boolean, see https://github.com/open-telemetry/semantic-conventions-genai. */
const CONTENT_MODES: Readonly<Record<string, ContentMode>> = {
  TRUE: 'span',
  '1': 'span',
  ON: 'span',
  SPAN_ONLY: 'span',
  EVENT_ONLY: 'event',
  SPAN_AND_EVENT: 'both',
  FALSE: 'off',
  '0': 'off',
  OFF: 'off',
  NO_CONTENT: 'off',
};

export const contentMode: Parser<ContentMode> = {
  expected: 'true, false, NO_CONTENT, SPAN_ONLY, EVENT_ONLY or SPAN_AND_EVENT',
  parse(value) {
    const upper = value.toUpperCase();
    return Object.hasOwn(CONTENT_MODES, upper) ? CONTENT_MODES[upper] : undefined;
  },
};
