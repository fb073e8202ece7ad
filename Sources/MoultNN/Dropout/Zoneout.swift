import MoultCore

/// Keeps units of a recurrent state as they were with probability `rate`; in evaluation, the mean of that.
///
///     training:    h[i] = m[i] ? new[i] : previous[i],   m[i] ~ Bernoulli(1 - rate)
///     evaluation:  h[i] = (1 - rate) · new[i] + rate · previous[i]
///
/// Unlike dropout it loses nothing: gradient and memory flow on through the units that stay.
///
/// - Shapes: `new: [N, ...]`, `previous:` the same -> the same.
/// - Gradient: `dnew = m ? dh : 0`, `dprevious = m ? 0 : dh`.
/// - Edge cases: `rate == 0` returns `new` and draws nothing, `rate == 1` returns `previous`. NaN in what is not
///   chosen does not leak.
/// - Law: unit is the index within the sample; every time step is a use of its own.
/// - Complexity: O(*n*) time, a byte a unit kept.
/// - Source: [Krueger et al. 2017](https://arxiv.org/abs/1606.01305).
///
/// - Parameters:
///   - new: The state that the cell computed.
///   - previous: The state of the time step before.
///   - rate: The probability of staying, 0 to 1.
///   - mode: The mode; there is no default.
///   - stream: The stream's number; without it every call is a stream of its own.
/// - Returns: The state.
public func zoneout(_ new: Tensor, previous: Tensor, rate: Double, mode: Mode, stream: Int? = nil) -> Tensor {
  requireRate(rate, "zoneout")
  requireStates(new, previous)
  guard rate > 0 else { return new }
  guard rate < 1 else { return previous }
  guard let use = MaskUse.functional(mode, stream: stream) else { return new * (1 - rate) + previous * rate }
  return zoneout(new, previous: previous, rate: rate, use: use)
}

/// The training form for a layer that has counted the use itself.
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
