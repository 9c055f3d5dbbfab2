import { normalizeName } from '../../normalize-name.ts';
import { fail } from '../problem.ts';

/**
 * A name for an address. Source: applicationset/utils/utils.go `SlugifyName`, which is gosimple/slug after
 * `SanitizeName`. @param smart cuts between words
 */
export function slugified(written: string, size: number, smart: boolean): string {
  if (size < 1) return fail('slugify wants a length of one or more');
  const name = normalizeName(written);
  const slug = (smart ? name : name.slice(0, size))
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/-+/g, '-')
    .replace(/^-|-$/g, '');
  if (slug.length <= size) return slug;
  const cut = slug.lastIndexOf('-', size);
  return slug.slice(0, cut < 0 ? size : cut);
}
