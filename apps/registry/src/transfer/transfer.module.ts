import { Module } from '@nestjs/common';
import { ManifestModule } from '../manifests/manifest.module.js';
import { ExportService } from './export.service.js';
import { ImportService } from './import.service.js';
import { TransferController } from './transfer.controller.js';

@Module({ imports: [ManifestModule], controllers: [TransferController], providers: [ExportService, ImportService] })
export class TransferModule {}
