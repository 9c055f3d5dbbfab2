import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../server/src/core/object.ts';
import { startsOf } from '../../server/src/language/starts.ts';
import { parseDocument } from '../../server/src/manifest/document.ts';

const PIECES = [
  ...[
    '---\n',
    '--- ',
    '--- # c\n',
    '# c\n',
    '\n',
    ' \n',
    '\r\n',
    '\ufeff',
    '%YAML 1.1\n',
    '&a ',
    '!!map ',
    '{',
    '}\n',
    '- ',
  ],
  ...['kind: Job\n', 'apiVersion: v1\n', '"kind": List\n', 'items:\n', 'items:\n- kind: Pod\n  apiVersion: v1\n', '  '],
  ...[
    'metadata:\n  name: a\n',
    '? kind\n: Job\n',
    'kind: {{ x }}\n',
    '{{ if x }}\n',
    '<<: {kind: Pod}\n',
    '"\n',
    '\t\n',
    '\r',
  ],
];

describe('where objects begin', () => {
  it('is what a parse with all places says', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        const quick = startsOf(parseDocument(text)).filter(({ object }) => kindOf(object) !== '');
        const manifests = parseDocument(text).manifests.map(({ object, span }) => ({ object, start: span.start }));
        expect(quick).toEqual(manifests.filter(({ object }) => kindOf(object) !== ''));
        found += quick.length;
      }),
      { numRuns: 3_000 },
    );
    expect(found).toBeGreaterThan(200);
  });
});
