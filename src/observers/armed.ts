/** The observers that the preload arms: one line each, beside its line in the catalogue. */
import { observer as childProcess } from './child-process/index.ts';
import { observer as git } from './git/launches.ts';
import { observer as llmWire } from './llm-wire/index.ts';
import type { Observer } from './observer.ts';
import { observer as otelApi } from './otel-api/index.ts';
import { observer as pQueue } from './p-queue/index.ts';

export const observers: readonly Observer[] = [childProcess, git, llmWire, otelApi, pQueue];
