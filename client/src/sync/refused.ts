/** A place whose manifest cannot be read for certain. */
export interface RefusedPlace {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What cannot be read for certain is never synced: every place, a line each. Undefined where nothing is refused. */
export function refusedText(application: string, refused: readonly RefusedPlace[]): string | undefined {
  if (refused.length === 0) return undefined;
  const places = refused.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  return [`${application} cannot be synced:`, ...places].join('\n');
}
