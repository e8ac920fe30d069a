/** OpenAI responses. */
import type { Protocol } from '../protocol.ts';
import { ResponseAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';
import { ResponsesSession } from './session.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: ResponseAnswer, Session: ResponsesSession };
