import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedManifest } from '../../client/scripts/lib/stage.ts';

const root = path.resolve(import.meta.dirname, '../..');
const manifest = shippedManifest(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const text = (field: string): string => {
  const value = manifest[field];
  return typeof value === 'string' ? value : '';
};
const textsOf = (field: string): string[] => {
  const value = manifest[field];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
};

/** Categories that the Marketplace knows; Open VSX takes the same. */
const CATEGORIES = [
  ...['AI', 'Azure', 'Chat', 'Data Science', 'Debuggers', 'Education', 'Extension Packs', 'Formatters', 'Keymaps'],
  ...['Language Packs', 'Linters', 'Machine Learning', 'Notebooks', 'Other', 'Programming Languages', 'SCM Providers'],
  ...['Snippets', 'Testing', 'Themes', 'Visualization'],
];

describe('the manifest that ships', () => {
  test('holds nothing that is for those who work on the project', () => {
    const ours = ['type', 'private', 'scripts', 'imports', 'dependencies', 'devDependencies', 'allowScripts'];
    expect(ours.filter((field) => field in manifest)).toEqual([]);
  });

  test('names the extension as the Marketplace and Open VSX require it', () => {
    expect(text('name')).toMatch(/^[a-z0-9][a-z0-9-]*$/);
    expect(text('publisher')).toMatch(/^[a-z0-9][a-z0-9-]*$/i);
    // The Marketplace takes numbers alone: no -beta.1.
    expect(text('version')).toMatch(/^\d+\.\d+\.\d+$/);
    expect(text('displayName')).not.toBe('');
    expect(text('description').length).toBeGreaterThan(20);
    expect(text('description').length).toBeLessThanOrEqual(200);
    expect(text('license')).toBe('Apache-2.0');
    expect(text('pricing')).toBe('Free');
  });

  test('is found: categories that there are, and no more keywords than the Marketplace takes', () => {
    const categories = textsOf('categories');
    expect(categories.length).toBeGreaterThan(0);
    expect(categories.filter((category) => !CATEGORIES.includes(category))).toEqual([]);
    const keywords = textsOf('keywords');
    expect(keywords.length).toBeGreaterThan(0);
    expect(keywords.length).toBeLessThanOrEqual(30);
    expect(new Set(keywords).size).toBe(keywords.length);
  });

  test('says where the project is, by https', () => {
    const repository = manifest['repository'] as { url: string };
    const bugs = manifest['bugs'] as { url: string };
    for (const url of [repository.url, bugs.url, text('homepage')]) expect(url).toMatch(/^https:\/\//);
  });

  test('has an icon of 128 pixels, a PNG, and a color for its banner', () => {
    const icon = fs.readFileSync(path.join(root, text('icon')));
    expect(icon.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([128, 128]);
    expect(manifest['galleryBanner']).toEqual({
      color: expect.stringMatching(/^#[\da-f]{6}$/) as string,
      theme: 'dark',
    });
  });

  test('runs where the files are, and in a browser', () => {
    expect(manifest['extensionKind']).toEqual(['workspace']);
    expect([text('main'), text('browser')]).toEqual(['./dist/extension.cjs', './dist/web/extension.js']);
  });

  test('is active for every setting, command and view without saying more than VS Code finds out itself', () => {
    const { activationEvents = [] } = manifest as { activationEvents?: string[] };
    expect(activationEvents).not.toContain('*');
    expect(activationEvents.filter((event) => /^on(?:Command|View):/.test(event))).toEqual([]);
  });
});

test('what may ship is a list of what may, not of what may not', () => {
  const lines = fs.readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n');
  const rules = lines.filter((line) => line !== '' && !line.startsWith('#'));
  expect(rules[0]).toBe('**');
  expect(rules.slice(1).filter((rule) => !rule.startsWith('!'))).toEqual([]);
});
