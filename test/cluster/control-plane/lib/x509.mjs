// A certificate authority in a few lines of DER, so that no openssl program and no npm package is needed.
import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

const der = (tag, ...parts) => {
  const body = Buffer.concat(parts);
  const n = body.length;
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const seq = (...parts) => der(0x30, ...parts);
const set = (...parts) => der(0x31, ...parts);
const bool = (v) => der(0x01, Buffer.from([v ? 255 : 0]));
const int = (buf) => der(0x02, buf[0] & 0x80 ? Buffer.concat([Buffer.from([0]), buf]) : buf);
const octets = (buf) => der(0x04, buf);
const bits = (buf, unused = 0) => der(0x03, Buffer.from([unused]), buf);
const utf8 = (text) => der(0x0c, Buffer.from(text));
const oid = (text) => {
  const [a, b, ...rest] = text.split('.').map(Number);
  const out = [a * 40 + b];
  for (const n of rest) {
    const chunk = [n & 127];
    for (let v = n >>> 7; v; v >>>= 7) chunk.unshift((v & 127) | 128);
    out.push(...chunk);
  }
  return der(0x06, Buffer.from(out));
};
const time = (date) => der(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')));

const name = ({ commonName, organizations = [] }) =>
  seq(...organizations.map((o) => set(seq(oid('2.5.4.10'), utf8(o)))), set(seq(oid('2.5.4.3'), utf8(commonName))));
const ecdsaWithSha256 = seq(oid('1.2.840.10045.4.3.2'));
const pem = (label, buf) =>
  `-----BEGIN ${label}-----\n${buf.toString('base64').replace(/.{64}/g, '$&\n').trim()}\n-----END ${label}-----\n`;

/** A P-256 key pair: `{publicKey, privateKey}` in PEM. */
export function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    publicDer: publicKey.export({ type: 'spki', format: 'der' }),
    privateKey: privateKey.export({ type: 'sec1', format: 'pem' }),
  };
}

/**
 * Issues a certificate that is valid for ten years.
 * @param {{commonName: string, organizations?: string[], hosts?: string[], ca?: boolean}} subject
 * @param issuer the result of an earlier call with `ca: true`; absent for a self-signed authority
 */
export function certificate(subject, issuer) {
  const keys = keyPair();
  const extension = (id, critical, value) => seq(oid(id), ...(critical ? [bool(true)] : []), octets(value));
  const extensions = [
    extension('2.5.29.19', true, subject.ca ? seq(bool(true)) : seq()),
    // certificate signing, or digital signature + key encipherment
    extension('2.5.29.15', true, subject.ca ? bits(Buffer.from([0x86]), 1) : bits(Buffer.from([0xa0]), 5)),
  ];
  if (!subject.ca)
    extensions.push(extension('2.5.29.37', false, seq(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2'))));
  if (subject.hosts?.length) {
    const names = subject.hosts.map((h) =>
      isIP(h) ? der(0x87, Buffer.from(h.split('.').map(Number))) : der(0x82, Buffer.from(h)),
    );
    extensions.push(extension('2.5.29.17', false, seq(...names)));
  }
  const now = Date.now();
  const body = seq(
    der(0xa0, int(Buffer.from([2]))),
    int(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    name(issuer?.subject ?? subject),
    seq(time(new Date(now - 3600e3)), time(new Date(now + 3650 * 86400e3))),
    name(subject),
    keys.publicDer,
    der(0xa3, seq(...extensions)),
  );
  const signature = sign('sha256', body, createPrivateKey(issuer?.privateKey ?? keys.privateKey));
  return {
    subject,
    cert: pem('CERTIFICATE', seq(body, ecdsaWithSha256, bits(signature))),
    privateKey: keys.privateKey,
  };
}
