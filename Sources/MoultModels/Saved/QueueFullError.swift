/// The error of a request to a ``Predictor`` that more rows wait for than it admits. A server answers it with status
/// 503, and the client tries again later.
public struct QueueFullError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The number of rows of the refused request.
  public let rows: Int
  /// The number of rows that were waiting before it.
  public let waitingRows: Int
  /// The greatest number of rows that may wait.
  public let maximumWaitingRows: Int

  package init(rows: Int, waitingRows: Int, maximumWaitingRows: Int) {
    (self.rows, self.waitingRows, self.maximumWaitingRows) = (rows, waitingRows, maximumWaitingRows)
  }

  /// The error as text.
  public var description: String {
    "expected at most \(maximumWaitingRows) waiting rows, got \(rows) more than the \(waitingRows) that wait; "
      + (rows > maximumWaitingRows ? "split the request" : "try again later")
  }
}
