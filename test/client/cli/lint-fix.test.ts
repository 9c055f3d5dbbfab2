import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from './run-cli.ts';

/** Fixed beyond doubt: the phase is written in another case. */
const JOB = (phase: string, name = 'a'): string =>
  `# keep me\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: ${name}\n  annotations:\n    argocd.argoproj.io/hook: ${phase}   # and me\n`;
/** Not to be repaired without asking: nobody knows what was meant. */
const UNCLEAR = JOB('whatever', 'b');

const text = (cwd: string, file: string): string => readFileSync(path.join(cwd, file), 'utf8');

describe.concurrent('lint --fix', () => {
  test('repairs in place, and tells what it did and what is left', async () => {
    const cwd = folderWith({ 'a.yaml': JOB('presync'), 'b.yaml': UNCLEAR });
    const ran = await cli(['lint', '--fix'], { cwd });
    expect(text(cwd, 'a.yaml')).toBe(JOB('PreSync'));
    expect(text(cwd, 'b.yaml')).toBe(UNCLEAR);
    expect(ran.stdout).toMatch(
      /^a\.yaml:7: fixed: .*\[unknown-hook-phase\]\nb\.yaml:7:\d+: error: .*\[unknown-hook-phase\]\n/,
    );
    expect(ran.stderr).toContain('1 fixed, 1 error');
    expect(ran.code).toBe(1);
    const again = await cli(['lint', '--fix', 'a.yaml'], { cwd });
    expect([again.code, again.stdout]).toEqual([0, '']);
    expect(again.stderr).toContain('0 fixed, nothing left to complain about');
  });

  test('tells it in JSON, beside what is left', async () => {
    const cwd = folderWith({ 'a.yaml': JOB('presync') });
    const { stdout, code } = await cli(['lint', '--fix', '--format', 'json'], { cwd });
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({
        version: 1,
        diagnostics: [],
        fixed: [{ file: 'a.yaml', line: 7, rule: 'unknown-hook-phase', message: expect.any(String) as string }],
      }),
    ]);
  });

  test('keeps mode, line ends and a byte-order mark, and leaves no other file behind', async () => {
    const crlf = `\ufeff${JOB('presync').replaceAll('\n', '\r\n')}`;
    const cwd = folderWith({ 'a.yaml': crlf });
    chmodSync(path.join(cwd, 'a.yaml'), 0o640);
    expect((await cli(['lint', '--fix'], { cwd })).code).toBe(0);
    expect(text(cwd, 'a.yaml')).toBe(crlf.replace('presync', 'PreSync'));
    expect(statSync(path.join(cwd, 'a.yaml')).mode & 0o777).toBe(0o640);
    expect(readdirSync(cwd)).toEqual(['a.yaml']);
  });

  test('touches nothing but what was named', async () => {
    const cwd = folderWith({ 'in/a.yaml': JOB('presync'), 'out/b.yaml': JOB('postsync') });
    symlinkSync('../out/b.yaml', path.join(cwd, 'in/link.yaml'));
    const ran = await cli(['lint', '--fix', 'in'], { cwd });
    expect([text(cwd, 'in/a.yaml'), text(cwd, 'out/b.yaml')]).toEqual([JOB('PreSync'), JOB('postsync')]);
    expect(ran.stderr).toMatch(
      /in\/link\.yaml: Not fixed: it is a link to .*out\/b\.yaml, which is not among the given paths\./,
    );
    expect(ran.code).toBe(1);
    const inside = await cli(['lint', '--fix'], { cwd });
    expect([inside.code, text(cwd, 'out/b.yaml')]).toEqual([0, JOB('PostSync')]);
  });

  test('leaves a merge conflict, and what is no UTF-8', async () => {
    const conflict = `${JOB('presync')}---\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> topic\n`;
    const cwd = folderWith({ 'a.yaml': conflict });
    const latin = Buffer.concat([Buffer.from(JOB('presync')), Buffer.from([0x23, 0xfc, 0x0a])]);
    writeFileSync(path.join(cwd, 'latin.yaml'), latin);
    const utf16 = Buffer.from(`\ufeff${JOB('presync')}`, 'utf16le');
    writeFileSync(path.join(cwd, 'utf16.yaml'), utf16);
    const ran = await cli(['lint', '--fix'], { cwd });
    expect(text(cwd, 'a.yaml')).toBe(conflict);
    expect([readFileSync(path.join(cwd, 'latin.yaml')), readFileSync(path.join(cwd, 'utf16.yaml'))]).toEqual([
      latin,
      utf16,
    ]);
    expect(ran.stderr).toContain('a.yaml: Not fixed: it holds a merge conflict; resolve it first.');
    expect(ran.stderr).toContain('latin.yaml: Not fixed: it is not written in UTF-8.');
    expect(ran.stderr).toContain('utf16.yaml: Not fixed: it is not written in UTF-8.');
    expect(ran.code).toBe(1);
  });

  test('has nothing to write to for the standard input', async () => {
    const ran = await cli(['lint', '--fix', '-'], { input: JOB('presync') });
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([2, '', '--fix writes files: the standard input (-) is none\n']);
  });
});
