type Env = Readonly<Record<string, string | undefined>>;

const from = (env: Env, name: string): string => env[name] || env[name.toLowerCase()] || '';

/**
 * The proxy that the environment names for a server, as kubectl and every Go program read it: HTTPS_PROXY or HTTP_PROXY
 * after the server's scheme, unless NO_PROXY names the host; never for this machine itself. Empty: none.
 * Source: golang.org/x/net/http/httpproxy `Config.ProxyFunc`.
 */
export function proxyOf(server: string, env: Env): string {
  if (!URL.canParse(server)) return '';
  const url = new URL(server);
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return '';
  const proxy = url.protocol === 'https:' ? from(env, 'HTTPS_PROXY') : from(env, 'HTTP_PROXY');
  if (proxy === '' || isExcepted(host, url.port, from(env, 'NO_PROXY'))) return '';
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** `*`, a host, a domain with its subdomains (`example.com`, `.example.com`), an address or an IPv4 range; `:port` may follow. */
function isExcepted(host: string, port: string, list: string): boolean {
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      if (entry.includes('/')) return inRange(host, entry);
      const [, name = entry, only] = /^([^:]*):(\d+)$/.exec(entry) ?? [];
      if (only !== undefined && only !== (port || '443')) return false;
      const domain = name.replace(/^\*?\./, '.');
      return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
    });
}

function inRange(host: string, range: string): boolean {
  const [base = '', bits = ''] = range.split('/');
  const [a, b] = [number32(host), number32(base)];
  const length = Number(bits);
  if (a === undefined || b === undefined || !(length >= 0 && length <= 32)) return false;
  const size = 2 ** (32 - length);
  return Math.floor(a / size) === Math.floor(b / size);
}

/** An IPv4 address as a number. */
function number32(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  const valid = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  return valid ? parts.reduce((value, part) => value * 256 + part, 0) : undefined;
}
