/** Runs the language server in this process, over its standard streams, until its client ends it. */
export async function languageServer(): Promise<number> {
  if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
  const server = new URL('./server.mjs', import.meta.url);
  await import(server.href);
  return 0;
}
