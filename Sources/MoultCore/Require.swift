/// Stops the program with a message if a condition is false. The message also shows in release builds, where
/// `precondition` prints nothing.
///
/// It is for mistakes of the programmer (shapes, ranks, rates, dtypes). Problems with files or arguments throw
/// ``MoultError`` instead. The message says where the mistake is, what was expected, what was found, and what to do.
@inline(__always)
package func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition() { fatalError(message(), file: file, line: line) }
}
