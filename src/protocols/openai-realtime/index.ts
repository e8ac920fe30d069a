/** OpenAI Realtime. */
import type { Protocol } from '../protocol.ts';
import { RealtimeAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';
import { RealtimeSession } from './session.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: RealtimeAnswer, Session: RealtimeSession };
