import { startService } from '@gimbal/platform';
import { trainingService } from './training.service-definition.js';

await startService(trainingService);
