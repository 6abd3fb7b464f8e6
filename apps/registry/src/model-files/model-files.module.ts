import { Module } from '@nestjs/common';
import { ModelFiles } from './model-files.js';

@Module({ providers: [ModelFiles], exports: [ModelFiles] })
export class ModelFilesModule {}
