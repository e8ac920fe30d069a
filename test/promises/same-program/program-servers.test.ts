/**
 * Real programs (servers, commands), run without the preload and with it, on every supported Node: what they print,
 * return and end by is the same.
 */
import { describe, test } from '@jest/globals';
import { NODE_VERSIONS, nodeBinary } from '../../../tools/node-versions.ts';
import { testWith } from '../../harness/index.ts';
import { expectSameProgram } from './program-run.ts';
import { commands, rowsFor, servers, terminals } from './program-table.ts';

const FETCH_MINUTES = 10 * 60_000;

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  test.each(rowsFor(version, [...servers, ...commands]))(
    '%s',
    async (_title, state, program) => {
      await expectSameProgram(nodeBinary(version), state, program);
    },
    FETCH_MINUTES,
  );

  for (const [title, state, program] of rowsFor(version, terminals)) {
    testWith('python3', title, async () => void (await expectSameProgram(nodeBinary(version), state, program)), FETCH_MINUTES);
  }
});
