/** Vertex' predict: embeddings, pictures and videos. */
import type { Protocol } from '../protocol.ts';
import { PredictAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: PredictAnswer };
