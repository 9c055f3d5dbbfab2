import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, parseEdited } from '../../server/src/manifest/document.ts';

/** Everything that a document says. */
const said = ({ manifests, parts, problems, silences, value, masked }: ReturnType<typeof parseDocument>): unknown => ({
  manifests,
  parts,
  problems,
  silences,
  value,
  masked,
});

const JOB = `---
# A job.
apiVersion: batch/v1
kind: Job # the kind

metadata:
  name: "migrate"
  annotations:
    argocd.argoproj.io/hook: PreSync
    example.com/empty:
    example.com/block: |
      text
# between
spec:
  template:
    spec:
      containers:
      - name: a
        args: ["x", 'y']
status: {a: [1, 2], b: ~}
`;

const KUSTOMIZATION = `kind: Kustomization
resources: [web.yaml]
commonAnnotations:
  argocd.argoproj.io/sync-wave: "5"
configMapGenerator:
- name: settings
  options: {annotations: {argocd.argoproj.io/sync-wave: "1"}}
patches:
- target: {kind: Job}
  patch: |-
    - op: add
      path: /metadata/annotations/argocd.argoproj.io~1hook
      value: PreSync
`;
const VALUES = `# values
migrate:
  annotations:
    argocd.argoproj.io/hook: PreSync
commonAnnotations: {argocd.argoproj.io/sync-wave: "1"}
`;
const SET = `kind: ApplicationSet
apiVersion: argoproj.io/v1alpha1
spec:
  template:
    spec:
      source:
        helm: {valuesObject: {a: {annotations: {argocd.argoproj.io/sync-wave: "1"}}}}`;

describe('a document that is edited, read by the entries of its root', () => {
  it.each([
    ['a manifest', JOB],
    ['the same with CRLF', JOB.replaceAll('\n', '\r\n')],
    ['no line feed at the end', JOB.trimEnd()],
    ['a list at the column of its key', 'kind: X\nitemsOf:\n- a\n- b: c\nmetadata:\n  name: x\n'],
    ['a kind: List', 'kind: List\napiVersion: v1\nitems:\n- kind: Pod\n  metadata: {name: a}\n'],
    [
      'an Application',
      'kind: Application\napiVersion: argoproj.io/v1alpha1\nspec:\n  syncPolicy:\n    syncOptions: [A=b]\n',
    ],
    ['a kustomization', KUSTOMIZATION],
    ['one without a kind', KUSTOMIZATION.replace('kind: Kustomization\n', '')],
    ['values of a chart', VALUES],
    ['an ApplicationSet', `${SET}\n`],
    ['a text over lines', 'kind: "Jo\n  b"\nmetadata:\n  name: >\n    a\n    b\n\nspec: a\n  b\n'],
    ['a quote that is open', 'kind: "Job\nmetadata:\n  name: x\nspec: "\n'],
    ['a flow map that is open', 'kind: Job\nmetadata: {name: x,\nspec: 1\n}\n'],
    ['an anchor used further down', 'kind: &k Job\nmetadata:\n  name: *k\n'],
    ['an anchor used in its own entry', 'kind: Job\nmetadata:\n  labels: &l {a: b}\n  annotations: *l\nspec: {}\n'],
    ['a merge key at the root', 'kind: Job\nmetadata: &m {a: b}\n<<: *m\nspec: 1\n'],
    ['the same key twice', 'kind: Job\nmetadata: {name: a}\nmetadata: {name: b}\n'],
    ['a key without a value', 'kind:\nmetadata:\nspec:\n'],
    ['a directive', '%YAML 1.2\n---\nkind: Job\nmetadata: {}\n'],
    ['content behind the separator', '--- {kind: Job}\nmetadata: {}\n'],
    ['an end mark', 'kind: Job\nmetadata: {}\n...\n'],
    ['a template', 'kind: Job\nmetadata:\n  name: {{ .Values.x }}\nspec: {}\n'],
    ['a silence', 'kind: Job\nmetadata:\n  # argocd-hooks: ignore empty-hook\n  annotations: {}\n'],
    ['single carriage returns', 'kind: Job\rmetadata:\r  name: x\r'],
    ['a byte-order mark', '\ufeffkind: Job\nmetadata: {name: x}\n'],
    ['a number for a key', 'kind: Job\n1: x\ntrue: y\n'],
    ['tabs', 'kind:\tJob\nmetadata:\n\tname: x\n'],
    ['a key of the prototype', 'kind: Job\nconstructor: x\ntoString: y\n__proto__: {a: b}\n'],
    ['a root that is indented', '  kind: Job\n  metadata: {name: x}\n'],
  ])('%s: says the same as when it is read as a whole', (_what, text) => {
    expect(said(parseEdited(text))).toEqual(said(parseDocument(text)));
  });

  it('says the same where a kind has no name yet', () => {
    const text = KUSTOMIZATION.replace('kind: Kustomization', 'kind: # Kustomization');
    expect(said(parseEdited(text))).toEqual(said(parseDocument(text)));
  });

  it('says the same after any edits', () => {
    const piece = fc.constantFrom(
      '\n',
      ' ',
      '  ',
      'a',
      ':',
      ': ',
      '"',
      "'",
      '#',
      ' #',
      '-',
      '- ',
      '{',
      '}',
      '[',
      ',',
      '&a ',
      '*a',
      '|',
      '>',
      '\r\n',
      '---\n',
      '!!str ',
      'kind: x\n',
      'é',
      '\t',
      '? ',
    );
    const edit = fc.record({ at: fc.nat(), drop: fc.nat({ max: 6 }), text: piece });
    fc.assert(
      fc.property(
        fc.constantFrom(JOB, KUSTOMIZATION, VALUES),
        fc.array(edit, { minLength: 1, maxLength: 8 }),
        (first, edits) => {
          let text = first;
          for (const { at, drop, text: inserted } of edits) {
            const start = at % (text.length + 1);
            text = text.slice(0, start) + inserted + text.slice(start + drop);
            expect(said(parseEdited(text))).toEqual(said(parseDocument(text)));
          }
        },
      ),
      { numRuns: 600 },
    );
  });
});
