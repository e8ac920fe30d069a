// Writes to a reader that leaves early.
process.stdout.on('error', ({ code, syscall }) => {
  process.stderr.write(`${code} ${syscall}\n`);
  process.exit(8);
});
setInterval(() => process.stdout.write('line\n'.repeat(10_000)), 1);
