/** Ollama's chat, generate and embed. */
import type { Protocol } from '../protocol.ts';
import { OllamaAnswer } from './answer.ts';
import { protocol as endpoint } from './endpoint.ts';
import { readRequest } from './request.ts';

export const protocol: Protocol = { ...endpoint, readRequest, Answer: OllamaAnswer };
