import { expect, it } from '@jest/globals';
import protobuf from 'protobufjs';
import { makeCohort } from '../../test/make-cohort.js';
import { fitModel } from '../families/fit-model.js';
import { exportOnnx } from './export-onnx.js';

// A second reader, independent of ours and of ONNX Runtime. Messages and numbers as in onnx.proto, the parts that are written.
const schema = `
  syntax = "proto2";
  message AttributeProto { optional string name = 1; optional float f = 2; optional int64 i = 3; optional bytes s = 4;
    repeated float floats = 7; repeated int64 ints = 8; repeated bytes strings = 9; optional int32 type = 20; }
  message NodeProto { repeated string input = 1; repeated string output = 2; optional string name = 3;
    optional string op_type = 4; repeated AttributeProto attribute = 5; optional string domain = 7; }
  message TensorProto { repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8; optional bytes raw_data = 9; }
  message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; }
  message Shape { repeated Dimension dim = 1; }
  message TensorType { optional int32 elem_type = 1; optional Shape shape = 2; }
  message TypeProto { optional TensorType tensor_type = 1; }
  message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; }
  message GraphProto { repeated NodeProto node = 1; optional string name = 2; repeated TensorProto initializer = 5;
    repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; }
  message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
  message StringStringEntryProto { optional string key = 1; optional string value = 2; }
  message ModelProto { optional int64 ir_version = 1; optional string producer_name = 2; optional string producer_version = 3;
    optional GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8; repeated StringStringEntryProto metadata_props = 14; }
`;
const ModelProto = protobuf.parse(schema, { keepCase: true }).root.lookupType('ModelProto');
const read = (file: Uint8Array) => ModelProto.toObject(ModelProto.decode(file), { longs: Number, bytes: Array });

const cohort = makeCohort({ rows: 120, seed: 51, missingShare: 0.05 });

it('writes a file that another protobuf reader takes apart and puts together to the same content', () => {
  for (const algorithm of ['logistic_regression', 'random_forest']) {
    const hyperparameters = algorithm === 'random_forest' ? { n_estimators: 3 } : {};
    const file = exportOnnx(fitModel({ dataset: cohort, algorithm, hyperparameters, seed: 1 }), { threshold: 0.4 });
    const model = read(file);
    expect(read(ModelProto.encode(ModelProto.decode(file)).finish())).toEqual(model);
    expect(model['opset_import']).toEqual([
      { domain: '', version: 17 },
      { domain: 'ai.onnx.ml', version: 3 },
    ]);
  }
});

it('describes itself: signature and metadata', () => {
  const model = read(
    exportOnnx(fitModel({ dataset: cohort, algorithm: 'xgboost', hyperparameters: { n_estimators: 2 }, seed: 7 }), {
      threshold: 0.375,
    }),
  );
  const tensor = (name: string, elem_type: number, dim: object[]) => ({
    name,
    type: { tensor_type: { elem_type, shape: { dim } } },
  });
  expect(model['graph'].input).toEqual([tensor('features', 1, [{ dim_param: 'N' }, { dim_value: 4 }])]);
  expect(model['graph'].output).toEqual([
    tensor('label', 7, [{ dim_param: 'N' }]),
    tensor('probability', 1, [{ dim_param: 'N' }]),
  ]);
  const entries: { key: string; value: string }[] = model['metadata_props'];
  expect(Object.fromEntries(entries.map(({ key, value }) => [key, value]))).toMatchObject({
    task: 'binary-classification',
    algorithm: 'gradient_boosting_level_wise',
    feature_names: '["dose","slope","group","noise"]',
    feature_kinds: '["numeric","numeric","categorical","numeric"]',
    threshold: '0.375',
    seed: '7',
    train_rows: '120',
    kernel_version: '3.1.0',
  });
});

it('never writes an operator that derives labels of its own', () => {
  const operators = ['random_forest', 'xgboost', 'lightgbm', 'logistic_regression'].flatMap((algorithm) => {
    const model = read(exportOnnx(fitModel({ dataset: cohort, algorithm, seed: 1 }), { threshold: 0.5 }));
    return model['graph'].node.map(({ op_type }: { op_type: string }) => op_type);
  });
  expect(operators).not.toContain('TreeEnsembleClassifier');
  expect(operators).not.toContain('ZipMap');
});
