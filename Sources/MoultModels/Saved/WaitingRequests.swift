/// The requests of a ``BatchQueue`` that have not been answered, and the order in which their rows are taken.
struct WaitingRequests<Row: Sendable, Answer: Sendable>: Sendable {
  typealias Continuation = CheckedContinuation<[Answer], any Error>

  /// A request, and how far it has come.
  private struct Request {
    let rows: [Row]
    let continuation: Continuation
    /// The number of rows that batches have taken.
    var takenCount = 0
    /// The answers for the first rows.
    var answers: [Answer] = []
  }

  /// Rows of one or more requests that are computed together.
  struct Batch: Sendable {
    let rows: [Row]
    /// The requests of the rows, each with its number of rows, in their order.
    let parts: [(id: Int, count: Int)]
  }

  /// Whether the queue is gone, and its thread has to end.
  var isClosed = false
  /// The number of rows that no batch has taken.
  private(set) var waitingRows = 0
  /// The waiting and the running requests, by number.
  private var requests: [Int: Request] = [:]
  /// The numbers of the requests with waiting rows, next one first.
  private var order: [Int] = []
  private var lastNumber = 0

  /// Returns a number for a request that is to be added.
  mutating func nextNumber() -> Int {
    lastNumber += 1
    return lastNumber
  }

  /// Adds a request. Returns an error, without adding it, if more than `limit` rows would be waiting.
  mutating func add(_ id: Int, _ rows: [Row], limit: Int, _ continuation: Continuation) -> QueueFullError? {
    guard waitingRows + rows.count <= limit else {
      return QueueFullError(rows: rows.count, waitingRows: waitingRows, maximumWaitingRows: limit)
    }
    requests[id] = Request(rows: rows, continuation: continuation)
    order.append(id)
    waitingRows += rows.count
    return nil
  }

  /// Removes a request, waiting or running. Returns its continuation; nil if it was answered or removed before.
  mutating func remove(_ id: Int) -> Continuation? {
    guard let request = requests.removeValue(forKey: id) else { return nil }
    waitingRows -= request.rows.count - request.takenCount
    order.removeAll { $0 == id }
    return request.continuation
  }

  /// Takes the next rows, at most `limit`: those of the first requests. A request with more rows than fit gives some of
  /// them and goes to the end of the order. Returns nil if no row is waiting.
  mutating func takeBatch(limit: Int) -> Batch? {
    var rows: [Row] = [], parts: [(id: Int, count: Int)] = [], unfinished: [Int] = [], seen = 0
    for id in order {
      guard rows.count < limit, let request = requests[id] else { break }
      let end = min(request.takenCount + limit - rows.count, request.rows.count)
      rows += request.rows[request.takenCount..<end]
      parts.append((id, end - request.takenCount))
      requests[id]?.takenCount = end
      if end < request.rows.count { unfinished.append(id) }
      seen += 1
    }
    order.removeFirst(seen)
    order += unfinished
    waitingRows -= rows.count
    return rows.isEmpty ? nil : Batch(rows: rows, parts: parts)
  }

  /// Whether a request of the batch still waits for its answer: not all of them were cancelled.
  func isWanted(_ batch: Batch) -> Bool { batch.parts.contains { requests[$0.id] != nil } }

  /// Adds the answers of a batch. Returns the requests that are complete, with all their answers.
  mutating func add(_ answers: [Answer], of batch: Batch) -> [(continuation: Continuation, answers: [Answer])] {
    var complete: [(continuation: Continuation, answers: [Answer])] = [], start = 0
    for (id, count) in batch.parts {
      requests[id]?.answers += answers[start..<start + count]
      start += count
      guard let request = requests[id], request.answers.count == request.rows.count else { continue }
      requests[id] = nil
      complete.append((request.continuation, request.answers))
    }
    return complete
  }
}
