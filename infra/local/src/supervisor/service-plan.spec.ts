import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { loadSecrets } from './secrets.js';
import { planServices } from './service-plan.js';
import { readSettings } from './settings.js';

it('gives the services of one bucket folders of their own: one never sweeps away what another keeps', async () => {
  const home = await mkdtemp(join(tmpdir(), 'gimbal-plan-'));
  try {
    const settings = readSettings({ GIMBAL_HOME: home, ARTIFACT_URL: 's3://ml/gimbal/' }, '/repository');
    const plan = planServices(settings, await loadSecrets(home), {
      ports: { gateway: 1, training: 2, registry: 3, monitoring: 4, agent: 5 },
      serving: [{ port: 6, framesPort: 7, predictPort: 8 }],
      grpcPort: 9,
      mlflowPort: 0,
      databaseUrl: () => 'postgresql://nobody@127.0.0.1/gimbal',
    });
    const bucketOf = (service: string) => plan.find(({ name }) => name === service)?.env['ARTIFACT_URL'];
    expect([bucketOf('registry'), bucketOf('monitoring')]).toEqual(['s3://ml/gimbal/', 's3://ml/gimbal/reports']);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
