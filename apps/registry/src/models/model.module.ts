import { Module } from '@nestjs/common';
import { ModelController } from './model.controller.js';
import { ModelService } from './model.service.js';
import { VersionSearchController } from './version-search.controller.js';

@Module({ controllers: [ModelController, VersionSearchController], providers: [ModelService] })
export class ModelModule {}
