import CMoultKernels

/// The counter-based random number generator Philox4x32-10 (Salmon et al., SC 2011).
package enum Philox {
  /// Returns four random 32-bit words for a counter of four 32-bit words and a 64-bit key.
  package static func block(
    _ counter: (UInt32, UInt32, UInt32, UInt32), key: UInt64
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var out: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    withUnsafeBytes(of: counter) { counter in
      withUnsafeMutableBytes(of: &out) { out in
        mk_philox(
          counter.baseAddress?.assumingMemoryBound(to: UInt32.self), UInt32(truncatingIfNeeded: key),
          UInt32(truncatingIfNeeded: key >> 32), out.baseAddress?.assumingMemoryBound(to: UInt32.self))
      }
    }
    return out
  }
}
