// An app that loads an LLM client, CommonJS: the copy beside a peer, else that of the repository.
const { createRequire } = require('node:module');

createRequire(process.env.BENCH_PEER ? `${process.env.BENCH_PEER}/program.cjs` : __filename)('openai');
