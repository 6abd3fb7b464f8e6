import { Module } from '@nestjs/common';
import { ReferenceService } from './reference.service.js';
import { ReferenceProfileRepository } from './reference-profile.repository.js';
import { RegistryClient } from './registry.client.js';
import { VersionRepository } from './version.repository.js';

@Module({
  providers: [ReferenceService, ReferenceProfileRepository, RegistryClient, VersionRepository],
  exports: [ReferenceService, VersionRepository],
})
export class ReferenceModule {}
