/** The key of a server: who has it may send. It is part of the address that is handed on, or stands in a header. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Asked } from './asked.ts';

/** 192 bits in 32 characters that every URL can hold. */
const KEY_BYTES = 24;
const FIRST_PART = /^\/([\w-]{32})(?=\/|\?|$)/;

export const newKey = (): string => randomBytes(KEY_BYTES).toString('base64url');

export type Shown = 'right' | 'wrong' | 'none';

/** What a request shows, and its path without the key. A header with another login is nobody's business here: `none`. */
export function readKey({ url, headers }: Pick<Asked, 'url' | 'headers'>, key: string): { shown: Shown; path: string } {
  const [all, first] = FIRST_PART.exec(url) ?? [];
  if (all !== undefined && first !== undefined) {
    const isRight = isSame(first, key);
    return { shown: isRight ? 'right' : 'wrong', path: isRight ? url.slice(all.length) : url };
  }
  const bearer = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const sent = [bearer, headers['x-swarmscope-key']];
  return { shown: sent.some((text) => typeof text === 'string' && isSame(text, key)) ? 'right' : 'none', path: url };
}

/** Whether a request brings the key in its header: a page keeps it out of every address that is asked for. */
export function hasBearer({ headers }: Pick<Asked, 'headers'>, key: string): boolean {
  const sent = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return sent !== undefined && isSame(sent, key);
}

/** In a time that does not depend on how much of it is right. */
function isSame(sent: string, key: string): boolean {
  return timingSafeEqual(digest(sent), digest(key));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
