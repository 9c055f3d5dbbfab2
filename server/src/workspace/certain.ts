import { groupOf, isObject, type Json, type KubeObject } from '../core/object.ts';
import { hasTemplate } from '../manifest/template.ts';

/** A place of an object that holds a template, which somebody was meant to fill in before the object is applied. */
export interface Unresolved {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** What only Helm fills in; other tools' braces (alert rules, workflows) are part of the object. */
const HELM =
  /\{\{-?\s*(?:\.(?:Values|Release|Chart|Capabilities|Files|Template)\b|include\b|template\b|tpl\b|toYaml\b)/;

/** Where a built-in kind carries texts of other languages, whose braces and dollars are their own. */
const FREE_TEXT: ReadonlySet<string> = new Set([
  'data',
  'stringData',
  'binaryData',
  'command',
  'args',
  'env',
  'exec',
  'subPathExpr',
  'annotations',
  'managedFields',
  // The schema of a CustomResourceDefinition, whose descriptions tell of `$(VAR_NAME)` and of templates.
  'openAPIV3Schema',
  'description',
]);

/** Annotations that decide about the sync. */
const DECIDING = /^(?:argocd\.argoproj\.io|helm\.sh)\//;

/**
 * The first place of an object that is not certain to be what is meant: a template in what identifies the object or
 * decides about its sync, in a field of a built-in kind that takes no free text, or of Helm anywhere.
 */
export function unresolvedTemplate(object: KubeObject): Unresolved | undefined {
  return search(object, [], isBuiltIn(groupOf(object)));
}

const isBuiltIn = (group: string): boolean => !group.includes('.') || group.endsWith('.k8s.io');

function search(value: Json, path: readonly (string | number)[], builtIn: boolean): Unresolved | undefined {
  if (typeof value === 'string') return isUnresolved(value, path, builtIn) ? { path, text: value } : undefined;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = search(value[i] ?? null, [...path, i], builtIn);
      if (found) return found;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  for (const [key, entry] of Object.entries(value)) {
    if (isUnresolved(key, path, builtIn)) return { path, text: key };
    const found = search(entry, [...path, key], builtIn);
    if (found) return found;
  }
  return undefined;
}

function isUnresolved(text: string, path: readonly (string | number)[], builtIn: boolean): boolean {
  if (!text.includes('{') && !text.includes('$(')) return false;
  if (!hasTemplate(text)) return false;
  if (HELM.test(text) || isIdentity(path)) return true;
  return builtIn && !path.some((step) => typeof step === 'string' && FREE_TEXT.has(step));
}

/** A place that tells which object it is, or decides about its sync. */
export function isIdentity(path: readonly (string | number)[]): boolean {
  const [first, second, third] = path;
  if (first === 'apiVersion' || first === 'kind') return true;
  if (first !== 'metadata') return false;
  if (second !== 'annotations') return second !== 'managedFields';
  return typeof third === 'string' && DECIDING.test(third);
}
