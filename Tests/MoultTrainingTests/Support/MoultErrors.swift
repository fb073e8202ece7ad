import MoultCore
import Testing

/// The error that `body` throws, which must be one of ours.
func moultError(
  sourceLocation: SourceLocation = #_sourceLocation, from body: () throws -> Void
) throws -> MoultError {
  let error = #expect(throws: MoultError.self, sourceLocation: sourceLocation) { try body() }
  return try #require(error, sourceLocation: sourceLocation)
}
