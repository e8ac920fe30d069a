// Ends itself, in the middle of what it was doing, with output still on its way.
const big = 'x'.repeat(200_000);
process.on('exit', (code) => require('node:fs').writeSync(1, `\nexit ${code}\n`));
process.stdout.write(big, () => process.exit(6));
setInterval(() => undefined, 1000);
