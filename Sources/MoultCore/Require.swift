/// Stops the program with a text that also shows in release builds, where `precondition` prints nothing.
///
/// For mistakes of the programmer (shapes, ranks, rates, dtypes). The outside world (files, arguments) throws
/// ``MoultError`` instead. A message says where, what was expected, what came, and what to do.
@inline(__always)
package func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition() { fatalError(message(), file: file, line: line) }
}
