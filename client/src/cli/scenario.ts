import { readFile } from 'node:fs/promises';
import { loadAll } from 'js-yaml';
import { generateNameOf, kindOf, nameOf, type Json, type KubeObject } from '#core/object';
import { readScenario, ScenarioError } from '../simulation/scenario-file.ts';
import { DEFAULT_SCENARIO, ruleMatches, type ObjectRule, type Scenario } from '../simulation/scenario.ts';
import { UsageError, type Flags } from './args.ts';
import { readDuration } from './operation-flags.ts';

/** The scenario of the flags, on top of the one in a file. @throws UsageError */
export async function scenarioOf(flags: Flags, objects: readonly KubeObject[]): Promise<Scenario> {
  const file = flags.get('scenario');
  const base = file === undefined ? DEFAULT_SCENARIO : await readScenarioFile(file);
  const rules: ObjectRule[] = [
    ...flags.all('duration').map(readRule),
    ...flags.all('fail').map((name) => ({ name, outcome: 'fail' as const })),
    ...flags.all('hang').map((name) => ({ name, outcome: 'hang' as const })),
  ];
  for (const rule of [...base.objects, ...rules]) mustMatch(rule, objects);
  return { ...base, objects: [...base.objects, ...rules] };
}

async function readScenarioFile(file: string): Promise<Scenario> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `The scenario ${file} cannot be read: ${error instanceof Error ? error.message : 'why is unknown'}`,
    );
  }
  try {
    return readScenario((loadAll(text)[0] ?? null) as Json);
  } catch (error) {
    if (error instanceof ScenarioError) throw new UsageError(`The scenario ${file} cannot be used: ${error.message}`);
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw new UsageError(`The scenario ${file} is no YAML: ${why}`);
  }
}

function readRule(text: string): ObjectRule {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new UsageError(`--duration is NAME=5s, not ${text}`);
  return { name: text.slice(0, at), after: readDuration('--duration', text.slice(at + 1)) };
}

/** A rule that means nothing is a mistake, and the simulation would show something that was not asked for. */
function mustMatch({ name }: ObjectRule, objects: readonly KubeObject[]): void {
  const named = objects.map((object) => ({
    kind: kindOf(object),
    name: nameOf(object),
    generateName: generateNameOf(object),
  }));
  if (named.some((candidate) => ruleMatches(name, candidate))) return;
  const names = [...new Set(named.map((n) => n.name || `${n.generateName}…`))].slice(0, 10).join(', ');
  throw new UsageError(`No manifest of the application is called ${name}: there are ${names}`);
}
