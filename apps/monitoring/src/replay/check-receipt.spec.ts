import { generateKeyPairSync, sign } from 'node:crypto';
import { encodeWire, Receipt } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import { checkReceipt } from './check-receipt.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const receipt: Receipt = {
  predictionId: ID,
  modelName: 'heart-disease',
  modelVersion: 3,
  modelVersionId: ID,
  modelSha256: 'a'.repeat(64),
  inputSha256: 'b'.repeat(64),
  prediction: 1,
  probability: 0.7,
  threshold: 0.5,
  route: 'live',
  runtime: 'onnxruntime-node 1.30.0',
  options: { intraOpNumThreads: 1 },
  issuedAt: '2026-01-01T00:00:00.000Z',
};
const { route: _why, runtime: _by, options: _how, issuedAt: _when, ...facts } = receipt;

const pair = generateKeyPairSync('ed25519');
const { x = '' } = pair.publicKey.export({ format: 'jwk' });
const keys = { keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid: 'ours', alg: 'Ed25519', use: 'sig' } as const] };

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
function signBy(privateKey: typeof pair.privateKey, said: Receipt, alg = 'Ed25519'): string {
  const signed = `${base64({ alg, kid: 'ours' })}.${base64(encodeWire(Receipt, said))}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

it('knows a receipt that we signed, and that every fact of it is what was found', async () => {
  expect(await checkReceipt(signBy(pair.privateKey, receipt), keys, facts)).toEqual({ authentic: true, differs: [] });
});

it('names the facts that are not what was found', async () => {
  const found = { ...facts, threshold: 0.4, inputSha256: 'c'.repeat(64) };
  const { differs } = await checkReceipt(signBy(pair.privateKey, receipt), keys, found);
  expect(differs.sort()).toEqual(['inputSha256', 'threshold']);
});

it('believes no receipt that was altered, signed by somebody else, or signed by no key at all', async () => {
  const [head, , signature] = signBy(pair.privateKey, receipt).split('.');
  const altered = `${head}.${base64(encodeWire(Receipt, { ...receipt, probability: 0.1 }))}.${signature}`;
  const foreign = signBy(generateKeyPairSync('ed25519').privateKey, receipt);
  const unsigned = `${base64({ alg: 'none' })}.${base64(encodeWire(Receipt, receipt))}.e30`;
  for (const signed of [altered, foreign, unsigned, signBy(pair.privateKey, receipt, 'HS256'), 'a.b.c'])
    expect(await checkReceipt(signed, keys, facts)).toEqual({ authentic: false, differs: [] });
});
