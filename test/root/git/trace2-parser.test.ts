/** Reads lines of Trace2 events, well-formed and malformed. */
import { describe, expect, test } from '@jest/globals';
import { createTrace2Parser, limits } from '../../../src/root/git/trace2-parser.ts';

const sid = '20261121T124913.634591Z-H0a7c9cdf-P00001c41';
const event = (name: string, more: object = {}, at = '634762'): string =>
  JSON.stringify({ event: name, sid, thread: 'main', time: `2026-11-21T12:49:13.${at}Z`, ...more });

describe('trace2 parser', () => {
  test('one process becomes one command with times in microseconds, pid and exit code', () => {
    const parser = createTrace2Parser();
    for (const line of [
      event('version'),
      event('start', { t_abs: 0.0005, argv: ['git', 'status'] }, '635000'),
      event('cmd_name', { name: 'status' }),
      event('exit', { code: 3 }),
      event('atexit', { code: 3 }, '700250'),
    ])
      parser.line(line);
    expect(parser.command).toMatchObject({
      sid,
      parentSid: undefined,
      pid: 0x1c41,
      argv: ['git', 'status'],
      name: 'status',
      exitCode: 3,
      isEnded: true,
    });
    expect(parser.command.startTime).toBeCloseTo(Date.parse('2026-11-21T12:49:13Z') + 634.5, 2);
    expect(parser.command.lastTime).toBeCloseTo(Date.parse('2026-11-21T12:49:13Z') + 700.25, 2);
  });

  test('the parent of a nested process is read from its session id', () => {
    const parser = createTrace2Parser();
    parser.line(event('version', { sid: `${sid}/20261121T124913.661484Z-H0a7c9cdf-P00001c42` }));
    expect(parser.command).toMatchObject({ parentSid: sid, pid: 0x1c42 });
  });

  test('the trace context is read from its parameter event; other variables are ignored', () => {
    const parser = createTrace2Parser();
    parser.line(event('def_param', { param: 'TRACEPARENT', value: '00-1-2-01' }));
    parser.line(event('def_param', { param: 'http.extraHeader', value: 'secret' }));
    expect(parser.command.environment).toEqual({ TRACEPARENT: '00-1-2-01' });
  });

  test.each(['{"event":"start"', 'not json', '[]', '"x"', 'null'])('the malformed line %s is skipped and counted', (line) => {
    const parser = createTrace2Parser();
    parser.line(line);
    parser.line(event('cmd_name', { name: 'log' }));
    expect(parser.counts.malformed).toBe(1);
    expect(parser.command.name).toBe('log');
  });

  test('events with wrong types change nothing and do not throw', () => {
    const parser = createTrace2Parser();
    for (const name of ['start', 'cmd_name', 'alias', 'def_repo', 'def_param', 'error', 'child_start', 'exit', 'signal'])
      parser.line(event(name, { argv: 5, name: {}, worktree: 1, param: 1, value: [], msg: 4, code: 'x', signo: 'y', t_abs: 'z' }));
    parser.line(JSON.stringify({ event: 'exit', sid, time: 'yesterday', code: 1 }));
    parser.line(JSON.stringify({ event: 'constructor', sid, time: '2026-11-21T12:49:13Z' }));
    expect(parser.command).toMatchObject({ argv: [], name: undefined, worktree: undefined, exitCode: undefined, errors: [] });
  });

  test('a line at the limit is read, one character more is counted as too long', () => {
    const shell = event('error', { msg: '' }).length;
    const parser = createTrace2Parser();
    parser.line(event('error', { msg: 'a'.repeat(limits.maxLineChars - shell) }));
    expect(parser.command.errors).toHaveLength(1);
    parser.line(event('error', { msg: 'a'.repeat(limits.maxLineChars - shell + 1) }));
    expect(parser.command.errors).toHaveLength(1);
    expect(parser.counts.tooLong).toBe(1);
  });

  test('arguments, errors and children are bounded', () => {
    const parser = createTrace2Parser();
    parser.line(event('start', { argv: Array.from({ length: 500 }, () => 'x') }));
    for (let count = 0; count <= limits.maxChildren; count += 1) {
      parser.line(event('error', { msg: 'e' }));
      parser.line(event('child_start', { child_class: 'hook' }));
    }
    expect(parser.command.argv).toHaveLength(limits.maxArguments);
    expect(parser.command.errors).toHaveLength(limits.maxErrors);
    expect(parser.command.children).toHaveLength(limits.maxChildren);
  });
});
