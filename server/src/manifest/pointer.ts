/** Where a JSON patch (RFC 6902) writes annotations of the object that it changes. */
export const ANNOTATIONS_POINTER = '/metadata/annotations';

/** A key as a part of a JSON pointer, and back (RFC 6901). */
export const pointerOf = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
export const keyOfPointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
