import { Id, ModelName } from '../http/fields.js';
import * as training from '../http/training.js';
import type { RouteDefinition } from './route-definition.js';

const id = { id: Id };

/** Routes for training runs and schedules. */
export const TRAINING_ROUTES = {
  retrain: {
    method: 'POST',
    path: '/retrain',
    owner: 'training',
    role: 'operator',
    summary: 'Train a model now',
    body: training.Retrain,
    status: 202,
    response: training.RetrainAccepted,
  },
  listTrainingRuns: {
    method: 'GET',
    path: '/api/v1/training-runs',
    owner: 'training',
    role: 'viewer',
    summary: 'Training runs, newest first',
    query: training.TrainingRunsQuery,
    status: 200,
    response: training.TrainingRunPage,
  },
  getTrainingRun: {
    method: 'GET',
    path: '/api/v1/training-runs/:id',
    owner: 'training',
    role: 'viewer',
    summary: 'State, progress, search, leaderboard and outcome of a training run',
    params: id,
    status: 200,
    response: training.TrainingRun,
  },
  watchTrainingRun: {
    method: 'GET',
    path: '/api/v1/training-runs/:id/events',
    owner: 'training',
    role: 'viewer',
    summary: 'The same as server-sent events, until the run ends',
    params: id,
    status: 200,
    response: 'events',
  },
  cancelTrainingRun: {
    method: 'POST',
    path: '/api/v1/training-runs/:id/cancel',
    owner: 'training',
    role: 'operator',
    summary: 'Stop a training run',
    params: id,
    status: 202,
    response: training.TrainingRun,
  },
  getSchedule: {
    method: 'GET',
    path: '/api/v1/training-schedules/:name',
    owner: 'training',
    role: 'viewer',
    summary: 'When a model is trained by itself',
    params: { name: ModelName },
    status: 200,
    response: training.Schedule,
  },
  putSchedule: {
    method: 'PUT',
    path: '/api/v1/training-schedules/:name',
    owner: 'training',
    role: 'operator',
    summary: 'Set when a model is trained by itself (cron, UTC)',
    params: { name: ModelName },
    body: training.PutSchedule,
    status: 200,
    response: training.Schedule,
  },
} as const satisfies Record<string, RouteDefinition>;
