import { expect, test } from 'vitest';
import { proxyOf } from '../../../client/src/kube/proxy.ts';

const SERVER = 'https://api.prod.example.com:6443';

test.each<[string, string, Record<string, string>, string]>([
  ['none is named', SERVER, {}, ''],
  ['for https', SERVER, { HTTPS_PROXY: 'http://proxy:3128', HTTP_PROXY: 'http://other' }, 'http://proxy:3128'],
  ['for http', 'http://api', { HTTPS_PROXY: 'http://proxy:3128', HTTP_PROXY: 'http://other' }, 'http://other'],
  ['in small letters', SERVER, { https_proxy: 'http://proxy' }, 'http://proxy'],
  ['without a scheme', SERVER, { HTTPS_PROXY: 'proxy:3128' }, 'http://proxy:3128'],
  ['with a socks scheme', SERVER, { HTTPS_PROXY: 'socks5://proxy' }, 'socks5://proxy'],
  ['never for this machine', 'https://127.0.0.1:6443', { HTTPS_PROXY: 'http://proxy' }, ''],
  ['never for localhost', 'https://localhost:6443', { HTTPS_PROXY: 'http://proxy' }, ''],
  ['not for an address that is none', 'nowhere', { HTTPS_PROXY: 'http://proxy' }, ''],
])('proxy of the environment: %s', (_title, server, env, expected) => {
  expect(proxyOf(server, env)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ['api.prod.example.com', SERVER, true],
  ['example.com', SERVER, true],
  ['.example.com', SERVER, true],
  ['*.example.com', SERVER, true],
  ['ample.com', SERVER, false],
  ['other.com, example.com', SERVER, true],
  ['*', SERVER, true],
  ['example.com:6443', SERVER, true],
  ['example.com:443', SERVER, false],
  ['10.0.0.0/8', 'https://10.9.8.7', true],
  ['10.0.0.0/16', 'https://10.9.8.7', false],
  ['10.9.8.7', 'https://10.9.8.7', true],
  ['0.0.0.0/0', 'https://10.9.8.7', true],
  ['10.0.0.0/8', SERVER, false],
])('NO_PROXY=%s for %s', (list, server, excepted) => {
  expect(proxyOf(server, { HTTPS_PROXY: 'http://proxy', NO_PROXY: list }) === '').toBe(excepted);
});
