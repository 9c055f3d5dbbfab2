import { Execution, type Data } from './execute.ts';
import { parseTemplate, type Node } from './parse.ts';
import { TemplateProblem } from './problem.ts';

export type { Data } from './execute.ts';

/** What a template comes to. An action that has no text here stands as it is written, and `left` says why. */
export interface Evaluated {
  readonly text: string;
  readonly left: readonly LeftAction[];
}

/** An action that stands as it is written. */
export interface LeftAction {
  readonly source: string;
  /** A clause, without a period. */
  readonly why: string;
}

/**
 * Evaluates a template of an ApplicationSet with `goTemplate: true`, with the functions that Argo CD gives to it. Nothing
 * is guessed: an action that Go would refuse, or that needs what is not known here, stays as it is written.
 * Source: applicationset/utils/utils.go `Render.Replace`, Go's text/template.
 */
export function evaluateTemplate(source: string, data: Data): Evaluated {
  if (!source.includes('{{')) return { text: source, left: [] };
  const nodes = parsed(source);
  if (typeof nodes === 'string') return { text: source, left: [{ source, why: nodes }] };
  const execution = new Execution(data);
  const left: LeftAction[] = [];
  const texts = nodes.map((node) => {
    try {
      return execution.run(node);
    } catch (error) {
      if (!(error instanceof TemplateProblem) || node.kind === 'text') throw error;
      const written = source.slice(node.start, node.end);
      left.push({ source: written, why: error.message });
      return written;
    }
  });
  return { text: texts.join(''), left };
}

/** Templates as they were read, or why they could not be: each is asked for once an Application. */
const known = new Map<string, readonly Node[] | string>();
const MAX_KNOWN = 500;

function parsed(source: string): readonly Node[] | string {
  let found = known.get(source);
  if (found === undefined) {
    found = read(source);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(source, found);
  }
  return found;
}

function read(source: string): readonly Node[] | string {
  try {
    return parseTemplate(source);
  } catch (error) {
    if (error instanceof TemplateProblem) return error.message;
    throw error;
  }
}
