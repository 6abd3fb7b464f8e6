import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem, type Role } from '@gimbal/contracts';
import { requireServable } from '@gimbal/domain';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { trainBadModel } from '../src/demo/bad-model.js';
import { readHospitals } from '../src/demo/patients.js';
import { EXAMPLE_PATIENT } from '../src/welcome.js';
import { MODEL, ROOT, Ward } from './ward.js';

// What a stranger, a careless program and a broken upstream send, through the real door; and what the logs keep of it: nothing.
jest.setTimeout(600_000);

/** Values that occur nowhere but in what is sent here. */
const MARK = { number: 137.731_925_46, text: 'mark-9b1f-of-a-patient', key: 'gimbal-guessed-key-5d2e7c' };
const JSON_TYPE = { 'content-type': 'application/json' };

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly role?: Role | null;
  readonly headers?: Record<string, string>;
  readonly body?: string | undefined;
}

let ward: Ward;
let url: string;
let keys: Record<Role, string>;
let codes: Map<string, number>;
beforeAll(async () => {
  ward = await Ward.open({ LOG_LEVEL: 'trace' });
  await ward.trainFirstVersion();
  url = (await ward.runtime()).gateway;
  keys = await ward.keys();
  const page = await readFile(join(ROOT, 'docs/errors.md'), 'utf8');
  codes = new Map(
    [...page.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [code ?? '', Number(status)]),
  );
  await registerWithoutPromotion();
});
afterAll(() => ward?.close());

/** A model that exists, has a version, and none that is live. */
async function registerWithoutPromotion(): Promise<void> {
  const patients = await (await readHospitals(join(ward.home, 'data', MODEL))).patientsOf('cleveland');
  const operator = await ward.client('operator');
  const { signature } = requireServable(await operator.call('getVersion', { params: { model: MODEL, version: 1 } }));
  const form = trainBadModel({ patients, signature, parentVersion: null });
  await operator.upload('registerVersion', { model: 'not-live' }, form);
  // Serving learns of a model a moment after the registry has it.
  const body = `{"rows":[${patient({})}]}`;
  await eventually(async () => {
    expect((await send({ path: predictModel('not-live'), body })).response.status).not.toBe(404);
  });
}

async function send({ method = 'POST', path = '/predict', role = 'predictor', headers = JSON_TYPE, body }: Sent) {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { ...headers, ...(role ? { 'x-api-key': keys[role] } : {}) },
    ...(body === undefined ? {} : { body }),
  });
  return { response, text: await response.text() };
}

const patient = (changes: Record<string, unknown>) => JSON.stringify({ ...EXAMPLE_PATIENT, ...changes });
const raw = (field: string, text: string) => patient({ [field]: 0 }).replace(`"${field}":0`, `"${field}":${text}`);
const predictModel = (model: string) => `/api/v1/models/${model}/predict`;
const experiment = (name: string): Sent => ({
  path: '/api/v1/experiments',
  role: 'operator',
  headers: { ...JSON_TYPE, 'idempotency-key': 'bad-input-1' },
  body: JSON.stringify({ name }),
});

const CASES: [what: string, sent: Sent, code: string, field?: string][] = [
  ['an unknown field', { body: patient({ [MARK.text]: 1 }) }, 'validation-failed'],
  ['a missing field', { body: JSON.stringify({ age: MARK.number }) }, 'validation-failed', 'sex'],
  ['a text for a number', { body: patient({ chol: MARK.text }) }, 'validation-failed', 'chol'],
  ['an object for a number', { body: patient({ chol: { is: MARK.text } }) }, 'validation-failed', 'chol'],
  ['a code that does not exist', { body: patient({ cp: MARK.number }) }, 'validation-failed', 'cp'],
  ['"NaN" as text', { body: patient({ chol: 'NaN' }) }, 'validation-failed', 'chol'],
  ['"Infinity" as text', { body: patient({ oldpeak: 'Infinity' }) }, 'validation-failed', 'oldpeak'],
  ['NaN', { body: raw('chol', 'NaN') }, 'malformed-json'],
  ['-Infinity', { body: raw('chol', '-Infinity') }, 'malformed-json'],
  ['a number too great for a double', { body: raw('chol', '1e999') }, 'validation-failed', 'chol'],
  ['no rows', { path: predictModel(MODEL), body: '{"rows":[]}' }, 'validation-failed'],
  ['an empty row', { path: predictModel(MODEL), body: '{"rows":[{}]}' }, 'validation-failed'],
  ['rows that are no list', { path: predictModel(MODEL), body: `{"rows":"${MARK.text}"}` }, 'validation-failed'],
  ['a body of 10 MB', { body: `{"x":"${'x'.repeat(10_000_000)}"}` }, 'payload-too-large'],
  [
    'a body of 10 MB with a wrong key',
    { role: null, headers: { ...JSON_TYPE, 'x-api-key': MARK.key }, body: ' '.repeat(10_000_000) },
    'invalid-api-key',
  ],
  ['10 MB of labels', { path: '/api/v1/labels', body: ' '.repeat(10_000_000) }, 'payload-too-large'],
  ['broken JSON', { body: `{"age": ${MARK.number}, "${MARK.text}` }, 'malformed-json'],
  ['no body', { body: '' }, 'malformed-json'],
  ['JSON that is no object', { body: '[1]' }, 'validation-failed'],
  ['a form', { headers: { 'content-type': 'text/plain' }, body: MARK.text }, 'unsupported-media-type'],
  [
    'XML for labels',
    { path: '/api/v1/labels', headers: { 'content-type': 'text/xml' }, body: `<a>${MARK.text}</a>` },
    'unsupported-media-type',
  ],
  ['an unknown model', { path: predictModel('nobody-knows'), body: '{"rows":[{"a":1}]}' }, 'model-not-found'],
  [
    'a model without a live version',
    { path: predictModel('not-live'), body: `{"rows":[${patient({})}]}` },
    'no-live-version',
  ],
  [
    'an unknown version',
    { path: predictModel(MODEL), body: `{"rows":[${patient({})}],"version":99}` },
    'version-not-found',
  ],
  ['an unknown coding', { path: '/predict?coding=martian', body: patient({}) }, 'validation-failed'],
  ['no key', { role: null, body: patient({}) }, 'missing-api-key'],
  [
    'a wrong key',
    { role: null, headers: { ...JSON_TYPE, 'x-api-key': MARK.key }, body: patient({}) },
    'invalid-api-key',
  ],
  [
    'a wrong bearer',
    { role: null, headers: { ...JSON_TYPE, authorization: `Bearer ${MARK.key}` }, body: patient({}) },
    'invalid-api-key',
  ],
  ['a key without the role', { role: 'viewer', body: patient({}) }, 'role-required'],
  ['training without the role', { path: '/retrain', role: 'predictor', body: '{}' }, 'role-required'],
  ['an unknown route', { path: `/api/v1/${MARK.text}`, body: '{}' }, 'route-not-found'],
  [
    'an unknown label field',
    { path: '/api/v1/labels', body: JSON.stringify({ labels: [], [MARK.text]: 1 }) },
    'validation-failed',
  ],
  [
    'a label that is no outcome',
    {
      path: '/api/v1/labels',
      body: JSON.stringify({ labels: [{ prediction_id: crypto.randomUUID(), actual: [MARK.number] }] }),
    },
    'validation-failed',
  ],
  [
    'a cursor of another list',
    { method: 'GET', path: `/api/v1/predictions?cursor=${MARK.key}`, role: 'viewer', headers: {} },
    'invalid-cursor',
  ],
];

describe('refused with a problem that docs/errors.md explains', () => {
  it.each(CASES.map(([what, sent, code, field]) => ({ what, sent, code, field })))(
    '$what',
    async ({ sent, code, field }) => {
      const { response, text } = await send(sent);
      expect({ status: response.status, type: response.headers.get('content-type'), text }).toMatchObject({
        status: codes.get(code),
        type: expect.stringMatching(/^application\/problem\+json/),
      });
      const problem = Problem.parse(JSON.parse(text));
      expect(problem).toMatchObject({ code, status: codes.get(code) });
      expect(problem.instance).toBe(response.headers.get('x-request-id'));
      if (field) expect(problem.errors?.map(({ path }) => path).join()).toContain(field);
      expect(response.status).toBeLessThan(500);
    },
  );

  it('an idempotency key with another request; the first answer for the same one', async () => {
    const first = await send(experiment('once'));
    expect(first.response.status).toBe(201);
    expect(await send(experiment('once'))).toMatchObject({ text: first.text });
    const other = await send(experiment('another'));
    expect([other.response.status, JSON.parse(other.text).code]).toEqual([409, 'idempotency-key-reused']);
  });
});

it('no log holds a key, a password or what somebody sent, at the most talkative level', async () => {
  const marked = patient({ trestbps: MARK.number });
  const { response, text } = await send({ body: marked });
  expect(response.status).toBe(200);
  const { prediction_id: id } = JSON.parse(text);
  // It goes the whole way: serving's file, the queue, the log, and back through the public door.
  await eventually(async () => {
    const logged = await send({ method: 'GET', path: `/api/v1/predictions/${id}`, role: 'viewer', headers: {} });
    expect(logged.text).toContain(String(MARK.number));
  });
  const secrets = JSON.parse(await readFile(join(ward.home, 'secrets.json'), 'utf8'));
  const forbidden = [
    ...[secrets.databasePasswords, secrets.serviceKeys, secrets.apiKeys].flatMap((group) =>
      Object.values<string>(group),
    ),
    (await readFile(join(ward.home, 'postgres', 'password'), 'utf8')).trim(),
    ...Object.values(MARK).map(String),
  ];
  expect(forbidden.length).toBeGreaterThan(20);
  await ward.stop(); // which flushes every log
  const folder = join(ward.home, 'logs');
  const files = [
    ...(await readdir(folder)).map((name) => join(folder, name)),
    join(ward.home, 'postgres', 'postgres.log'),
  ];
  expect(files.length).toBe(7);
  const found: string[] = [];
  for (const file of files) {
    const text = await readFile(file, 'utf8');
    for (const word of forbidden) {
      const line = text.split('\n').find((candidate) => candidate.includes(word));
      if (line !== undefined) found.push(`${file}: ${line.slice(0, 500)}`);
    }
  }
  expect(found).toEqual([]);
});
