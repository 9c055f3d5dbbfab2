import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jqPaths } from '#core/ignore/jq';
import type { Json } from '#core/object';

const OBJECT: Json = {
  metadata: { annotations: { 'example.com/a': '1', plain: '2' } },
  spec: {
    replicas: 3,
    containers: [
      { name: 'app', image: 'app:1', env: [{ name: 'A', value: '1' }] },
      { name: 'istio-proxy', image: 'istio:2' },
    ],
    empty: [],
    nothing: null,
  },
  webhooks: [{ clientConfig: { caBundle: 'x' } }, { clientConfig: {} }],
};

/** The places of an expression, as pointers without escapes. */
const placesOf = (expression: string): string[] | 'not understood' =>
  jqPaths(expression)?.(OBJECT).map((path) => path.join('/')) ?? 'not understood';

describe('a jq path expression points', () => {
  test.each<[string, readonly string[]]>([
    ['.spec.replicas', ['spec/replicas']],
    ['.spec["replicas"]', ['spec/replicas']],
    ['.spec.["replicas"]', ['spec/replicas']],
    ['."spec"."replicas"', ['spec/replicas']],
    ['.metadata.annotations."example.com/a"', ['metadata/annotations/example.com/a']],
    ['.metadata.annotations["example.com/a"]', ['metadata/annotations/example.com/a']],
    ['.spec.containers[0].image', ['spec/containers/0/image']],
    ['.spec.containers[-1].image', ['spec/containers/1/image']],
    ['.spec.containers[].image', ['spec/containers/0/image', 'spec/containers/1/image']],
    ['.spec.containers[] | select(.name == "istio-proxy")', ['spec/containers/1']],
    ['.spec.containers[] | select(.name | test("^istio-")) | .image', ['spec/containers/1/image']],
    ['.spec.containers[]|select(.name|startswith("ist"))', ['spec/containers/1']],
    [
      '.spec.containers[] | select(.name == "app" or .name == "istio-proxy")',
      ['spec/containers/0', 'spec/containers/1'],
    ],
    ['.spec.containers[] | select(has("env") | not)', ['spec/containers/1']],
    [
      '.spec.containers[] | select(.env | length > 0) | .env[] | select(.name != "B") | .value',
      ['spec/containers/0/env/0/value'],
    ],
    ['.spec.replicas, .spec.containers[1].image', ['spec/replicas', 'spec/containers/1/image']],
    ['(.spec | .replicas)', ['spec/replicas']],
    ['.webhooks[]?.clientConfig.caBundle', ['webhooks/0/clientConfig/caBundle']],
    ['.spec.volumes[]?', []],
    ['.. | select(type == "string" and . == "istio:2")', ['spec/containers/1/image']],
    ['.spec.empty', ['spec/empty']],
    ['.spec.nothing', ['spec/nothing']],
    ['.spec.missing.deeper', []],
    // jq ends with an error: nothing is ignored.
    ['.spec.volumes[]', []],
    ['.spec.replicas.deeper', []],
    ['.spec.replicas, .spec.volumes[]', []],
  ])('%s', (expression, places) => {
    expect(placesOf(expression)).toEqual(places);
  });

  test.each([
    '',
    '.spec |',
    '.spec.containers[0:1]',
    '.spec.containers[] | select(any(.env[]?; true))',
    '.spec.replicas = 1',
    'del(.spec)',
    '.metadata.annotations | to_entries[]',
    '.spec as $x | $x',
    '.spec.containers[] | select(.name | test("(a+)+$"))',
    '.spec.containers[] | select(.name | test("(?i)app"))',
    '.spec.containers[] | select(.name | test(.image))',
    '"text"',
    '.spec | length',
    '.a.b)',
    '(',
    `.a["\\(1)"]`,
  ])('nowhere, and that is known, where it is %j', (expression) => {
    expect(placesOf(expression)).toBe('not understood');
  });

  test('nowhere, whatever is written, without an error', () => {
    const parts = fc.constantFrom(
      ...'. .a [] [0] | , ( ) select( not "x" == and .. ? -1 // test("a") has("b") any'.split(' '),
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), fc.json(), (words, json) => {
        const places = jqPaths(words.join(' '))?.(JSON.parse(json) as Json) ?? [];
        expect(places.every((path) => path.length > 0)).toBe(true);
      }),
    );
    expect(placesOf('('.repeat(5000))).toBe('not understood');
  });
});
