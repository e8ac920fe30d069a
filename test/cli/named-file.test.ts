/** A file that the user named is for this user alone, whatever stood there before. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  lchownSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { writeNamedFile } from '../../src/cli/named-file.ts';
import { freshFolder } from '../harness/index.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

function open(path: string): string {
  writeFileSync(path, 'old');
  chmodSync(path, 0o666);
  return path;
}

test('what was open to all is private, and who has it open reads the old text', () => {
  const folder = freshFolder();
  const file = open(join(folder, 'report.txt'));
  linkSync(file, join(folder, 'other-name'));
  const reader = openSync(file, 'r');
  writeNamedFile(file, 'new');
  expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['new', 0o600]);
  expect([readFileSync(reader, 'utf8'), readFileSync(join(folder, 'other-name'), 'utf8')]).toEqual(['old', 'old']);
  closeSync(reader);
  expect(readdirSync(folder).sort()).toEqual(['other-name', 'report.txt']);
});

test('a link of the user leads where it leads', () => {
  const folder = freshFolder();
  const target = open(join(folder, 'target'));
  symlinkSync(target, join(folder, 'link'));
  writeNamedFile(join(folder, 'link'), 'new');
  expect([readFileSync(target, 'utf8'), modeOf(target)]).toEqual(['new', 0o600]);
  expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
});

test('a link of another user is not followed', () => {
  if (process.getuid?.() !== 0) return expect(lstatSync('/proc/self').uid).toBe(process.getuid?.());
  const folder = freshFolder();
  const victim = open(join(folder, 'victim'));
  symlinkSync(victim, join(folder, 'link'));
  lchownSync(join(folder, 'link'), 12_345, 12_345);
  expect(() => writeNamedFile(join(folder, 'link'), 'new')).toThrow('link of another user');
  expect(readFileSync(victim, 'utf8')).toBe('old');
});

test('a pipe without a reader is refused at once, a device is written to', () => {
  const pipe = join(freshFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(() => writeNamedFile(pipe, 'text')).toThrow('ENXIO');
  expect(() => writeNamedFile('/dev/full', 'text')).toThrow('ENOSPC');
  writeNamedFile('/dev/null', 'text');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});
