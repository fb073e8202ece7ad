import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct TensorDatasetClassWeightsTests {
  @Test func rareClassesCountMore() {
    let data = TensorDataset(inputs: Tensor.zeros([8, 1]), labels: Tensor(labels: [0, 0, 0, 0, 0, 0, 2, 2]))
    expectEqual(data.balancedClassWeights(classCount: 3), [8.0 / 18, 1, 8.0 / 6])
  }
}
