/** What is watched, one line per folder: the preload arms it, `doctor` lists it, the build bundles its `lazy.ts`. */
export { observer as async } from './async/index.ts';
export { observer as bottleneck } from './bottleneck/index.ts';
export { observer as childProcess } from './child-process/index.ts';
export { observer as fastq } from './fastq/index.ts';
export { observer as git } from './git/index.ts';
export { observer as langchain } from './langchain/index.ts';
export { observer as llmWire } from './llm-wire/index.ts';
export { observer as openaiAgents } from './openai-agents/index.ts';
export { observer as otelApi } from './otel-api/index.ts';
export { observer as pAll } from './p-all/index.ts';
export { observer as pLimit } from './p-limit/index.ts';
export { observer as pMap } from './p-map/index.ts';
export { observer as pQueue } from './p-queue/index.ts';
export { observer as piscina } from './piscina/index.ts';
export { observer as tinypool } from './tinypool/index.ts';
export { observer as workerpool } from './workerpool/index.ts';
