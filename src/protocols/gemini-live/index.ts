/** Gemini's Live API. */
import { readRequest } from '../gemini/request.ts';
import type { Protocol } from '../protocol.ts';
import { LiveAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { LiveSession } from './session.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: LiveAnswer, Session: LiveSession };
