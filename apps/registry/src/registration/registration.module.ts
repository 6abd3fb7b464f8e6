import { Module } from '@nestjs/common';
import { ModelFilesModule } from '../model-files/model-files.module.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationService } from './registration.service.js';
import { UploadController } from './upload.controller.js';
import { UploadService } from './upload.service.js';

@Module({
  imports: [ModelFilesModule],
  controllers: [RegistrationController, UploadController],
  providers: [RegistrationService, UploadService],
})
export class RegistrationModule {}
