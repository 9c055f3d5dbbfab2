import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffPlans } from '#core/plan/diff';
import { mermaidText, planMermaid } from '../../../client/src/text/plan-mermaid.ts';
import { planMarkdown } from '../../../client/src/text/plan-markdown.ts';
import type { Comparison } from '../../../client/src/text/comparison.ts';
import { manifest, planOf } from '../../core/plan/plans.ts';

const SHOP = planOf(
  manifest('Job migrate', 'PreSync', -1) +
    manifest('ConfigMap settings') +
    manifest('Deployment web') +
    manifest('Widget odd', '', 5) +
    manifest('Job broken', 'SyncFail') +
    manifest('Job goodbye', 'PostDelete') +
    manifest('Job seed', 'presync'),
);

describe('a plan as Markdown', () => {
  it('is one table, with what is left out below it', () => {
    expect(planMarkdown([SHOP])).toBe(
      `### shop

apps/shop (directory) · 5 resources · 1 left out

| Phase | Wave | Resource | What becomes of it | What follows |
| --- | --- | --- | --- | --- |
| **PreSync** | −1 | Job/migrate | hook, replaced by the next sync | waits until it completes |
| **Sync** | 0 | ConfigMap/settings |  |  |
|  |  | Deployment/web |  | waits until it is healthy |
|  | 5 | Widget/odd |  |  |
| **SyncFail (if it fails)** | 0 | Job/broken | hook, replaced by the next sync | waits until it completes |
| **PostDelete (when the application is deleted)** | 0 | Job/goodbye | hook, outlives the Application | waits until it completes |

**Left out**

- Job/seed: "presync" is no phase of Argo CD: it never applies this manifest, and prunes a live copy. Did you mean PreSync? (a.yaml:7)
`,
    );
  });

  it('says when nothing is ordered, when nothing is applied, and when nothing is there', () => {
    expect(planMarkdown([planOf(manifest('ConfigMap a'))])).toContain('everything is applied at once');
    expect(planMarkdown([planOf('')])).toContain('A sync applies nothing.');
    expect(planMarkdown([])).toBe('No application here: no manifest was found.\n');
  });

  it('leaves a table whole whatever names hold', () => {
    const hostile = 'a|b\n| c `d` [e](http://f) <img src=x> *g* $(icon) ~~h~~ &lt;';
    const text = planMarkdown([planOf(manifest(`Job ${hostile}`, 'PreSync') + manifest('ConfigMap b'))]);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.map((row) => row.replace(/\\\|/g, '').split('|').length)).toEqual([7, 7, 7, 7]);
    expect(text).toContain(
      'a\\|b \\| c \\`d\\` \\[e\\](http://f) \\<img src=x\\> \\*g\\* \\$(icon) \\~\\~h\\~\\~ \\&lt;',
    );
  });
});

describe('a plan as a Mermaid diagram', () => {
  it('has a frame for each phase, boxes for waves in order, and gates on the arrows', () => {
    expect(planMermaid([SHOP])).toBe(
      `flowchart TD
  subgraph a0["shop"]
    subgraph a0PreSync["PreSync"]
      a0PreSync0["<b>wave −1</b><br/>Job/migrate"]
    end
    subgraph a0Sync["Sync"]
      a0Sync0["<b>wave 0</b><br/>ConfigMap/settings<br/>Deployment/web"]
      a0Sync1["<b>wave 5</b><br/>Widget/odd"]
    end
    subgraph a0SyncFail["SyncFail #40;if it fails#41;"]
      a0SyncFail0["<b>wave 0</b><br/>Job/broken"]
    end
    subgraph a0PostDelete["PostDelete #40;when the application is deleted#41;"]
      a0PostDelete0["<b>wave 0</b><br/>Job/goodbye"]
    end
    a0done(["Succeeded"])
    a0fail(["If anything fails"])
  end
  a0PreSync0 ==>|"waits for Job migrate to complete"| a0Sync0
  a0Sync0 ==>|"waits for Deployment web to be healthy"| a0Sync1
  a0Sync1 -->|"does not wait"| a0done
  a0fail -.-> a0SyncFail0
`,
    );
  });

  it('names a dozen objects of a large wave, and counts the rest', () => {
    const many = Array.from({ length: 40 }, (_, i) => manifest(`ConfigMap c${i}`)).join('');
    const text = planMermaid([planOf(many)]);
    expect(text.match(/ConfigMap\//g)).toHaveLength(12);
    expect(text).toContain('<br/>and 28 more"]');
  });

  it('is a whole diagram without applications, and without tasks', () => {
    expect(planMermaid([])).toBe('flowchart TD\n  none["No application here"]\n');
    expect(planMermaid([planOf('')])).toContain('a0none["A sync applies nothing"]');
  });

  it('keeps any text inside its quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        expect(mermaidText(text)).toMatch(/^(?:[^"%`{}()[\]<>|&:;#\n\r\\*~=]|#\d+;)*$/);
      }),
    );
    expect(mermaidText('say "hi" %%{init} #quot; `x` <b>')).toBe(
      'say #34;hi#34; #37;#37;#123;init#125; #35;quot#59; #96;x#96; #60;b#62;',
    );
  });
});

describe('a plan beside an earlier one', () => {
  const before = planOf(manifest('Job migrate', 'PreSync') + manifest('ConfigMap old') + manifest('Deployment web'));
  const now = planOf(manifest('Job migrate', 'PostSync') + manifest('ConfigMap new') + manifest('Deployment web'));
  const revision = { name: 'main', short: '1a2b3c4' };
  const comparison: Comparison = { revision, changes: new Map([[now, diffPlans(before, now)]]), gone: [] };

  it('begins with the changes in Markdown, and folds the plan away', () => {
    const [top = '', folded] = planMarkdown([now], comparison).split('<details>');
    expect(top).toBe(
      `### shop

apps/shop (directory) · 3 resources

**4 changes since main (1a2b3c4)**

| Change | Object | From | To | What that means |
| --- | --- | --- | --- | --- |
| − removed | ConfigMap old | Sync 0 | – | Its manifest is gone: with pruning on, a sync deletes the live object; without, the object stays as it is. |
| + added | ConfigMap new | – | Sync 0 | New: is applied in Sync, wave 0. |
| ~ now waited for | Deployment web | Sync 0 | Sync 0 | What follows waits until it is healthy now. Before: the next wave does not wait for it: it is in the last wave, and the sync succeeds as soon as everything of it is applied. |
| ~ moved | Job migrate | PreSync 0 | PostSync 0 | From PreSync to PostSync, wave 0: when everything of Sync is applied and healthy now, not before anything else of the application is applied. |

`,
    );
    expect(folded).toMatch(/^<summary>The whole plan<\/summary>\n\n\| Phase [^]*\n\n<\/details>\n$/);
  });

  it('names what did not change, and what is gone', () => {
    const same = planMarkdown([now], { ...comparison, changes: new Map() });
    expect(same).toBe('Nothing changes in the order of shop since main (1a2b3c4).\n');
    const gone = [{ plan: before, changes: diffPlans(before, undefined) }];
    expect(planMarkdown([], { ...comparison, changes: new Map(), gone })).toMatch(
      /^### shop\n\n\*\*Gone since main \(1a2b3c4\)\*\*: nothing is applied[^]*− removed/,
    );
    expect(planMermaid([], { ...comparison, changes: new Map(), gone })).toContain(
      'gone0["<b>shop#58; gone</b><br/>− Job migrate',
    );
  });

  it('is marked in a diagram', () => {
    const text = planMermaid([now], comparison);
    expect(text).toContain('a0Sync0["<b>wave 0</b><br/>#43; ConfigMap/new<br/>#126; Deployment/web"]:::changed');
    expect(text).toContain('a0PostSync0["<b>wave 0</b><br/>#126; Job/migrate"]:::changed');
    expect(text).toContain('a0gone["<b>Not any more</b><br/>− ConfigMap old"]:::gone');
    expect(text).toMatch(/\n {2}classDef changed stroke-width:4px\n {2}classDef gone stroke-dasharray:4\n$/);
  });
});
