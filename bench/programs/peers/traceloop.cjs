// As its documentation sets it up, sending to the bench.
const { createRequire } = require('node:module');
const { initialize } = createRequire(`${process.env.BENCH_PEER}/program.cjs`)('@traceloop/node-server-sdk');

initialize({ baseUrl: process.env.BENCH_URL, apiKey: 'bench', silenceInitializationMessage: true, traceloopSyncEnabled: false });
