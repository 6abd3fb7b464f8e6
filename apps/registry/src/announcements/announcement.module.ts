import { Module } from '@nestjs/common';
import { AnnouncementService } from './announcement.service.js';
import { AnnouncementChannels } from './announcement-channels.js';
import { DeploymentNews } from './deployment-news.js';

@Module({
  providers: [AnnouncementChannels, AnnouncementService, DeploymentNews],
  exports: [AnnouncementService, DeploymentNews],
})
export class AnnouncementModule {}
