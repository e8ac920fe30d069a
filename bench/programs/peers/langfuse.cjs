// It has no preload: the program gives its client to it.
const { createRequire } = require('node:module');
const { observeOpenAI } = createRequire(`${process.env.BENCH_PEER}/program.cjs`)('langfuse');

const clientInitParams = { publicKey: 'pk-bench', secretKey: 'sk-bench', baseUrl: process.env.BENCH_URL, flushInterval: 100 };
globalThis.observeClient = (client) => observeOpenAI(client, { clientInitParams });
