import { expect, it } from '@jest/globals';
import { readSettings } from './settings.js';

it('keeps everything on this machine and in .gimbal when nothing is set', () => {
  expect(readSettings({}, '/repo')).toMatchObject({
    home: '/repo/.gimbal',
    host: '127.0.0.1',
    port: 8000,
    grpcPort: undefined,
    mlflowPort: undefined,
    databaseUrl: undefined,
    queue: 'postgres',
    servingReplicas: 1,
  });
});

it('takes Redis for the queue when it is named, and an empty variable for none', () => {
  expect(readSettings({ REDIS_HOST: 'localhost' }, '/repo').queue).toBe('redis');
  expect(readSettings({ REDIS_URL: '', API_PORT: '' }, '/repo')).toMatchObject({ queue: 'postgres', port: 8000 });
});

it('lists every mistake at once, without the value of an address that holds a password', () => {
  const read = () => readSettings({ API_PORT: '80000', DATABASE_URL: 'mysql://u:secret@h/d' }, '/repo');
  expect(read).toThrow(/API_PORT: .*\nDATABASE_URL: must be a postgresql:\/\/ address/);
  expect(read).not.toThrow(/secret/);
  expect(() => readSettings({ GRPC_PORT: '8000' }, '/repo')).toThrow('GRPC_PORT: must be another port than API_PORT');
  expect(() => readSettings({ MLFLOW_PORT: '8000' }, '/repo')).toThrow(
    'MLFLOW_PORT: must be another port than API_PORT',
  );
});
