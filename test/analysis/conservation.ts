/** What holds for every report: lane time adds up to lanes x wall time, and the wall path to the wall time. */
import { expect } from '@jest/globals';
import type { RunReport } from '../../src/analysis/index.ts';

/** Within 0.1 %. */
export function expectConserved(report: RunReport): void {
  const { totalMs, expectedMs } = report.laneTime;
  expect(Math.abs(totalMs - expectedMs)).toBeLessThanOrEqual(expectedMs * 0.001 + 1e-6);
  const wallMs = report.wallPath.byCategory.reduce((sum, { ms }) => sum + ms, 0);
  expect(Math.abs(wallMs - report.run.wallMs)).toBeLessThanOrEqual(report.run.wallMs * 0.001 + 1e-6);
}
