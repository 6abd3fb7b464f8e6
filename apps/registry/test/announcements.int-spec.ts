import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AnnouncementStub, startGithubStub, startSlackStub } from './announcement-stubs.js';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { holdout, promote, register, rollback } from './versions.js';

const REPOSITORY = 'clinic/models';
const TOKEN = 'a-token-that-is-never-shown';
const SLACK_SECRET = '/services/T000/B000/a-path-that-is-never-shown';
let slack: AnnouncementStub;
let github: AnnouncementStub;
let registry: RegistryHarness;

beforeAll(async () => {
  slack = await startSlackStub();
  github = await startGithubStub(REPOSITORY, TOKEN);
  registry = await startRegistry({
    SLACK_WEBHOOK_URL: `${slack.url}${SLACK_SECRET}`,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_TOKEN: TOKEN,
    GITHUB_API_URL: `${github.url}/`,
    PUBLIC_URL: 'https://ml.example.org',
  });
});
afterAll(async () => {
  await registry.dispose();
  await slack.close();
  await github.close();
});

const evaluation = (f1: number) => ({ holdout: holdout({ f1_score: f1 }), cross_validation: null, versus_live: [] });
const announcements = (model: string) =>
  registry.rows.deploymentAnnouncement.findMany({
    where: { promotion: { modelName: model } },
    orderBy: [{ promotion: { createdAt: 'asc' } }, { channel: 'asc' }],
    include: { promotion: true },
  });
const told = async (model: string, count: number) =>
  await eventually(async () => {
    const rows = await announcements(model);
    expect(rows.filter(({ sentAt }) => sentAt !== null)).toHaveLength(count);
    return rows;
  });

describe('a deployment', () => {
  it('becomes a release and a message with what changed, though both places were away at first', async () => {
    await register(registry, 'heart', { evaluation: evaluation(0.8) });
    const { status } = await promote(registry, { model: 'heart', version: 1, expected: null });
    expect(status).toBe(200);
    await told('heart', 2);
    await register(registry, 'heart', { evaluation: evaluation(0.85) });
    await promote(registry, { model: 'heart', version: 2, expected: 1 }, { reason: 'Better <on> recent data & all.' });
    const rows = await told('heart', 4);
    expect(rows.map(({ channel, url }) => [channel, url])).toEqual([
      ['github', `https://github.com/${REPOSITORY}/releases/tag/heart-v1`],
      ['slack', null],
      ['github', `https://github.com/${REPOSITORY}/releases/tag/heart-v2`],
      ['slack', null],
    ]);
    expect(github.calls.at(-1)).toMatchObject({
      what: `POST /repos/${REPOSITORY}/releases`,
      body: {
        tag_name: 'heart-v2',
        name: 'heart version 2',
        body: expect.stringContaining('f1_score 0.8000 → 0.8500 (+0.0500)'),
      },
    });
    const message = slack.calls.at(-1)?.body;
    expect(message?.['text']).toBe('heart: version 2 is live in place of version 1');
    const text = JSON.stringify(message?.['blocks']);
    expect(text).toContain('Better &lt;on&gt; recent data &amp; all.');
    expect(text).toContain('f1_score 0.8000 → 0.8500 (+0.0500)');
    expect(text).toContain('https://ml.example.org/api/v1/models/heart/compare?versions=1,2');
  });

  it('that goes back finds its release there and is told as a rollback', async () => {
    await rollback(registry, 'heart', 2);
    const rows = await told('heart', 6);
    expect(rows.at(-2)).toMatchObject({
      channel: 'github',
      url: `https://github.com/${REPOSITORY}/releases/tag/heart-v1`,
    });
    expect(slack.calls.at(-1)?.body['text']).toBe('heart: rolled back from version 2 to version 1');
  });

  it('that was refused is told nowhere, and a version in staging neither', async () => {
    await register(registry, 'quiet', { evaluation: evaluation(0.1) });
    expect((await promote(registry, { model: 'quiet', version: 1, expected: null })).status).toBe(409);
    await promote(registry, { model: 'quiet', version: 1, expected: null }, { stage: 'staging' });
    expect(await announcements('quiet')).toEqual([]);
  });
});

it('keeps token and webhook address out of rows and jobs, also when a place refuses', async () => {
  const elsewhere = await registry.replica({ GITHUB_TOKEN: 'a-wrong-token-that-is-never-shown' });
  try {
    await register(registry, 'denied');
    await promote(registry, { model: 'denied', version: 1, expected: null });
    await eventually(async () => {
      const rows = await announcements('denied');
      expect(rows.every(({ attempts }) => attempts > 0)).toBe(true);
    });
    const kept = JSON.stringify(
      [await announcements('denied'), await registry.rows.outboxMessage.findMany()],
      (_, value) => (typeof value === 'bigint' ? String(value) : value),
    );
    expect(kept).not.toContain('never-shown');
  } finally {
    await elsewhere.dispose();
  }
});
