import { Module } from '@nestjs/common';
import { AliasController } from './alias.controller.js';
import { AliasService } from './alias.service.js';

@Module({ controllers: [AliasController], providers: [AliasService] })
export class AliasModule {}
