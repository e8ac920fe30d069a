/** Gemini's interactions. */
import type { Protocol } from '../protocol.ts';
import { InteractionAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: InteractionAnswer };
