import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { isObject, type Json } from '../../../server/src/core/object.ts';
import { NEWEST_ARGOCD } from '../../../server/src/core/versions.ts';
import { diagnose, type DiagnoseOptions } from '../../../server/src/language/diagnostics/diagnose.ts';
import type { Finding, Rule } from '../../../server/src/language/diagnostics/model.ts';
import { RULES } from '../../../server/src/language/diagnostics/rules.ts';
import { parseDocument } from '../../../server/src/manifest/document.ts';
import { applyEdits } from '../../../server/src/manifest/edit.ts';

/** The rules about a hook as an object whose check has a bad example of its own. */
const OWN = RULES.filter(({ id, check }) => check !== undefined && isAboutObjects(id));

function isAboutObjects(id: string): boolean {
  return /^(?:generate-name|name-and|kustomize-generate|hook-(?:may|ttl|logs|sidecar)|multi-phase|stateful|long-running|suspended|replace-|force-on|plain-job|delete-hook|predelete|syncfail|postsync-cleanup)/.test(
    id,
  );
}

const optionsOf = ({ examples }: Rule): DiagnoseOptions => ({
  argocdVersion: examples.argocdVersion ?? NEWEST_ARGOCD,
  listedByKustomization: examples.files !== undefined,
  levels: {},
});

const findingsOf = (text: string, rule: Rule): readonly Finding[] =>
  diagnose(parseDocument(text), optionsOf(rule)).filter((finding) => finding.rule === rule.id);

/** Where two values differ, as paths. */
function differences(a: Json | undefined, b: Json | undefined, path: string): string[] {
  if (isObject(a) && isObject(b))
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      differences(a[key], b[key], `${path}/${key.replaceAll('/', '~')}`),
    );
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
    return a.flatMap((item, i) => differences(item, b[i], `${path}/${i}`));
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
}

/** What fixes of these rules may touch. */
const TOUCHED =
  /^(?:\/items\/\d+)?\/(?:metadata\/annotations(?:\/(?:argocd\.argoproj\.io~|helm\.sh~)[\w-]+)?|metadata\/(?:name|generateName)|spec\/(?:activeDeadlineSeconds|backoffLimit|restartPolicy|ttlSecondsAfterFinished|suspend|paused)|spec\/template\/metadata(?:\/(?:annotations|labels)(?:\/[\w.~-]+)?)?)$/;

const comments = (text: string): string[] => [...text.matchAll(/#.*$/gm)].map(([comment]) => comment.trim());

/** How one value may be written: as a block, as JSON, between braces, with other indents and line ends, in a list. */
const SHAPES: Readonly<Record<string, (value: Json) => string>> = {
  block: (value) => stringify(value),
  deep: (value) => stringify(value, { indent: 4 }),
  flat: (value) => stringify(value, { indentSeq: false, indent: 3 }),
  returns: (value) => stringify(value).replaceAll('\n', '\r\n'),
  json: (value) => `${JSON.stringify(value, undefined, 2)}\n`,
  line: (value) => `${JSON.stringify(value)}\n`,
  braces: (value) => stringify(value, { collectionStyle: 'flow' }),
  quoted: (value) => stringify(value, { defaultKeyType: 'QUOTE_DOUBLE', defaultStringType: 'QUOTE_SINGLE' }),
  list: (value) => stringify({ apiVersion: 'v1', kind: 'List', items: [other(), value, other()] }),
  'list in JSON': (value) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [other(), value] }, undefined, 4),
  commented: (value) =>
    stringify(value)
      .split('\n')
      .map((line, i) => (line.endsWith(':') || i % 3 === 0 ? line : `${line} # line ${i}`))
      .join('\n')
      .replace(/^metadata:/m, '# above\nmetadata: # here')
      .replace(/^( *)spec:$/gm, '$1spec: # there\n\n$1  # below'),
};
const other = (): Json => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' }, data: { a: '1' } });

/** Fields that say nothing to the rules. */
const noise = fc.record(
  {
    labels: fc.constant({ app: 'shop', 'app.kubernetes.io/part-of': 'shop' }),
    namespace: fc.constant('shop'),
    note: fc.constantFrom('yes', 'a: b', 'two\nlines\n', '# none', "it's", '5'),
    extra: fc.constantFrom({}, { parallelism: 1 }, { completions: 2, template: null }),
  },
  { requiredKeys: [] },
);

function withNoise(value: Json, { labels, namespace, note, extra }: Partial<Record<string, Json>>): Json {
  if (!isObject(value) || !isObject(value['metadata'])) return value;
  const metadata = { ...value['metadata'] };
  if (labels !== undefined) metadata['labels'] = labels;
  if (namespace !== undefined && value['kind'] !== 'Namespace') metadata['namespace'] = namespace;
  if (note !== undefined)
    metadata['annotations'] = {
      'example.com/note': note,
      ...(isObject(metadata['annotations']) ? metadata['annotations'] : {}),
    };
  const spec = isObject(value['spec']) ? { spec: { ...(isObject(extra) ? extra : {}), ...value['spec'] } } : {};
  return { ...value, metadata, ...spec };
}

describe.each(OWN.map((rule) => [rule.id, rule] as const))('the fixes of %s', (_id, rule) => {
  const value = parseDocument(rule.examples.bad).value;

  it('leave a document that parses, change nothing else, and silence the rule', () => {
    let fixes = 0;
    fc.assert(
      fc.property(noise, fc.constantFrom(...Object.keys(SHAPES)), (extra, shape) => {
        const text = SHAPES[shape]?.(withNoise(value, extra)) ?? '';
        const before = parseDocument(text);
        expect(before.problems).toEqual([]);
        const findings = findingsOf(text, rule);
        expect(findings, text).toHaveLength(1);
        for (const fix of findings[0]?.fixes() ?? []) {
          expect(fix.edits.length, `${fix.title}\n${text}`).toBeGreaterThan(0);
          fixes++;
          const after = applyEdits(text, fix.edits);
          const parsed = parseDocument(after);
          expect(parsed.problems, `${fix.title}\n${after}`).toEqual([]);
          expect(findingsOf(after, rule), `${fix.title}\n${after}`).toEqual([]);
          for (const path of differences(before.value, parsed.value, '')) expect(path, after).toMatch(TOUCHED);
          if (shape === 'json' || shape === 'line' || shape === 'list in JSON') JSON.parse(after);
          if (shape === 'returns') expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
          if (shape === 'block')
            expect(after.split('\n').filter((line) => !text.includes(line)).length).toBeLessThan(8);
        }
      }),
      { numRuns: 40 },
    );
    if (rule.id !== 'generate-name-collision') expect(fixes).toBeGreaterThan(0);
  });

  it('keep every comment of lines that stay', () => {
    const text = SHAPES['commented']?.(value) ?? '';
    for (const fix of findingsOf(text, rule)[0]?.fixes() ?? []) {
      const after = applyEdits(text, fix.edits);
      const removed = comments(text).filter((comment) => !comments(after).includes(comment));
      // A line that goes takes its own comment along; everything else is still there, in its order.
      expect(removed.length, after).toBeLessThan(3);
      expect(comments(after)).toEqual(comments(text).filter((comment) => !removed.includes(comment)));
    }
  });
});
