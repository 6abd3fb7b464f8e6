import { Module } from '@nestjs/common';
import { AddDatasetService } from './add-dataset.service.js';
import { DatasetController } from './dataset.controller.js';
import { DatasetService } from './dataset.service.js';
import { DatasetFiles } from './dataset-files.js';
import { DatasetUploadController } from './dataset-upload.controller.js';
import { ExpectationsService } from './expectations.service.js';

@Module({
  controllers: [DatasetController, DatasetUploadController],
  providers: [DatasetFiles, AddDatasetService, DatasetService, ExpectationsService],
})
export class DatasetModule {}
