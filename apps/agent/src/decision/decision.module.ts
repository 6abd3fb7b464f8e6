import { Module } from '@nestjs/common';
import { ActionJournal } from './action-journal.js';
import { DecisionService } from './decision.service.js';

@Module({ providers: [ActionJournal, DecisionService], exports: [ActionJournal, DecisionService] })
export class DecisionModule {}
