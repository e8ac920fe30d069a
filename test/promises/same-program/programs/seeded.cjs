// A program whose chance is settled in advance draws the same numbers, whoever else lives in the process.
const { withTask } = require(process.env.PROGRAM_API);
const { execFileSync } = require('node:child_process');
const drawn = [];
for (let count = 0; count < 5; count += 1) {
  drawn.push(Math.random());
  withTask('one', () => drawn.push(Math.random()));
  execFileSync('true');
}
console.log(drawn);
