import { type HandlersFor, JobsModule } from '@gimbal/platform';
import { WebhookModule } from '../webhooks/webhook.module.js';
import { WebhookDeliveryService } from '../webhooks/webhook-delivery.service.js';

/** Most of a delivery is waiting for its receiver. */
const CONCURRENCY = 16;

/** Every job addressed to the registry. The rows are the truth: a job that is doubled or late changes nothing. */
function handleJobs(deliveries: WebhookDeliveryService): HandlersFor<'registry'> {
  return {
    'webhook-delivery.due': async ({ deliveryId }) => await deliveries.deliver(deliveryId),
  };
}

/** Takes the registry's jobs from the queue. */
export const RegistryJobsModule = JobsModule.consume({
  service: 'registry',
  imports: [WebhookModule],
  inject: [WebhookDeliveryService],
  handlers: handleJobs,
  concurrency: CONCURRENCY,
});
