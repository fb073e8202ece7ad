import MoultCore

extension Trainer {
  /// Puts a trainer that has not begun where another stood between two epochs: the order of samples, masks and learning
  /// rate go on from there. Weights and the optimizer's state are the caller's to put back.
  ///
  /// - Parameters:
  ///   - epochs: Epochs that the other had finished.
  ///   - steps: Steps that it had taken.
  package func goOn(afterEpochs epochs: Int, steps: Int) {
    require(
      completedSteps == 0 && completedEpochs == 0,
      "Trainer.goOn: expected a trainer that has not begun, got one after \(completedSteps) steps")
    require(
      epochs >= 0 && steps >= epochs, "Trainer.goOn: expected at least a step an epoch, got \(steps) in \(epochs)")
    (completedEpochs, completedSteps) = (epochs, steps)
  }
}
