import { Module } from '@nestjs/common';
import { LabelController } from './label.controller.js';
import { LabelRepository } from './label.repository.js';
import { LabelService } from './label.service.js';

@Module({ controllers: [LabelController], providers: [LabelService, LabelRepository] })
export class LabelModule {}
