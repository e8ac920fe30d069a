/** Gemini's generateContent, embeddings and counting of tokens. */
import type { Protocol } from '../protocol.ts';
import { GeminiAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: GeminiAnswer };
