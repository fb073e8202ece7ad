import CMoultKernels

/// The units of a layer that a whole batch keeps: those of the thinned network that it trains.
///
/// Objects stand for themselves: the same units are the same object.
final class KeptUnits: Sendable {
  /// In ascending order.
  let indices: [UInt32]
  /// How many units there are in all.
  let total: Int

  /// - Parameter dropped: 1 for each unit that is not kept.
  init(dropped: [UInt8]) {
    indices = dropped.indices.filter { dropped[$0] == 0 }.map { UInt32($0) }
    total = dropped.count
  }

  var count: Int { indices.count }

  /// The columns of these units in a contiguous Float32 matrix `[N, total]`, side by side, times `scale`.
  func columns(of x: Tensor, scale: Float = 1, into result: UnsafeMutablePointer<Float>) {
    let from = x.pointer(as: Float.self)
    parallelFor(x.count / total, elements: total) { rows in
      for row in rows {
        let line = from + row * total, to = result + row * count
        for (place, unit) in indices.enumerated() { to[place] = line[Int(unit)] * scale }
      }
    }
  }

  /// A contiguous Float32 matrix `[N, count]` as the columns of these units among zeros, `[N, total]`.
  func spread(_ columns: Tensor, into result: UnsafeMutablePointer<Float>) {
    let from = columns.pointer(as: Float.self)
    parallelFor(columns.count / count, elements: total) { rows in
      (result + rows.lowerBound * total).update(repeating: 0, count: rows.count * total)
      for row in rows {
        let line = from + row * count, to = result + row * total
        for (place, unit) in indices.enumerated() { to[Int(unit)] = line[place] }
      }
    }
  }

  /// Calls `body` with the units as kernels take them; all of `total` for nil.
  static func withKernelForm<R>(_ units: KeptUnits?, of total: Int, _ body: (UnsafePointer<mk_units>) -> R) -> R {
    (units?.indices ?? Array(0..<UInt32(total))).withUnsafeBufferPointer { indices in
      withUnsafePointer(to: mk_units(index: indices.baseAddress, count: indices.count), body)
    }
  }
}

/// Consecutive rows that keep the same units.
struct KeptStretch {
  let rows: Range<Int>
  let units: KeptUnits

  /// Whether leaving units out of the products saves more than taking out the weights between the others costs.
  ///
  /// What is saved grows with the rows and, since fewer units are also moved, about with the square of the rate. Several
  /// stretches save less: the gradient of the weights has to be taken over all of them (Documentation/Design/0006).
  static func areWorthIt(count: Int, rows: Int, rate: Double) -> Bool {
    count > 0 && Double(rows) * rate * rate >= Double(count == 1 ? 12 : 24 * count)
  }
}
