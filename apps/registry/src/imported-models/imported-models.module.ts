import { Module } from '@nestjs/common';
import { ImportedModels } from './imported-models.js';

@Module({ providers: [ImportedModels], exports: [ImportedModels] })
export class ImportedModelsModule {}
