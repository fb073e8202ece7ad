import Testing

// The expectations of the tests. A call of a function takes the compiler a tenth of the time of the macro `#expect`,
// and there are thousands; see Documentation/Design/0016. Messages have the values instead of the expression.

/// Records an issue unless the two values are equal.
public func expectEqual<T: Equatable>(
  _ actual: T, _ expected: T, _ comment: @autoclosure () -> String = "", fileID: String = #fileID,
  filePath: String = #filePath, line: Int = #line, column: Int = #column
) {
  if actual != expected { record("expected \(expected), got \(actual)", comment(), fileID, filePath, line, column) }
}

/// Records an issue if the two values are equal.
public func expectNotEqual<T: Equatable>(
  _ actual: T, _ other: T, _ comment: @autoclosure () -> String = "", fileID: String = #fileID,
  filePath: String = #filePath, line: Int = #line, column: Int = #column
) {
  if actual == other { record("expected another value than \(other)", comment(), fileID, filePath, line, column) }
}

/// Records an issue unless `actual < bound`.
public func expectLess<T: Comparable>(
  _ actual: T, _ bound: T, _ comment: @autoclosure () -> String = "", fileID: String = #fileID,
  filePath: String = #filePath, line: Int = #line, column: Int = #column
) {
  if !(actual < bound) {
    record("expected less than \(bound), got \(actual)", comment(), fileID, filePath, line, column)
  }
}

/// Records an issue unless `actual <= bound`.
public func expectAtMost<T: Comparable>(
  _ actual: T, _ bound: T, _ comment: @autoclosure () -> String = "", fileID: String = #fileID,
  filePath: String = #filePath, line: Int = #line, column: Int = #column
) {
  if !(actual <= bound) {
    record("expected at most \(bound), got \(actual)", comment(), fileID, filePath, line, column)
  }
}

/// Records an issue unless `actual > bound`.
public func expectGreater<T: Comparable>(
  _ actual: T, _ bound: T, _ comment: @autoclosure () -> String = "", fileID: String = #fileID,
  filePath: String = #filePath, line: Int = #line, column: Int = #column
) {
  if !(actual > bound) {
    record("expected more than \(bound), got \(actual)", comment(), fileID, filePath, line, column)
  }
}

/// Records an issue unless `actual >= bound`.
public func expectAtLeast<T: Comparable>(
  _ actual: T, _ bound: T, _ comment: @autoclosure () -> String = "", fileID: String = #fileID,
  filePath: String = #filePath, line: Int = #line, column: Int = #column
) {
  if !(actual >= bound) {
    record("expected at least \(bound), got \(actual)", comment(), fileID, filePath, line, column)
  }
}

/// Records an issue unless the value is nil.
public func expectNil<T>(
  _ actual: T?, _ comment: @autoclosure () -> String = "", fileID: String = #fileID, filePath: String = #filePath,
  line: Int = #line,
  column: Int = #column
) {
  if let actual { record("expected nil, got \(actual)", comment(), fileID, filePath, line, column) }
}

/// Records an issue unless the condition is true.
public func expectTrue(
  _ condition: Bool, _ comment: @autoclosure () -> String = "", fileID: String = #fileID, filePath: String = #filePath,
  line: Int = #line,
  column: Int = #column
) {
  if !condition { record("expected true, got false", comment(), fileID, filePath, line, column) }
}

/// Returns the value, or records an issue and throws if it is nil.
public func unwrapped<T>(
  _ value: T?, _ comment: @autoclosure () -> String = "", fileID: String = #fileID, filePath: String = #filePath,
  line: Int = #line,
  column: Int = #column
) throws -> T {
  if let value { return value }
  record("expected a \(T.self), got nil", comment(), fileID, filePath, line, column)
  throw IsNil()
}

/// A condition is not unwrapped: a Bool would be taken for an optional that is not nil.
@available(*, unavailable, message: "use #require for conditions")
public func unwrapped(
  _ condition: Bool, _ comment: @autoclosure () -> String = "", fileID: String = #fileID, filePath: String = #filePath,
  line: Int = #line, column: Int = #column
) throws -> Bool { fatalError() }

private func record(
  _ message: String, _ comment: String, _ fileID: String, _ filePath: String, _ line: Int, _ column: Int
) {
  Issue.record(
    Comment(rawValue: comment.isEmpty ? message : "\(message): \(comment)"),
    sourceLocation: SourceLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

private struct IsNil: Error {}
