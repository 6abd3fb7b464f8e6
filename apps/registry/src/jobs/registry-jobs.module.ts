import { type HandlersFor, JobsModule } from '@gimbal/platform';
import { AnnouncementModule } from '../announcements/announcement.module.js';
import { AnnouncementService } from '../announcements/announcement.service.js';
import { WebhookModule } from '../webhooks/webhook.module.js';
import { WebhookDeliveryService } from '../webhooks/webhook-delivery.service.js';

/** Most of a delivery is waiting for its receiver. */
const CONCURRENCY = 16;

/** Every job addressed to the registry. The rows are the truth: a job that is doubled or late changes nothing. */
function handleJobs(deliveries: WebhookDeliveryService, announcements: AnnouncementService): HandlersFor<'registry'> {
  return {
    'webhook-delivery.due': async ({ deliveryId }) => await deliveries.deliver(deliveryId),
    'deployment-announcement.due': async ({ decisionId, channel }) => await announcements.announce(decisionId, channel),
  };
}

/** Takes the registry's jobs from the queue. */
export const RegistryJobsModule = JobsModule.consume({
  service: 'registry',
  imports: [WebhookModule, AnnouncementModule],
  inject: [WebhookDeliveryService, AnnouncementService],
  handlers: handleJobs,
  concurrency: CONCURRENCY,
});
