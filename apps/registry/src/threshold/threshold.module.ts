import { Module } from '@nestjs/common';
import { ManifestModule } from '../manifests/manifest.module.js';
import { TrafficModule } from '../traffic/traffic.module.js';
import { ThresholdController } from './threshold.controller.js';
import { ThresholdService } from './threshold.service.js';

@Module({ imports: [ManifestModule, TrafficModule], controllers: [ThresholdController], providers: [ThresholdService] })
export class ThresholdModule {}
