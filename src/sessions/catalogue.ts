/** The agents whose session files are read, a folder and a line each. */
import { claude } from './claude/index.ts';
import { codex } from './codex/index.ts';
import type { SessionFormat } from './format.ts';
import { gemini, geminiWhole } from './gemini/index.ts';
import { opencode } from './opencode/index.ts';

export const formats: readonly SessionFormat[] = [claude, codex, gemini, geminiWhole, opencode];
