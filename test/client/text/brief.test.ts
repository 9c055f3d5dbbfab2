import fc from 'fast-check';
import { expect, test } from 'vitest';
import { briefly } from '../../../client/src/text/brief.ts';

const template = `{"labels":{"a":"b: c}"},"Spec":{"Containers":[${'{"Name":"main","Image":"x: y"},'.repeat(20)}{}]}}`;

test('the value that a server refuses is left out where it fills a page, and what and why stay', () => {
  expect(briefly(`Job.batch "seed" is invalid: spec.template: Invalid value: ${template}: field is immutable`)).toBe(
    'Job.batch "seed" is invalid: spec.template: Invalid value: …: field is immutable',
  );
});

test('each of several', () => {
  const one = `spec.template: Invalid value: ${template}: field is immutable`;
  const two = `spec.selector: Invalid value: ${template}: must be set`;
  expect(briefly(`[${one}, ${two}]`)).toBe(
    '[spec.template: Invalid value: …: field is immutable, spec.selector: Invalid value: …: must be set]',
  );
});

test('a short value stays, and so does what has no end', () => {
  const short = 'spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive';
  expect(briefly(short)).toBe(short);
  const endless = `Invalid value: {${'x'.repeat(300)}`;
  expect(briefly(endless)).toBe(endless);
});

test('any text comes back, the same where nothing is refused', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('Invalid value: ', '{', '}', '"', '\\', ': ', 'a')), (parts) => {
      const text = parts.join('');
      const brief = briefly(text);
      expect(brief.length).toBeLessThanOrEqual(text.length);
      if (!text.includes('Invalid value: ')) expect(brief).toBe(text);
    }),
  );
});
