/** OpenAI images. */
import type { Protocol } from '../protocol.ts';
import { ImagesAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: ImagesAnswer };
