import MoultTraining
import MoultTestSupport
import Testing

@Suite struct ParameterNamingTests {
  @Test(arguments: [
    ("hiddenLayer1.weight", "hidden_layer1.weight"), ("encoder.0.outputLayer.bias", "encoder.0.output_layer.bias"),
    ("weight", "weight"), ("queryKV.weight", "query_kv.weight"), ("layer1Norm", "layer1_norm"), ("conv2D", "conv2d"),
    ("batchNORMLayer", "batch_norm_layer"), ("Linear", "linear"), ("already_snake", "already_snake"), ("", ""),
  ])
  func namesAreSpelledAsInPython(name: String, expected: String) {
    expectEqual(ParameterNaming.snakeCase.spelled(name), expected)
    expectEqual(ParameterNaming.camelCase.spelled(name), name)
  }
}
