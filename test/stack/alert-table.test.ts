// The table of proofs names every alert once, and only files and programs that exist.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { groups } from '../../src/grafana/index.ts';
import { proofs } from './alert-table.ts';
import { senders } from './faults/points.ts';
import { faults } from './faults/table.ts';

const alerts = groups.flatMap(({ alerts: own }) => own);

test('every alert says by which test it fires, and nothing else does', () => {
  expect(Object.keys(proofs).sort()).toEqual(alerts.map(({ name }) => name).sort());
});

test.each(alerts)('$name has a case in which promtool sees it fire', ({ cases }) => {
  expect(cases.some(({ fires }) => fires)).toBe(true);
});

test.each(Object.entries(proofs))('%s fires where the table says', (name, proof) => {
  const causes = faults.filter(({ fires }) => fires.includes(name));
  switch (proof.by) {
    case 'fault':
      expect(causes.some(({ program }) => program !== 'none')).toBe(true);
      break;
    case 'points':
      expect(causes.every(({ service, program }) => program === 'none' && senders.some((sender) => sender.name === service))).toBe(true);
      expect(causes.length).toBeGreaterThan(0);
      break;
    case 'drill':
      expect(readFileSync(join(import.meta.dirname, proof.file), 'utf8')).toContain(`'${name}'`);
      break;
    case 'promtool alone':
      expect(causes).toEqual([]);
      expect(proof.because).not.toBe('');
  }
});
