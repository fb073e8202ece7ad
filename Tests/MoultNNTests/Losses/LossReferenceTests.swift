import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Losses with and without weights of the samples, as Scripts/reference/make_losses.py records them from PyTorch.
@Suite struct LossReferenceTests {
  private struct Case: Decodable {
    let loss: String
    let inputs: [ReferenceTensor]
    let argument: Double?
    let weights: ReferenceTensor?
    let value: Double
    let gradients: [ReferenceTensor?]
  }

  private struct File: Decodable { let cases: [Case] }

  private typealias Loss = @Sendable (_ inputs: [Tensor], _ argument: Double?, _ weights: Tensor?) -> Tensor

  private static let losses: [String: Loss] = [
    "meanSquaredError": { meanSquaredError($0[0], $0[1], weights: $2) },
    "huber": { huberLoss($0[0], $0[1], delta: $1 ?? .nan, weights: $2) },
    "smoothL1": { smoothL1Loss($0[0], $0[1], beta: $1 ?? .nan, weights: $2) },
    "hinge": { hingeLoss($0[0], $0[1], margin: $1 ?? .nan, weights: $2) },
    "multiMargin": { multiMarginLoss($0[0], $0[1].cast(to: .int64), margin: $1 ?? .nan, weights: $2) },
    "cosineEmbedding": { cosineEmbeddingLoss($0[0], $0[1], $0[2], margin: $1 ?? .nan, weights: $2) },
    "cosineSimilarity": { inputs, _, weights in
      let cosine = cosineSimilarity(inputs[0], inputs[1])
      return weights.map { (cosine * $0).sum() / $0.sum() } ?? cosine.mean()
    },
    "klDivergence": { klDivergence($0[0], $0[1], weights: $2) },
    "crossEntropy": { crossEntropy($0[0], $0[1].cast(to: .int64), weights: $2, labelSmoothing: $1 ?? 0) },
    "crossEntropy, class weights": {
      crossEntropy(
        $0[0], $0[1].cast(to: .int64), weights: $2, classWeights: [0.5, 2, 3], labelSmoothing: $1 ?? .nan)
    },
    "binaryCrossEntropy": { binaryCrossEntropy(logits: $0[0], targets: $0[1], weights: $2) },
    "gaussianNegativeLogLikelihood": { gaussianNegativeLogLikelihood($0[0], $0[1], weights: $2) },
  ]

  @Test func theyFollowPyTorch() throws {
    let cases = try ReferenceFiles.decode(File.self, from: "losses.json").cases
    expectEqual(Set(cases.map(\.loss)), Set(Self.losses.keys))
    for (number, known) in cases.enumerated() {
      let inputs = zip(known.inputs, known.gradients).map { $1 == nil ? $0.tensor : $0.tensor.requiringGradient() }
      let loss = try unwrapped(Self.losses[known.loss])(inputs, known.argument, known.weights?.tensor)
      expectEqual(loss.shape, [])
      expectTrue(isClose(loss, [known.value]), "\(known.loss), case \(number): \(loss), PyTorch \(known.value)")
      loss.backward()
      for (input, gradient) in zip(inputs, known.gradients) {
        guard let gradient else { continue }
        expectEqual(
          mismatches(try unwrapped(input.gradient), gradient.tensor, absolute: 1e-11, relative: 0), [],
          "\(known.loss), case \(number)")
      }
    }
  }

  @Test func theirGradientsAreTheSlopes() {
    let x = samples([4, 3], in: -2..<2, dtype: .float64), y = Tensor.randomNormal([4, 3], dtype: .float64, seed: 3)
    let signs = Tensor([1, -1, -1, 1] as [Double], shape: [4]), weights = Tensor([0.5, 2, 1, 0])
    let labels = Tensor(labels: [2, 0, 1, 1])
    let losses: [(String, ([Tensor]) -> Tensor)] = [
      ("huber", { huberLoss($0[0], $0[1], delta: 0.7, weights: weights) }),
      ("smoothL1", { smoothL1Loss($0[0], $0[1], beta: 0.7) }),
      ("hinge", { hingeLoss($0[0][0..., 0] * $0[1][0..., 0], signs.cast(to: $0[0].dtype), weights: weights) }),
      ("multiMargin", { multiMarginLoss($0[0] * $0[1], labels, margin: 0.8, weights: weights) }),
      ("cosineSimilarity", { cosineSimilarity($0[0], $0[1], axis: 0) }),
      ("cosineEmbedding", { cosineEmbeddingLoss($0[0], $0[1], signs, margin: -0.9, weights: weights) }),
      ("klDivergence", { klDivergence(logSoftmax($0[0]), softmax($0[1]), weights: weights) }),
      ("meanSquaredError", { meanSquaredError($0[0], $0[1], weights: weights) }),
      ("binaryCrossEntropy", { binaryCrossEntropy(logits: $0[0], targets: sigmoid($0[1]), weights: weights) }),
      ("crossEntropy", { crossEntropy($0[0] * $0[1], labels, weights: weights, labelSmoothing: 0.1) }),
      (
        "gaussianNegativeLogLikelihood",
        { gaussianNegativeLogLikelihood($0[0][0..., 0..<2], $0[1][0..., 0..<1], weights: weights) }
      ),
    ]
    for (name, loss) in losses { expectEqual(gradientErrors(name, at: [x, y], loss), []) }
  }

  /// Each loss with weights for four samples: a weight of 2 is a sample twice, a weight of 0 none.
  @Test func weightsCountSamples() {
    let x = samples([4, 2], in: -1..<1, dtype: .float64), y = Tensor.randomNormal([4, 2], dtype: .float64, seed: 5)
    let signs = Tensor([1, -1, -1, 1] as [Double], shape: [4]), labels = Tensor(labels: [1, 0, 1, 0])
    let t = softmax(y), logProbabilities = logSoftmax(x)
    let losses: [(String, (_ rows: [Int], _ weights: Tensor?) -> Tensor)] = [
      ("huber", { huberLoss(x.indexSelect($0), y.indexSelect($0), delta: 0.5, weights: $1) }),
      ("hinge", { hingeLoss(x.indexSelect($0)[0..., 0], signs.indexSelect($0), weights: $1) }),
      ("multiMargin", { multiMarginLoss(x.indexSelect($0), labels.indexSelect($0), weights: $1) }),
      ("cosine", { cosineEmbeddingLoss(x.indexSelect($0), y.indexSelect($0), signs.indexSelect($0), weights: $1) }),
      ("divergence", { klDivergence(logProbabilities.indexSelect($0), t.indexSelect($0), weights: $1) }),
      ("squares", { meanSquaredError(x.indexSelect($0), y.indexSelect($0), weights: $1) }),
      ("binary", { binaryCrossEntropy(logits: x.indexSelect($0), targets: t.indexSelect($0), weights: $1) }),
      ("entropy", { crossEntropy(x.indexSelect($0), labels.indexSelect($0), weights: $1, classWeights: [1, 3]) }),
      ("Gaussian", { gaussianNegativeLogLikelihood(x.indexSelect($0), y.indexSelect($0)[0..., 0..<1], weights: $1) }),
    ]
    for (name, loss) in losses {
      let weighted = loss([0, 1, 2, 3], Tensor([2, 1, 0, 1])), repeated = loss([0, 0, 1, 3], nil)
      expectTrue(isClose(weighted, [repeated.item(as: Double.self)]), "\(name): \(weighted), \(repeated)")
      expectTrue(isClose(loss([0, 1, 2, 3], Tensor([3, 3, 3, 3])), loss([0, 1, 2, 3], nil).scalars()), name)
    }
  }

  @Test func theShortFormsHaveTheDefaultsOfPyTorch() {
    let x = Tensor([[0.5, -3]]), y = Tensor([[2.5, -1]]), one = Tensor([[1, -1]])
    expectEqual(huberLoss(x, y), huberLoss(x, y, delta: 1))
    expectEqual(smoothL1Loss(x, y), huberLoss(x, y))
    expectEqual(hingeLoss(x, one).item(), 0.25)
    expectEqual(multiMarginLoss(x, Tensor(labels: [1])).item(), 2.25)
    expectEqual(cosineEmbeddingLoss(x, y, Tensor([-1])), cosineSimilarity(x, y).sum())
    expectEqual(klDivergence(Tensor([[0, -.infinity]]), Tensor([[1, 0]])).item(), 0)
    expectEqual(cosineSimilarity(x, .zeros([1, 2])), Tensor([0]))
  }

  // MARK: - Mistakes

  @Test func whatCannotWorkIsRefused() async {
    let signs = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = hingeLoss(Tensor([1, 2]), Tensor([0, 1]))
    }
    expectTrue(message(signs).contains("hingeLoss: expected labels of -1 or 1, got 0.0"))
    let softmax = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = klDivergence(Tensor([[0.5, 0.5]]), Tensor([[0.5, 0.5]]))
    }
    expectTrue(message(softmax).contains("klDivergence: expected logarithms of probabilities, got 0.5; use logSoftmax"))
    let weights = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = meanSquaredError(Tensor([[1, 2]]), Tensor([[1, 2]]), weights: Tensor([1, 1]))
    }
    expectTrue(
      message(weights).contains("meanSquaredError: expected weights: [1], one for each sample, got [2]"))
    let zero = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(Tensor([[1, 2]]), Tensor(labels: [0]), weights: Tensor([0]))
    }
    expectTrue(message(zero).contains("crossEntropy: expected weights from 0 on, with one above 0, got"))
  }
}
