import MoultCore

/// Keeps each unit of a recurrent state at its previous value with probability `rate` in training; returns the mean of
/// the two states, weighted by `rate`, in evaluation.
///
///     training:    h[i] = m[i] ? new[i] : previous[i],   m[i] ~ Bernoulli(1 - rate)
///     evaluation:  h[i] = (1 - rate) · new[i] + rate · previous[i]
///
/// Unlike dropout it sets nothing to 0: memory and gradients pass through the units that keep their value.
///
/// - Shapes: `new: [N, ...]`, `previous:` the same -> the same; a tensor of rank 0 or 1 is one sample.
/// - Gradient: in training `dnew = m ? dh : 0`, `dprevious = m ? 0 : dh`; in evaluation `dnew = (1 - rate) · dh`,
///   `dprevious = rate · dh`.
/// - Edge cases: `rate == 0` returns `new` and draws nothing, `rate == 1` returns `previous`. In training a NaN in a
///   value that is not chosen does not reach the result.
/// - Mask law (Documentation/MaskLaw.md): the unit is the index in the sample; every time step is a mask call.
/// - Complexity: O(*n*) time; one byte per unit is stored for the backward pass.
/// - Source: [Krueger et al. 2017](https://arxiv.org/abs/1606.01305).
///
/// - Parameters:
///   - new: The state that the cell computed at this time step.
///   - previous: The state of the previous time step.
///   - rate: The probability that a unit keeps its previous value, 0 to 1.
///   - mode: `.training` and `.sampling` draw a mask, `.evaluation` returns the mean. There is no default, so that no
///     call draws by accident.
///   - stream: The layer number of the call in the mask law, 0 to 2³¹ - 1; nil numbers the calls of a step in their
///     order.
/// - Returns: The state at this time step, of the same shape.
public func zoneout(_ new: Tensor, previous: Tensor, rate: Double, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "zoneout")
  requireStates(new, previous)
  guard rate > 0 else { return new }
  guard rate < 1 else { return previous }
  guard let use = MaskUse.functional(mode, stream: stream) else { return new * (1 - rate) + previous * rate }
  return zoneout(new, previous: previous, rate: rate, use: use)
}

/// Applies `zoneout` in training with the mask of the mask call `use`, which a layer has already counted.
package func zoneout(_ new: Tensor, previous: Tensor, rate: Double, use: MaskUse) -> Tensor {
  requireStates(new, previous)
  let isBatch = new.rank > 1
  let rows = isBatch ? new.shape[0] : 1
  let units = isBatch ? new.shape.dropFirst().reduce(1, *) : new.count
  let kept = (isBatch ? use : use.sharedBySamples).kept(rate: rate, rows: rows, units: units)
  return select(kept.reshaped(new.shape), new, previous)
}

private func requireStates(_ new: Tensor, _ previous: Tensor) {
  require(
    new.shape == previous.shape && new.dtype == previous.dtype,
    "zoneout: expected the previous state to be \(new.shape) \(new.dtype) as the new one, got \(previous.shape) "
      + "\(previous.dtype)")
}

extension DropoutVariant {
  static let zoneout = DropoutVariant(
    "zoneout", "keeps units of a recurrent state as they were",
    source: "Krueger et al. 2017, https://arxiv.org/abs/1606.01305",
    place: .needs("a recurrent layer"))
}
