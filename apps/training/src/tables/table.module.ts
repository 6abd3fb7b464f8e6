import { Module } from '@nestjs/common';
import { DatasetVersionService } from '../data/dataset-version.service.js';
import { ExperimentWriter } from '../experiments/experiment-writer.service.js';
import { SearchService } from '../search/search.service.js';
import { CheckTableService } from './check-table.service.js';
import { ChooseFamiliesService } from './choose-families.service.js';
import { EvaluateTableService } from './evaluate-table.service.js';
import { LearnTableService } from './learn-table.service.js';
import { LearnTextsService } from './learn-texts.service.js';
import { RecordTableService } from './record-table.service.js';
import { RegisterTableService } from './register-table.service.js';
import { TablePipeline } from './table.pipeline.js';

/** Training on tables that users upload. */
@Module({
  providers: [
    DatasetVersionService,
    CheckTableService,
    ChooseFamiliesService,
    EvaluateTableService,
    ExperimentWriter,
    LearnTableService,
    LearnTextsService,
    RecordTableService,
    RegisterTableService,
    SearchService,
    TablePipeline,
  ],
  exports: [TablePipeline, DatasetVersionService, SearchService],
})
export class TableModule {}
