import { Module } from '@nestjs/common';
import { ManifestController } from './manifest.controller.js';
import { ManifestService } from './manifest.service.js';
import { ManifestKeys } from './manifest-keys.js';
import { SignOlderVersions } from './sign-older-versions.js';

@Module({
  controllers: [ManifestController],
  providers: [ManifestKeys, ManifestService, SignOlderVersions],
  exports: [ManifestKeys, ManifestService, SignOlderVersions],
})
export class ManifestModule {}
