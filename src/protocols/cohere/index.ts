/** Cohere's chat, embed and rerank. */
import type { Protocol } from '../protocol.ts';
import { CohereAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: CohereAnswer };
