"""A runtime for MLServer that runs an ONNX file: it brings none of its own."""
import onnxruntime as ort
from mlserver import MLModel, types
from mlserver.codecs import NumpyCodec


class OnnxModel(MLModel):
    async def load(self) -> bool:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = ort.InferenceSession(self.settings.parameters.uri, options, providers=["CPUExecutionProvider"])
        return True

    async def predict(self, payload: types.InferenceRequest) -> types.InferenceResponse:
        features = NumpyCodec.decode_input(payload.inputs[0])
        label, probability = self._session.run(["label", "probability"], {"features": features})
        return types.InferenceResponse(
            model_name=self.name,
            outputs=[NumpyCodec.encode_output("label", label), NumpyCodec.encode_output("probability", probability)],
        )
