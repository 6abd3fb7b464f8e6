import { Module } from '@nestjs/common';
import { ReferenceService } from './reference.service.js';
import { ReferenceProfileRepository } from './reference-profile.repository.js';
import { VersionRepository } from './version.repository.js';

@Module({
  providers: [ReferenceService, ReferenceProfileRepository, VersionRepository],
  exports: [ReferenceService, VersionRepository],
})
export class ReferenceModule {}
